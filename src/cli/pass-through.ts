import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {sha256} from '@noble/hashes/sha2.js'

export interface Ran {
  /** The command's own exit code; 128 + n when signal n ended it; 127 not found, 126 not executable, as a shell says. */
  readonly exitCode: number
  readonly signal?: string
  readonly ms: number
  /** SHA-256 of what it printed, both streams in order of arrival. Absent with --tty: nothing was seen. */
  readonly digest?: string
  readonly bytes?: number
  /** The last 4 KiB of it, as text. */
  readonly tail?: string
}

/** The command has ended; what it left behind still holds its output. Null: nothing does. */
export interface Held {
  /** Resolves when the last one lets go. Its output appears meanwhile, and is in no record. */
  readonly letGo: Promise<void>
  /** Closes our end: who writes there afterwards gets SIGPIPE. */
  leave(): void
}

const TAIL_BYTES = 4096
/**
 * What a pipe still holds when its writer ends is read in fewer turns. Turns, not time: a reader of ours who is slow
 * (`| less`) keeps all of us waiting inside a write, and what stands in the pipe meanwhile is still the command's.
 */
const DRAIN_TURNS = 20
const TURN_MS = 50
/** A terminal sends these to the whole foreground group itself; sent again, a second Ctrl-C would mean "now". */
const FROM_TERMINAL: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT'])
const FORWARDED = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/**
 * Runs a command as if scram were not there: its output appears as it comes, stdin, environment and signals reach it, no
 * shell. With `tty` it gets the terminal itself (editors, shells) and nothing of its output is seen here. With `json` its
 * stdout shows on stderr: ours is one object. A command that ends and leaves a process behind (`./start.sh`) has ended.
 */
export async function passThrough(
  argv: readonly string[],
  {tty, json}: {readonly tty: boolean; readonly json: boolean},
): Promise<{readonly ran: Ran; readonly held: Held | null}> {
  const [program = '', ...args] = argv
  const started = performance.now()
  let child: Child
  try {
    child = spawn(program, args, {stdio: tty ? 'inherit' : ['inherit', 'pipe', 'pipe']})
  } catch {
    return {ran: {exitCode: 126, ms: 0}, held: null} // most reasons are an event; some (ENOTDIR, E2BIG, an empty name) are thrown
  }
  const release = forwardSignals(signal => child.kill(signal))
  let record = tty ? null : makeRecorder()
  child.stdout?.on('data', (chunk: Buffer) => showAndKeep(json ? process.stderr : process.stdout, chunk, child.stdout, record))
  child.stderr?.on('data', (chunk: Buffer) => showAndKeep(process.stderr, chunk, child.stderr, record))
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  try {
    const end = await ended(child)
    const ms = Math.round(performance.now() - started)
    const isClosed = child.pid === undefined || (await isDrained(child, closed))
    const kept = record?.result()
    record = null
    return {ran: {...end, ms, ...kept}, held: isClosed ? null : {letGo: closed, leave: () => leave(child)}}
  } finally {
    release()
  }
}

async function isDrained({stdout, stderr}: Child, closed: Promise<void>): Promise<boolean> {
  for (let turns = 0; turns < DRAIN_TURNS; ) {
    if (await within(TURN_MS, closed)) return true
    if (!stdout?.isPaused() && !stderr?.isPaused()) turns += 1
  }
  return false
}

async function within(ms: number, event: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => (timer = setTimeout(() => resolve(false), ms)))
  const isThere = await Promise.race([event.then(() => true), late])
  clearTimeout(timer)
  return isThere
}

function leave(child: Child): void {
  child.stdout?.destroy()
  child.stderr?.destroy()
}

type Child = ReturnType<typeof spawn>

function ended(child: Child): Promise<{exitCode: number; signal?: string}> {
  return new Promise(resolve => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) resolve({exitCode: error.code === 'ENOENT' ? 127 : 126})
    })
    child.once('exit', (code, signal) => {
      if (signal) resolve({exitCode: 128 + (constants.signals[signal] ?? 0), signal})
      else if (child.pid !== undefined) resolve({exitCode: code ?? 1})
    })
  })
}

function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const hasTerminal = process.stdin.isTTY === true
  const handlers = FORWARDED.map(signal => {
    const handler = () => {
      if (!(hasTerminal && FROM_TERMINAL.has(signal))) send(signal)
    }
    process.on(signal, handler)
    return [signal, handler] as const
  })
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}

/** Pauses the child while the reader of our own output is slow; a reader that has gone (EPIPE) stops nothing. */
function showAndKeep(to: NodeJS.WriteStream, chunk: Buffer, from: NodeJS.ReadableStream | null, record: Recorder | null): void {
  record?.keep(chunk)
  if (to.destroyed || to.writableEnded) return
  if (!to.write(chunk)) {
    from?.pause()
    const go = () => from?.resume()
    to.once('drain', go)
    to.once('error', go)
    to.once('close', go)
  }
}

interface Recorder {
  keep(chunk: Buffer): void
  result(): Required<Pick<Ran, 'digest' | 'bytes' | 'tail'>>
}

function makeRecorder(): Recorder {
  const hash = sha256.create()
  let bytes = 0
  let tail: Buffer = Buffer.alloc(0)
  return {
    keep(chunk) {
      hash.update(chunk)
      bytes += chunk.length
      tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES)
    },
    result: () => ({digest: Buffer.from(hash.digest()).toString('hex'), bytes, tail: tail.toString('utf8')}),
  }
}
