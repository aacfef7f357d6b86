import type {Draft} from '../incident/events.ts'
import {type Drive, decision, retryOf} from './drive.ts'
import type {Frame, Live} from './frames.ts'
import {attemptOf} from './identity.ts'
import type {StepOutput} from './ports.ts'
import type {OnFailure} from './runbook.ts'

export interface Ending {
  readonly attempt: number
  readonly title: string
  readonly code: string
  readonly message: string
  readonly ms: number
  readonly retryable?: boolean
  readonly timedOut?: boolean
  readonly output?: StepOutput
}

/** What can fail: a step, or the `if` and list of a group, the inputs of a call. */
export type Failing = Live | FailingNode
export interface FailingNode {
  readonly kind: 'group' | 'parallel' | 'call'
  readonly instance: string
  readonly name: string
  readonly frame: Frame
  readonly onFailure: OnFailure
  readonly undo: null
}

/** A person's Ctrl-C ended it; nothing was wrong with it, so `resume` simply runs it again. */
export const INTERRUPTED = 'step.interrupted'
/** The values were wrong: nothing was sent, and trying again without a change says the same. */
export const BAD_INPUT = 'step.input'
/** A withdrawal whose guard stepped back: no setting goes on past it. */
export const HELD = 'rod.held'

/**
 * Records the failure. `continue` and `goto` mark it handled in the same transaction: the run goes on, and is not green
 * at its end.
 */
export async function failStep(drive: Drive, step: Failing, ending: Ending, before: readonly Draft[] = []): Promise<null> {
  const {run, steps} = drive.ledger.state()
  const failures = (steps[step.instance]?.failures ?? 0) + 1
  const {attempt, title, code, message, ms, retryable = false, timedOut = false, output} = ending
  const isLast = code !== HELD && code !== INTERRUPTED && !mayRetry(step, {code, retryable, failures})
  const isHandled = isLast && step.onFailure === 'continue'
  const to = isLast && typeof step.onFailure === 'object' && 'goto' in step.onFailure ? step.onFailure.goto : null
  const at = attemptOf(step.instance, attempt)
  const failed: Draft = {
    kind: 'step.failed',
    data: {run, step: at, ms, code, message, retryable, ...(timedOut && {timedOut}), ...(isHandled && {handled: true}), ...output},
  }
  const turned = to === null ? [] : [decision(drive, at, 'failure', {goto: to})]
  await drive.ledger.commit([...before, failed, ...turned], {event: 'step.failed', step: step.instance, title, ms, detail: `${code}: ${message}`})
  return null
}

/** `failures` since a person last answered, this one included. */
export function mayRetry(step: Failing, {code, retryable, failures}: {readonly code: string; readonly retryable: boolean; readonly failures: number}): boolean {
  const retry = isLive(step) ? retryOf(step) : null
  if (!retry || failures > retry.max || code === INTERRUPTED || code === BAD_INPUT || code === HELD) return false
  return retry.on ? retry.on.includes(code) : retryable
}

export function isLive(step: Failing): step is Live {
  return step.kind !== 'group' && step.kind !== 'parallel' && step.kind !== 'call'
}
