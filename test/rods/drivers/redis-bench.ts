import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import type {Bench, Condition} from '../../contracts/driver.ts'
import type {RedisServer} from '../../servers/redis.ts'
import {type Mood, startGate} from '../../servers/redis-gate.ts'
import {rodOf} from '../open-driver.ts'

/** A way to keep a rod in Redis, and how another program reads and writes it. */
export interface Kept {
  readonly positions: readonly string[] | {readonly percent: {readonly step: number}}
  readonly with: Readonly<Record<string, unknown>>
  /** What redis-cli prints at each position. */
  readonly look: readonly string[]
  readonly seen: Readonly<Record<string, string>>
  move(to: string): readonly string[]
  /** Puts something of another kind there: Redis creates what is missing, so this is its unknown target. */
  readonly spoil: readonly (readonly string[])[]
  readonly isUnixSocket?: boolean
}

const MOODS: Partial<Record<Condition, readonly [command: string, mood: Mood]>> = {
  silent: ['*', 'silent'],
  dripping: ['*', 'dripping'],
  reset: ['*', 'reset'],
  'reply-lost': ['EVAL', 'reply-lost'],
  lying: ['EVAL', {says: '*2\r\n:1\r\n:9\r\n'}],
  unintelligible: ['*', {says: 'HTTP/1.1 400 Bad Request\r\ncontent-type: text/html\r\n\r\n<h1>Please log in</h1>'}],
}

/** The redis driver, through a gate, on a real Redis that the tests of one file share. */
export async function redisBench(server: RedisServer, kept: Kept): Promise<Bench> {
  await server.cli('FLUSHALL')
  const path = join(server.socket, '..', 'gate.sock')
  const gate = await startGate({upstream: server.socket, ...(kept.isUnixSocket && {path})})
  const {password} = server
  const address = kept.isUnixSocket ? {url: `unix:${path}`, password: 'env:REDIS_PASSWORD'} : {url: 'env:REDIS_URL'}
  const rod = rodOf(
    {driver: 'redis', positions: kept.positions, with: {...address, ...kept.with}},
    {secrets: {'env:REDIS_PASSWORD': password, 'env:REDIS_URL': `redis://:${encodeURIComponent(password)}@127.0.0.1:${gate.port}/0`}},
  )
  let isSpoilt = false
  let isOpen = true
  let given = password
  const close = async () => {
    if (isOpen) await gate.close()
    isOpen = false
  }
  return {
    driver: await rod.driver(),
    positions: rod.positions,
    // Its beginning, which no encoding changes.
    secret: password.slice(0, 11),
    effect: async () => kept.seen[await server.cli(...kept.look)] ?? 'unknown',
    writes: async () => gate.commands.filter(([word]) => word === 'EVAL').length,
    moveBehind: async to => void (await server.cli(...kept.move(to))),
    async become(condition) {
      gate.moods.clear()
      if (isSpoilt) await server.cli('FLUSHALL')
      if (given !== password) await setPassword(password)
      const mood = MOODS[condition]
      if (mood) gate.moods.set(...mood)
      if (condition === 'down') await close()
      if (condition === 'restarted') await server.restart()
      if (condition === 'bad-credential') await setPassword('another')
      if (condition === 'no-such-target') {
        for (const words of kept.spoil) await server.cli(...words)
        isSpoilt = true
      }
    },
    async close() {
      for (let tries = 0; gate.open() > 0 && tries < 100; tries++) await nap(10)
      const left = gate.open()
      await close()
      if (given !== password) await setPassword(password)
      if (left > 0) throw new Error(`the driver left ${left} connections open`)
    },
  }

  async function setPassword(next: string): Promise<void> {
    await server.cliWith(given, 'CONFIG', 'SET', 'requirepass', next)
    given = next
  }
}
