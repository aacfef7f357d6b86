import {formatDuration} from '../lib/durations.ts'
import {isAbort} from '../lib/fault.ts'
import {askPerson, isUnchanged, skipByPerson} from './ask-person.ts'
import {again} from './begin-step.ts'
import {type Drive, decision, retryOf, type Turn} from './drive.ts'
import {BAD_INPUT, type Failing, HELD, INTERRUPTED, isLive, mayRetry} from './fail-step.ts'
import type {Live} from './frames.ts'
import {attemptOf} from './identity.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import type {Answer} from './ports.ts'
import type {Last} from './runbook.ts'
import type {StateOf} from './step-state.ts'

type FailedState = StateOf<'failed'>

const LONGEST_DELAY_MS = 60_000

/**
 * What `on_failure` says, once the retries are used up. `continue` and `goto` were decided when the failure was
 * recorded; `undo` is decided here and carried out by `undo.ts`.
 */
export async function afterFailure(drive: Drive, step: Failing, seen: FailedState): Promise<Turn> {
  if (isLive(step)) {
    if (seen.code === INTERRUPTED) return again(drive, step)
    if (mayRetry(step, seen)) {
      if (!(await pause(drive, step, seen))) return interruptedAt(drive, step)
      return (await isUnchanged(drive, step.instance)) ? again(drive, step) : null
    }
  }
  if (drive.isBranch) return parkedAt(drive, step, seen)
  const {onFailure} = step
  if (typeof onFailure === 'object' && 'undo' in onFailure) {
    if (seen.undo === null && seen.code !== HELD) return decide(drive, step, seen, {undo: onFailure.undo}, 'undoing')
    return last(drive, step, seen, seen.code === HELD ? 'ask' : onFailure.then)
  }
  return last(drive, step, seen, onFailure === 'stop' ? 'stop' : 'ask')
}

async function last(drive: Drive, step: Failing, seen: FailedState, then: Last): Promise<Turn> {
  if (then === 'stop') return parkedAt(drive, step, seen)
  if (then === 'continue') return decide(drive, step, seen, 'continue', 'goes on past it')
  return ask(drive, step, seen)
}

async function ask(drive: Drive, step: Failing, seen: FailedState): Promise<Turn> {
  const canUndo = isLive(step) && step.undo !== null && seen.undo === null && seen.sent !== null
  const answer = await askPerson(drive, step, {
    of: 'failure',
    title: seen.title || step.name,
    text: `${seen.code}: ${seen.message}`,
    lines: seen.sent === null ? [] : [`sent: ${JSON.stringify(seen.sent)}`],
    answers: ['again', 'skip', ...(canUndo ? (['undo'] as const) : []), 'stop'],
  })
  if (answer === 'interrupted') return interruptedAt(drive, step)
  if (answer === 'answered' || answer === 'late') return null
  if (answer === 'nobody' || answer.answer === 'stop') return parkedAt(drive, step, seen)
  return carryOutAnswer(drive, step, seen, answer)
}

async function carryOutAnswer(drive: Drive, step: Failing, seen: FailedState, {answer, why}: Answer): Promise<Turn> {
  if (answer === 'skip') {
    const said = decision(drive, attemptOf(step.instance, seen.attempt), 'failure', 'skip', {by: drive.by, ...(why !== undefined && {why})})
    return skipByPerson(drive, step, [said], why)
  }
  if (answer === 'undo') return decide(drive, step, seen, {undo: 'step'}, 'undoing')
  return decide(drive, step, seen, 'again', `asked for by ${drive.by}`)
}

async function decide(drive: Drive, step: Failing, seen: FailedState, value: string | {readonly undo: string}, detail: string): Promise<null> {
  const said = decision(drive, attemptOf(step.instance, seen.attempt), 'failure', value, {by: drive.by})
  await drive.ledger.commit([said], {event: 'step.retrying', step: step.instance, title: seen.title || step.name, detail})
  return null
}

function parkedAt(drive: Drive, step: Failing, seen: FailedState) {
  return waitsFor(drive, step, seen.code === BAD_INPUT ? 'bad-input' : 'failed', `an answer: ${seen.code}: ${seen.message}`)
}

/** False: Ctrl-C came first. The failure is recorded, so a resume tries at once. */
async function pause(drive: Drive, step: Live, seen: FailedState): Promise<boolean> {
  const retry = retryOf(step)
  if (!retry) return true
  const full = Math.min(retry.delayMs * retry.backoff ** (seen.failures - 1), LONGEST_DELAY_MS)
  const delay = retry.jitter ? Math.round(full * (0.5 + jitter(seen.startedAt))) : full
  const detail = `attempt ${seen.attempt + 1} in ${formatDuration(delay)}: ${seen.message}`
  drive.ports.tell({event: 'step.retrying', at: seen.startedAt, run: drive.ledger.state().run, step: step.instance, title: seen.title, detail})
  try {
    await drive.ports.clock.sleep(Math.min(delay, LONGEST_DELAY_MS), drive.stop)
    return true
  } catch (error) {
    if (isAbort(error) || drive.stop.aborted) return false
    throw error
  }
}

/** 0 up to 0.5, from the milliseconds of the attempt: several machines that failed together do not retry together. */
function jitter(startedAt: string): number {
  return Number(startedAt.slice(-4, -1)) / 2000
}
