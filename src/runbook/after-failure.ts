import {formatDuration} from '../lib/durations.ts'
import {isAbort} from '../lib/fault.ts'
import {askPerson, skipByPerson} from './ask-person.ts'
import {beginStep} from './begin-step.ts'
import {carryOut} from './carry-out.ts'
import {type Drive, decision, type Turn} from './drive.ts'
import {INTERRUPTED, mayRetry, retryOf} from './fail-step.ts'
import type {StepState} from './fold.ts'
import {attemptOf} from './identity.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import type {JsonMap} from './ports.ts'
import type {Step} from './runbook.ts'

type FailedState = Extract<StepState, {status: 'failed'}>

const LONGEST_DELAY_MS = 60_000

/** What `on_failure` says, once the retries are used up. `continue` was decided when the failure was recorded. */
export async function afterFailure(drive: Drive, step: Step, seen: FailedState): Promise<Turn> {
  const {ledger, ports, by} = drive
  if (seen.code === INTERRUPTED) return again(drive, step, seen)
  if (mayRetry(step, seen)) return (await pause(drive, step, seen)) ? again(drive, step, seen) : interruptedAt(drive, step)
  const parked = waitsFor(drive, step, 'failed', `an answer: ${seen.code}: ${seen.message}`)
  if (step.onFailure !== 'ask') return parked
  const answer = await askPerson(drive, step, {
    of: 'failure',
    title: seen.title || step.name,
    text: `${seen.code}: ${seen.message}`,
    lines: sentLines(seen.sent),
    answers: ['again', 'skip', 'stop'],
  })
  if (answer === 'interrupted') return interruptedAt(drive, step)
  if (answer === 'nobody' || answer.answer === 'stop') return parked
  const said = decision(drive, attemptOf(step.instance, seen.attempt), 'failure', answer.answer, {by, ...(answer.why !== undefined && {why: answer.why})})
  if (answer.answer === 'skip') return skipByPerson(drive, step, [said], answer.why)
  await ledger.commit([said], {event: 'step.retrying', step: step.instance, title: seen.title, detail: `asked for by ${by}`})
  return ports.ask ? null : parked
}

/** The next attempt, with what was sent the first time; rendered anew only when nothing ever was. */
export function again(drive: Drive, step: Step, {attempt, sent, title}: Pick<FailedState, 'attempt' | 'sent' | 'title'>): Promise<Turn> {
  if (sent === null) return beginStep(drive, step)
  return carryOut(drive, step, {attempt: attempt + 1, sent: sent as JsonMap, title}) // recorded by `carryOut` as a map
}

/** False: Ctrl-C came first. The failure is recorded, so a resume tries at once. */
async function pause(drive: Drive, step: Step, seen: FailedState): Promise<boolean> {
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

function sentLines(sent: FailedState['sent']): readonly string[] {
  return sent === null ? [] : [`sent: ${JSON.stringify(sent)}`]
}
