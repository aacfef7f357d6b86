import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {chown, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {type AddressInfo, connect, createServer, type Server} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'

/** Real HAProxy in the foreground, in a scratch folder, without root and without the machine's own service. */
export interface Haproxy {
  readonly folder: string
  /** Of `bind fd@3`: the same across reloads and restarts. */
  readonly port: number
  /** Of `stats socket fd@4`, where the configuration has it. */
  readonly cliPort: number
  /** What HAProxy answers on `admin.sock`, as somebody else would ask it. */
  ask(line: string): Promise<string>
  /** The worker's, which changes with every reload. */
  pid(): Promise<string>
  /** Returns when the new worker answers and the old one is gone. */
  reload(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

export interface HaproxySetup {
  /** The whole configuration but the sockets `admin.sock` and `oper.sock`; `bind fd@3` is the way in. */
  readonly config: (folder: string) => string
  /** Files beside it: maps. */
  readonly files?: Readonly<Record<string, string>>
}

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const PATIENCE_MS = 15_000

export async function startHaproxy({config, files = {}}: HaproxySetup): Promise<Haproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'hap-')) // short: the path of a unix socket has 107 bytes
  const put = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    if (isRoot) await chown(join(folder, name), NOBODY, NOBODY)
  }
  if (isRoot) await chown(folder, NOBODY, NOBODY)
  await Promise.all(Object.entries({...files, 'h.cfg': `${sockets(folder)}${config(folder)}`}).map(([name, text]) => put(name, text)))
  const ports = {http: 0, cli: 0}
  let child: ChildProcess | undefined
  let said = ''

  const ask = (line: string) => askSocket(join(folder, 'admin.sock'), line)
  const pid = async () => /^Pid: (\d+)$/m.exec(await ask('show info'))?.[1] ?? 'none'
  const start = async () => {
    const [http, cli] = await Promise.all([listen(ports.http), listen(ports.cli)])
    Object.assign(ports, {http: portOf(http), cli: portOf(cli)})
    const argv = ['haproxy', '-W', '-db', '-S', join(folder, 'master.sock'), '-f', join(folder, 'h.cfg')]
    const dropped = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : []
    const [command = '', ...args] = [...dropped, ...argv]
    const started = spawn(command, args, {stdio: ['ignore', 'ignore', 'pipe', descriptor(http), descriptor(cli)]})
    child = started
    said = ''
    started.stderr?.on('data', chunk => {
      said = `${said}${chunk}`.slice(-4000)
    })
    // The child has the sockets now; what we kept open would take half of the connections and answer none.
    await Promise.all([http, cli].map(server => new Promise(resolve => server.close(resolve))))
    await until(async () => {
      if (started.exitCode !== null) throw new Error(`haproxy did not start: ${said}`)
      // The worker is up before its master: a signal in between is lost (SIGUSR2), or leaves the worker an orphan (SIGTERM).
      return (await pid()) !== 'none' && (await askSocket(join(folder, 'master.sock'), 'show proc;quit')).includes('worker')
    }, 'haproxy and its master to answer')
  }
  const stop = async () => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null) return
    const exit = once(running, 'exit')
    running.kill('SIGTERM')
    await exit
  }
  try {
    await start()
  } catch (error) {
    await stop()
    await rm(folder, {recursive: true})
    throw error
  }
  return {
    folder,
    port: ports.http,
    cliPort: ports.cli,
    ask,
    pid,
    async reload() {
      const before = await pid()
      child?.kill('SIGUSR2')
      await until(async () => !['none', before].includes(await pid()), 'another worker')
      await until(async () => !isAlive(Number(before)), 'the old worker to go')
    },
    stop,
    start,
    async close() {
      await stop()
      await rm(folder, {recursive: true})
    },
  }
}

const sockets = (folder: string) => `global
  stats socket ${folder}/admin.sock mode 600 level admin expose-fd listeners
  stats socket ${folder}/oper.sock mode 600 level operator
`

/** A whole answer of a command socket; '' when there is none. */
export function askSocket(path: string, line: string): Promise<string> {
  return new Promise(resolve => {
    let text = ''
    const socket = connect({path, timeout: 5000})
    socket.on('connect', () => socket.write(`${line}\n`))
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('timeout', () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(text))
  })
}

async function listen(port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** Node shows it nowhere else: the descriptor of a listening server, for a child to inherit. */
const descriptor = (server: Server) => (server as Server & {_handle: {fd: number}})._handle.fd

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo()); await nap(10)) {
    if (Date.now() > end) throw new Error(`waited ${PATIENCE_MS} ms for ${what}`)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
