import {childEnv, runChild} from '../lib/child.ts'
import type {JsonMap, Performed} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'

/** Runs a command that only looks (argv, no shell). Its exit code is the answer; it fails only when it cannot start. */
export async function probeCommand(desk: Desk, given: JsonMap, timeoutMs: number, signal: AbortSignal): Promise<Performed> {
  const [program, ...args] = (given['argv'] ?? []) as readonly string[]
  if (program === undefined) return {end: 'failed', code: 'usage.missing', message: 'argv is empty', retryable: false}
  const {folder} = await desk.workspace()
  const end = await runChild({argv: [program, ...args], cwd: folder ?? process.cwd(), env: childEnv({}), timeoutMs, maxBytes: 16_384}, signal)
  signal.throwIfAborted()
  if (end.notStarted !== null)
    return {end: 'failed', code: 'exec.not-started', message: `${program} could not be started (${end.notStarted})`, retryable: false}
  if (end.exitCode === null)
    return {end: 'failed', code: 'exec.ended', message: `${program} ${end.timedOut ? 'took too long' : `was ended by ${end.signal}`}`, retryable: true}
  const stdout = end.stdout.replace(/\r?\n$/, '')
  return {end: 'finished', outputs: {ok: end.exitCode === 0, exit: end.exitCode, stdout}, evidence: `exit ${end.exitCode}`}
}
