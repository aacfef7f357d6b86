import {spawn} from 'node:child_process'
import {isTimeout} from '../lib/deadline.ts'

export interface CommandRun {
  readonly argv: readonly string[]
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly timeoutMs: number
}

/** `exit`: it ended by itself. `ended`: we ended it, or a signal did. `not-started`: there was nothing to run. */
export type CommandEnd =
  | {readonly how: 'exit'; readonly code: number; readonly stdout: string; readonly stderr: string}
  | {readonly how: 'ended'; readonly reason: string; readonly stdout: string; readonly stderr: string}
  | {readonly how: 'not-started'; readonly errno: string}

const MOST_BYTES = 65_536
/** Between SIGTERM and SIGKILL: a script may undo half of what it did, an outage cannot wait longer. */
const GRACE_MS = 2000
/** A helper left in the background may hold the pipe for ever; what it says after the command ended is not waited for. */
const DRAIN_MS = 100

/**
 * Runs argv in a process group of its own, without a shell, stdin closed, at most 64 KiB of each output kept. When time
 * or `signal` ends it, the whole group is ended. Rejects only with a person's abort, after the group is gone.
 */
export function runCommand({argv: [command = '', ...rest], env, cwd, timeoutMs}: CommandRun, signal: AbortSignal): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const child = spawn(command, rest, {cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true})
    const stdout = kept(child.stdout)
    const stderr = kept(child.stderr)
    let endedBy: string | null = null
    let killing: NodeJS.Timeout | undefined
    const stop = (reason: string) => {
      if (endedBy !== null) return
      endedBy = reason
      endGroup(child.pid, 'SIGTERM')
      killing = setTimeout(() => endGroup(child.pid, 'SIGKILL'), GRACE_MS)
    }
    const timer = setTimeout(() => stop(`it took longer than ${timeoutMs / 1000} s`), timeoutMs)
    const aborted = () => stop('its deadline passed')
    signal.addEventListener('abort', aborted, {once: true})
    const settle = (end: CommandEnd) => {
      clearTimeout(timer)
      clearTimeout(killing)
      signal.removeEventListener('abort', aborted)
      child.stdout.destroy()
      child.stderr.destroy()
      if (endedBy !== null) endGroup(child.pid, 'SIGKILL')
      if (signal.aborted && !isTimeout(signal.reason)) reject(signal.reason)
      else resolve(end)
    }
    child.once('error', (error: NodeJS.ErrnoException) => settle({how: 'not-started', errno: error.code ?? 'error'}))
    child.once('exit', (code, killedBy) => {
      const texts = () => ({stdout: stdout.text(), stderr: stderr.text()})
      const finish = () => {
        clearTimeout(draining)
        if (endedBy === null && code !== null) settle({how: 'exit', code, ...texts()})
        else settle({how: 'ended', reason: endedBy ?? `it was ended by ${killedBy}`, ...texts()})
      }
      const draining = setTimeout(finish, DRAIN_MS)
      child.once('close', finish)
    })
  })
}

function kept(stream: NodeJS.ReadableStream): {text(): string} {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    if (bytes < MOST_BYTES) chunks.push(chunk.subarray(0, MOST_BYTES - bytes))
    bytes += chunk.length
  })
  return {text: () => Buffer.concat(chunks).toString('utf8')}
}

/** The group, not the process: a script's own children hold the work. Gone already is as good. */
function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
