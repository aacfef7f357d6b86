import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, jest} from '@jest/globals'
import {type RedisServer, startRedis} from '../servers/redis.ts'
import {requireTool} from '../servers/require-tool.ts'
import {type Machine, machine} from './run-scram.ts'

/** Each starts the program several times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

let redis: RedisServer
let app: Server
let at: Machine

/** What users meet: it asks Redis each time, as an application does. */
beforeEach(async () => {
  redis = await startRedis(['appendonly yes'])
  app = createServer((_, response) => {
    void redis.cli('EXISTS', 'pause').then(
      there => response.writeHead(there === '1' ? 503 : 200).end(),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
  at = machine()
  mkdirSync(at.home, {recursive: true})
})

afterEach(async () => {
  await at.remove()
  app.closeAllConnections()
  await new Promise(resolve => app.close(resolve))
  await redis.stop()
})

function workspace(...more: readonly string[]): void {
  const lines = [
    'scram: 1',
    'rods:',
    '  pause:',
    '    title: Pause the mail queue',
    '    what: Mail is queued',
    '    spares: All else',
    '    driver: redis',
    `    with: {url: "unix:${redis.socket}", password: "env:REDIS_PASSWORD", key: pause}`,
    `    probe: {http: {url: "http://127.0.0.1:${(app.address() as AddressInfo).port}/", expect: {withdrawn: {status: 200}, inserted: {status: 503}}}}`,
    '    verify: {timeout: 5s, every: 20ms, consecutive: 2}',
    '    cooldown: 0s',
    ...more.map(line => `    ${line}`),
  ]
  writeFileSync(join(at.home, 'scram.yaml'), `${lines.join('\n')}\n`)
}

const run = (...args: readonly string[]) => at.run(args, {env: {REDIS_PASSWORD: redis.password}})

type Event = {readonly kind: string; readonly actor: {readonly kind: string}; readonly data: Record<string, unknown>}
const events = async (): Promise<readonly Event[]> =>
  (await run('timeline', 'export')).stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Event)

async function untilGone(): Promise<void> {
  const end = Date.now() + 30_000
  while ((await redis.cli('EXISTS', 'pause')) === '1') {
    if (Date.now() > end) throw new Error('it did not let go')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

const onRedis = requireTool('redis-server')

onRedis('a rod whose target lets go by itself is seen out when its time is over, and is no drift', async () => {
  workspace('on_expiry: release')
  await run('open', 'Mail is late', '-s', 'sev2')
  expect((await run('in', 'pause', '--why', 'contain', '--expires', '20s')).code).toBe(0)
  expect((await events()).filter(({kind}) => kind.startsWith('rod.')).map(({kind, data}) => [kind, data['ttl']])).toEqual([
    ['rod.inserting', 'native'],
    ['rod.inserted', 'native'],
  ])
  const longer = await run('resolve', '--leave-in', 'pause', '--expires', '4h', '--why', 'it drains')
  expect([longer.code, longer.stderr]).toEqual([77, expect.stringContaining('the target of pause itself lets go at')])
  expect((await run('rod', 'extend', 'pause', '--expires', '1h', '--why', 'longer')).code).toBe(77)
  await untilGone()
  const looked = await run('watch', '--once')
  expect([looked.code, looked.stderr]).toEqual([0, expect.stringContaining('pause withdrawn')])
  const out = (await events()).filter(({kind}) => kind.startsWith('rod.') && kind !== 'rod.reminded').at(-1)
  expect(out).toMatchObject({
    kind: 'rod.withdrawn',
    actor: {kind: 'watch'},
    data: {ttl: 'native', settles: expect.any(String), effective: {position: 'withdrawn'}},
  })
  expect((await events()).some(({kind}) => kind === 'rod.drifted' || kind === 'rod.withdrawing')).toBe(false)
  expect((await run('resolve')).code).toBe(0)
})

onRedis('asked after its time, the rod is withdrawn and not somewhere else than it should be', async () => {
  workspace('on_expiry: release')
  await run('in', 'pause', '--why', 'contain', '--expires', '2s')
  await untilGone()
  const {code, stdout} = await run('rod', 'verify', 'pause')
  expect([code, stdout]).toEqual([0, expect.stringContaining('pause withdrawn')])
})

onRedis('a server that was restarted is told although the rod still reads right, and once', async () => {
  workspace()
  await run('in', 'pause', '--why', 'contain')
  expect((await run('watch', '--once')).code).toBe(0)
  await redis.restart()
  const told = await run('watch', '--once')
  expect([told.code, told.stderr]).toEqual([1, expect.stringMatching(/pause still inserted, but its target answers as \w{12} now, as \w{12} before/)])
  expect((await events()).filter(({kind}) => kind === 'rod.drifted').map(({data}) => data)).toEqual([
    expect.objectContaining({expected: 'inserted', seen: 'inserted', by: 'read', version: expect.stringMatching(/^\w{12}$/)}),
  ])
  expect([(await run('watch', '--once')).code, (await events()).filter(({kind}) => kind === 'rod.drifted').length]).toEqual([0, 1])
})

onRedis('a restart that lost the rod is a drift at the first look: it is asked again at once', async () => {
  workspace()
  await run('in', 'pause', '--why', 'contain')
  await redis.cli('CONFIG', 'SET', 'appendonly', 'no')
  await redis.restart({lines: ['appendonly no', 'save ""']})
  await redis.cli('DEL', 'pause')
  const told = await run('watch', '--once')
  expect([told.code, told.stderr]).toEqual([1, expect.stringContaining('pause drifted: expected inserted, seen withdrawn')])
  expect((await events()).find(({kind}) => kind === 'rod.drifted')?.data).toMatchObject({by: 'probe', version: expect.stringMatching(/^\w{12}$/)})
})
