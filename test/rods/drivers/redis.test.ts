import {afterAll, beforeAll, describe, it} from '@jest/globals'
import {driverContract} from '../../contracts/driver.ts'
import {type RedisServer, startRedis} from '../../servers/redis.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {type Kept, redisBench} from './redis-bench.ts'

const key: Kept = {
  positions: ['withdrawn', 'drain', 'inserted'],
  with: {key: 'rods:api'},
  look: ['GET', 'rods:api'],
  seen: {'': 'withdrawn', drain: 'drain', inserted: 'inserted'},
  move: to => (to === 'withdrawn' ? ['DEL', 'rods:api'] : ['SET', 'rods:api', to]),
  spoil: [['RPUSH', 'rods:api', 'x']],
}

/** Values with characters of several bytes, and one of its own for withdrawn. */
const values: Kept = {
  positions: ['withdrawn', 'less', 'nothing'],
  with: {key: 'größe', values: {withdrawn: 'voll', less: 'weniger – ½', nothing: '🛑'}},
  look: ['GET', 'größe'],
  seen: {'': 'withdrawn', voll: 'withdrawn', 'weniger – ½': 'less', '🛑': 'nothing'},
  move: to => ['SET', 'größe', {withdrawn: 'voll', less: 'weniger – ½', nothing: '🛑'}[to] ?? to],
  spoil: [
    ['DEL', 'größe'],
    ['RPUSH', 'größe', 'x'],
  ],
  isUnixSocket: true,
}

const percent: Kept = {
  positions: {percent: {step: 25}},
  with: {key: '{api}:shed'},
  look: ['GET', '{api}:shed'],
  seen: {'': 'withdrawn', 25: '25%', 50: '50%', 75: '75%', 100: '100%'},
  move: to => (to === 'withdrawn' ? ['DEL', '{api}:shed'] : ['SET', '{api}:shed', String(Number.parseInt(to, 10))]),
  spoil: [['RPUSH', '{api}:shed', 'x']],
}

const member: Kept = {
  positions: ['withdrawn', 'inserted'],
  with: {set: 'paused', member: 'mailers'},
  look: ['SISMEMBER', 'paused', 'mailers'],
  seen: {0: 'withdrawn', 1: 'inserted'},
  move: to => [to === 'withdrawn' ? 'SREM' : 'SADD', 'paused', 'mailers'],
  spoil: [['SET', 'paused', 'x']],
}

const inPlace = requireTool('redis-server') === it ? describe : describe.skip

inPlace('on a real Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  driverContract('redis (key)', () => redisBench(server, key))
  driverContract('redis (key with values)', () => redisBench(server, values))
  driverContract('redis (percent)', () => redisBench(server, percent))
  driverContract('redis (member of a set)', () => redisBench(server, member))
})
