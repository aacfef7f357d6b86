import {type ChildProcessByStdio, spawn} from 'node:child_process'
import type {Readable, Writable} from 'node:stream'
import {safeLine} from './text.ts'

export interface ChildCall {
  /** Program and arguments; never a shell string. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  /** The whole environment: nothing is inherited. `childEnv` builds it. */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** What it reads on stdin; closed when not given. A program that does not read it is no failure: its exit code speaks. */
  readonly input?: string
  /** Of each output; what follows is read (the child must not block) and dropped. 1 MiB when not given. */
  readonly maxBytes?: number
  /** Between SIGTERM and SIGKILL; 10 s when not given. */
  readonly graceMs?: number
  /** Called once it runs, before anything it says is read. It leads a process group of the same number. */
  readonly onStart?: (pid: number) => void
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void
}

/** How a child ended. `exitCode` null: a signal ended it, ours or another's, or it never began. */
export interface ChildEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly timedOut: boolean
  readonly aborted: boolean
  /** Why it never began, such as ENOENT; null when it did. */
  readonly notStarted: string | null
  readonly stdout: string
  readonly stderr: string
  /** More was written than kept. */
  readonly cut: boolean
  readonly ms: number
}

const MOST_BYTES = 1 << 20
const GRACE_MS = 10_000
/** For what somebody waits for in an outage: a script may undo half of what it did, nobody waits longer. */
export const BRIEF = {maxBytes: 65_536, graceMs: 2000} as const
/** A helper left in the background may hold the pipe for ever; what it says after the command ended is not waited for. */
const DRAIN_MS = 100

/**
 * Runs a program in a process group of its own, stdin closed after `input`. Time or `signal` ends the whole group: SIGTERM, then SIGKILL.
 * Never rejects: an abort is `aborted`, after the group is gone, because by then the program may have acted. Who wants
 * a person's abort to pass through asks `throwIfInterrupted` next; `cutShort` says the rest in words.
 *
 * By `node:child_process`: execa ends only the child itself, so that a grandchild holding the pipe kept a 100 ms timeout
 * waiting for 3 s (measured with execa 10).
 */
export function runChild(call: ChildCall, signal: AbortSignal): Promise<ChildEnd> {
  const {maxBytes = MOST_BYTES, onOutput} = call
  const began = performance.now()
  return new Promise(resolve => {
    if (signal.aborted) return resolve({...NOTHING, aborted: true})
    let child: Child
    try {
      child = start(call)
    } catch (error) {
      return resolve({...NOTHING, notStarted: codeOf(error)}) // a NUL in an argument, for one
    }
    if (child.pid !== undefined) call.onStart?.(child.pid)
    const outputs = {stdout: kept(maxBytes), stderr: kept(maxBytes)}
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        outputs[stream].add(chunk)
        onOutput?.(stream, chunk)
      })
    }
    const limits = enforce(child, call, signal)
    const settle = (end: Pick<ChildEnd, 'exitCode' | 'signal' | 'notStarted'>) => {
      const why = limits.lift()
      child.stdin?.destroy()
      child.stdout.destroy()
      child.stderr.destroy()
      const {stdout, stderr} = outputs
      const texts = {stdout: stdout.text(), stderr: stderr.text(), cut: stdout.isCut() || stderr.isCut()}
      resolve({...end, ...why, ...texts, ms: performance.now() - began})
    }
    child.once('error', error => settle({exitCode: null, signal: null, notStarted: codeOf(error)}))
    child.once('exit', (exitCode, endedBy) => {
      const finish = () => {
        clearTimeout(draining)
        settle({exitCode, signal: endedBy, notStarted: null})
      }
      const draining = setTimeout(finish, DRAIN_MS)
      child.once('close', finish)
    })
  })
}

/** Ends the group when time or the signal says so; `lift` ends the watch, and what of the group outlived its leader. */
function enforce(child: Child, {timeoutMs, graceMs = GRACE_MS}: ChildCall, signal: AbortSignal) {
  let why = {timedOut: false, aborted: false}
  let killing: NodeJS.Timeout | undefined
  const stop = (reason: Partial<typeof why>) => {
    if (killing !== undefined) return
    why = {...why, ...reason}
    endGroup(child.pid, 'SIGTERM')
    killing = setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs)
  }
  const timer = setTimeout(() => stop({timedOut: true}), timeoutMs)
  const onAbort = () => stop({aborted: true})
  signal.addEventListener('abort', onAbort, {once: true})
  return {
    lift() {
      clearTimeout(timer)
      clearTimeout(killing)
      signal.removeEventListener('abort', onAbort)
      if (killing !== undefined) endGroup(child.pid, 'SIGKILL')
      return why
    },
  }
}

/** Why a child did not end by itself, in words; null when it did, and then its exit code is its own. */
export function cutShort({exitCode, signal, timedOut, aborted}: ChildEnd, {timeoutMs}: Pick<ChildCall, 'timeoutMs'>): string | null {
  if (timedOut) return `it took longer than ${timeoutMs / 1000} s`
  if (aborted) return 'its deadline passed'
  return exitCode === null ? `it was ended by ${signal}` : null
}

/** The last line of what a child said on stderr, harmless and short: what a person reads first. */
export function lastWords(stderr: string): string {
  return safeLine(stderr.trim().split('\n').at(-1) ?? '').slice(0, 200)
}

/** What every program needs; anything else is declared. */
const BARE = /^(?:PATH|HOME|LANG|TZ)$/
/**
 * And what words, temporary files and time look like here, and where scram inside a step finds its home. No other
 * `SCRAM_…`: one may hold a secret that `env:` names.
 */
const PASSED_ON = /^(?:PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|SCRAM_(?:HOME|WORKSPACE|INCIDENT|ACTOR|DRILL))$/

type Variables = Readonly<Record<string, string>>
type OwnVariables = Readonly<Record<string, string | undefined>>

/** The environment of a step: the few variables every program needs, scram's own, and what was declared for it. No terminal. */
export function childEnv(declared: Variables, own: OwnVariables = process.env): Record<string, string> {
  return {...passed(PASSED_ON, own), TERM: 'dumb', ...declared}
}

/** The environment of what moves a rod or looks at one: nothing of scram's own, which may name secrets. */
export function bareEnv(declared: Variables, own: OwnVariables = process.env): Record<string, string> {
  return {...passed(BARE, own), ...declared}
}

function passed(names: RegExp, own: OwnVariables): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) if (value !== undefined && names.test(name)) env[name] = value
  return env
}

const NOTHING: ChildEnd = {exitCode: null, signal: null, timedOut: false, aborted: false, notStarted: null, stdout: '', stderr: '', cut: false, ms: 0}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>

function start({argv: [program, ...args], cwd, env, input}: ChildCall): Child {
  if (input === undefined) return spawn(program, args, {cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true})
  const child = spawn(program, args, {cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true})
  child.stdin.on('error', () => undefined) // it ended without reading all of it
  child.stdin.end(input)
  return child
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'error'
}

function kept(maxBytes: number) {
  const chunks: Buffer[] = []
  let bytes = 0
  return {
    add(chunk: Buffer) {
      if (bytes < maxBytes) chunks.push(chunk.subarray(0, maxBytes - bytes))
      bytes += chunk.length
    },
    isCut: () => bytes > maxBytes,
    text: () => Buffer.concat(chunks).toString('utf8'),
  }
}

/**
 * Ends a group that somebody else began: SIGTERM, then SIGKILL after the grace. Resolves when nothing of it answers any more, or
 * a second after SIGKILL. Whoever calls has made sure that the number still is that group's.
 */
export async function endGroupOf(pid: number, sleep: (ms: number) => Promise<void>, graceMs = GRACE_MS): Promise<void> {
  const gone = async (ms: number) => {
    for (let waited = 0; waited < ms && groupAnswers(pid); waited += 100) await sleep(100)
    return !groupAnswers(pid)
  }
  endGroup(pid, 'SIGTERM')
  if (await gone(graceMs)) return
  endGroup(pid, 'SIGKILL')
  await gone(1000)
}

/** Is anybody of this process group left, its leader or who it began? */
export function groupAnswers(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** The group, not the process: a script's own children hold the work. Gone already is as good; not ours any more is, too. */
function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes(codeOf(error))) throw error
  }
}
