import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** bin/scram, which starts the Node that came along; when another Node runs the tests (24), that one runs the program. */
export const launcher = launcherFor(process.execPath)

function launcherFor(node: string): string {
  const own = ['x64', 'arm64']
    .map(arch => join(root, `node_modules/node-linux-${arch}/bin/node`))
    .filter(existsSync)
    .map(file => realpathSync(file))
  if (own.includes(realpathSync(node))) return join(root, 'bin/scram')
  const file = join(mkdtempSync(join(tmpdir(), 'scram-node-')), 'scram')
  writeFileSync(file, `#!/bin/sh\nexec "${node}" "${join(root, 'bin/run.cjs')}" "$@"\n`, {mode: 0o755})
  return file
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array
  readonly cwd?: string
  /** What to start instead of bin/scram itself: a shell line that is given its path as $0. */
  readonly shell?: string
  /** Called with the process id once it runs. */
  readonly started?: (pid: number) => void
  /** Called with what it says on stderr, as it does. */
  readonly heard?: (text: string) => void
}

/** A person's machine: a home of its own, the built program, nothing of this process's environment but PATH. */
export interface Machine {
  readonly home: string
  run(args: readonly string[], running?: Running): Promise<Ended>
  /** The one JSON object on stdout; fails the test if there are none or two. */
  json(args: readonly string[], running?: Running): Promise<{readonly code: number | null; readonly value: Record<string, unknown>; readonly stderr: string}>
  /** Ends what still runs (a test that failed half-way waits for nobody), then removes the home. Await it. */
  remove(): Promise<void>
}

/** Compiled code is shared: the cache is not what these tests are about. */
const CACHE = join(tmpdir(), `scram-test-cache-${process.getuid?.() ?? 0}`)

export function machine(): Machine {
  if (!existsSync(join(root, 'bundle/scram.cjs'))) throw new Error('there is no bundle: node build.mjs')
  const home = mkdtempSync(join(tmpdir(), 'scram-home-'))
  mkdirSync(CACHE, {recursive: true})
  const base = {PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: home, SCRAM_HOME: join(home, 'record'), XDG_CACHE_HOME: CACHE, TZ: 'UTC'}
  const running = new Map<ChildProcess, Promise<unknown>>()
  let isRemoved = false
  const run = async (args: readonly string[], how: Running = {}) => {
    if (isRemoved) throw new Error('a test that timed out goes on, and its machine is removed')
    const {child, ended} = start(args, {...how, env: {...base, ...how.env}, cwd: how.cwd ?? home})
    running.set(child, ended)
    return ended.finally(() => running.delete(child))
  }
  return {
    home,
    run,
    async json(args, how) {
      const {code, stdout, stderr} = await run([...args, '--json'], how)
      const isStream = args[0] === 'run' || args[0] === 'resume' // NDJSON: the last line is the result
      if (!isStream && stdout.trimEnd().includes('\n')) throw new Error(`more than one line on stdout:\n${stdout}`)
      return {code, value: JSON.parse(isStream ? (stdout.trimEnd().split('\n').at(-1) ?? '') : stdout) as Record<string, unknown>, stderr}
    },
    async remove() {
      isRemoved = true
      for (const child of running.keys()) {
        child.kill('SIGKILL')
        for (const pipe of [child.stdout, child.stderr]) pipe?.destroy() // a child of its own may keep them open
      }
      await Promise.allSettled(running.values())
      rmSync(home, {recursive: true, force: true})
    },
  }
}

function start(args: readonly string[], {env, stdin, cwd, shell, started, heard}: Running): {readonly child: ChildProcess; readonly ended: Promise<Ended>} {
  const [command, argv] = shell === undefined ? [launcher, args] : ['bash', ['-c', shell, launcher, ...args]]
  const child = spawn(command, argv, {env, cwd, stdio: ['pipe', 'pipe', 'pipe']})
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    heard?.(text)
  })
  child.stdin.on('error', () => {
    // A program that does not read its stdin is fine.
  })
  child.stdin.end(stdin)
  if (child.pid !== undefined) started?.(child.pid)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({code, signal, stdout, stderr}))
  })
  return {child, ended}
}
