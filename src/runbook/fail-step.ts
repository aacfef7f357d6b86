import type {Draft} from '../incident/events.ts'
import type {Drive} from './drive.ts'
import {attemptOf} from './identity.ts'
import type {Retry, Step} from './runbook.ts'

export interface Failure {
  readonly attempt: number
  readonly title: string
  readonly code: string
  readonly message: string
  readonly ms: number
  readonly retryable?: boolean
  readonly timedOut?: boolean
}

/** A person's Ctrl-C ended it; nothing was wrong with it, so `resume` simply runs it again. */
export const INTERRUPTED = 'step.interrupted'
/** The values were wrong: nothing was sent, and trying again without a change says the same. */
export const BAD_INPUT = 'step.input'
/** A withdrawal whose guard stepped back: no setting goes on past it. */
const HELD = 'rod.held'

/** Records the failure. `continue` marks it handled in the same event: the run goes on, and is not green at its end. */
export async function failStep({ledger}: Drive, step: Step, failure: Failure, before: readonly Draft[] = []): Promise<null> {
  const {run, steps} = ledger.state()
  const seen = steps[step.instance]
  const failures = (seen && 'failures' in seen ? seen.failures : 0) + 1
  const {attempt, title, code, message, ms, retryable = false, timedOut = false} = failure
  const isHandled = step.onFailure === 'continue' && code !== HELD && code !== INTERRUPTED && !mayRetry(step, {code, retryable, failures})
  const failed: Draft = {
    kind: 'step.failed',
    data: {run, step: attemptOf(step.instance, attempt), ms, code, message, retryable, ...(timedOut && {timedOut}), ...(isHandled && {handled: true})},
  }
  await ledger.commit([...before, failed], {event: 'step.failed', step: step.instance, title, ms, detail: `${code}: ${message}`})
  return null
}

/** `failures` since a person last answered, this one included. */
export function mayRetry(step: Step, {code, retryable, failures}: {readonly code: string; readonly retryable: boolean; readonly failures: number}): boolean {
  const retry = retryOf(step)
  if (!retry || failures > retry.max || code === INTERRUPTED || code === BAD_INPUT || code === HELD) return false
  return retry.on ? retry.on.includes(code) : retryable
}

/** Only what may be repeated unasked: lint refuses `retry` on an unsafe step, a default simply does not reach it. */
export function retryOf(step: Step): Retry | null {
  if (step.kind === 'uses') return step.retry
  return step.kind === 'run' && step.effect === 'idempotent' ? step.retry : null
}
