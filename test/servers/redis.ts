import {execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {promisify} from 'node:util'
import {openRedisCli, type RedisCli} from './redis-cli.ts'

const run = promisify(execFile)

/** A real Redis on a socket of its own, without a port. */
export interface RedisServer {
  readonly socket: string
  /** The default user's; it is changed with `CONFIG SET requirepass` through `cli`, and back by `as`. */
  readonly password: string
  /** What redis-cli prints, as another program sees it. Rejects on an error reply. */
  cli(...words: readonly string[]): Promise<string>
  /** The same by a process of its own: while the password is another one, or Redis does not listen yet. */
  cliWith(password: string, ...words: readonly string[]): Promise<string>
  /** Ends it and starts it again on what it left on its disk. Before it answers: `{isReady: false}`. */
  restart(more?: {readonly lines?: readonly string[]; readonly isReady?: boolean}): Promise<void>
  stop(): Promise<void>
}

/** `lines` of redis.conf beside ours; by default nothing is kept on disk. */
export async function startRedis(lines: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const socket = join(folder, 'r.sock')
  const password = 'canary-5d1e pass:wörd/@'
  const conf = join(folder, 'redis.conf')
  let end = await start(lines)
  let cli: RedisCli | null = null
  const cliWith = async (given: string, ...words: readonly string[]) => {
    const {stdout} = await run('redis-cli', ['-e', '-s', socket, ...words], {env: {...process.env, REDISCLI_AUTH: given}})
    return stdout.replace(/\n$/, '')
  }
  const server: RedisServer = {
    socket,
    password,
    cliWith,
    cli(...words) {
      cli ??= openRedisCli(socket, password)
      return cli.run(words)
    },
    async restart({lines: more = lines, isReady = true} = {}) {
      await hangUp()
      await end()
      end = await start(more)
      if (isReady) await ready()
    },
    async stop() {
      await hangUp()
      await end()
      await rm(folder, {recursive: true})
    },
  }
  await ready()
  return server

  async function hangUp(): Promise<void> {
    await cli?.close()
    cli = null
  }

  async function start(given: readonly string[]): Promise<() => Promise<void>> {
    // In a file, because others can read the arguments of a process.
    const ours = ['port 0', `unixsocket ${socket}`, 'unixsocketperm 700', `dir ${folder}`, 'save ""', 'appendonly no', 'shutdown-timeout 0']
    await writeFile(conf, [...ours, `requirepass "${password}"`, ...given, ''].join('\n'), {mode: 0o600})
    const child = spawn('redis-server', [conf], {stdio: ['ignore', 'ignore', 'inherit']})
    const exit = once(child, 'exit')
    return async () => {
      // A script that spins, or a long load, does not listen to SIGTERM.
      const impatient = setTimeout(() => child.kill('SIGKILL'), 5000)
      child.kill('SIGTERM')
      await exit
      clearTimeout(impatient)
    }
  }

  async function ready(): Promise<void> {
    for (let tries = 0; ; tries++) {
      const answer = await cliWith(password, 'PING').catch(() => '')
      if (answer === 'PONG') return
      if (tries > 600) throw new Error('redis-server does not answer')
      await nap(20)
    }
  }
}
