import type {Draft, EventData} from '../incident/events.ts'
import {askPerson, isUnchanged, skipByPerson} from './ask-person.ts'
import type {Drive, Turn} from './drive.ts'
import type {Live} from './frames.ts'
import {attemptOf, keyOf} from './identity.ts'
import {knownOutputs} from './manual-answer.ts'
import {outlived} from './outlive.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import type {JsonMap, Verified} from './ports.ts'
import {outputsOf} from './step-outputs.ts'
import type {StateOf} from './step-state.ts'
import {verifySent, verifyStep} from './verify-step.ts'
import {within} from './within.ts'

type UnknownState = StateOf<'unknown'>

/** A step that ended scram twice is not tried a third time unasked: nothing crash-loops. */
const MOST_UNKNOWNS = 2

/**
 * An intent without an outcome: it may have happened. Its policy says who settles it: the world (`verify`), nobody
 * because a repeat is harmless (`safe`, same key), or a person (`ask`).
 */
export async function settleUnknown(drive: Drive, step: Live, seen: UnknownState): Promise<Turn> {
  const living = await outlived(drive, step, seen)
  if (living) return living
  if (seen.unknowns >= MOST_UNKNOWNS) return ask(drive, step, seen, `this step ended ${seen.unknowns} times with nobody seeing how`)
  if (seen.resume === 'safe') {
    await settle(drive, step, seen, {by: 'safe', as: 'rerun'})
    return null
  }
  if (seen.resume === 'ask') return ask(drive, step, seen, howItWasLost(seen))
  const found = await askWorld(drive, step, seen)
  if (found === 'interrupted') return interruptedAt(drive, step)
  if (!(await isUnchanged(drive, step.instance))) return null
  const evidence = found.evidence === undefined ? {} : {evidence: found.evidence}
  if (found.holds === true) await settle(drive, step, seen, {by: 'verify', as: 'finished', outputs: found.outputs, ...evidence})
  else if (found.holds === false) await settle(drive, step, seen, {by: 'verify', as: 'rerun', ...evidence})
  else return ask(drive, step, seen, found.evidence ?? 'the world gave no answer')
  return null
}

function howItWasLost({reason}: UnknownState): string {
  if (reason === 'timeout') return 'it did not end in time and was ended'
  return reason === 'died' ? 'scram stopped before it heard the end' : 'nobody saw how it ended'
}

/** The step's own `verify`, else that of its action. */
export async function askWorld(drive: Drive, step: Live, seen: UnknownState): Promise<Verified | 'interrupted'> {
  const {ports, ledger, kill, stop} = drive
  if (stop.aborted) return 'interrupted'
  const own = verifySent(seen.verify)
  const hasOwn = step.kind === 'uses' || step.kind === 'run'
  if (own && hasOwn) {
    const found = await verifyStep(drive, step, seen.attempt, own, AbortSignal.any([stop, kill]))
    // What verified it answers for the verify, not for the step: those outputs nobody saw.
    return found !== 'interrupted' && found.holds === true ? {...found, outputs: {}} : found
  }
  const {attempt, sent, uses, key} = seen
  const {run} = ledger.state()
  const call = {run, instance: attemptOf(step.instance, attempt), attempt, key: key ?? keyOf(run, step.instance), deadline: null}
  const given = (sent ?? {}) as JsonMap // recorded by `carryOut` as a map
  const limitMs = hasOwn ? step.timeoutMs : null
  const result = await within(ports.clock, limitMs, kill, signal => ports.verify({...call, uses: uses ?? '', with: given}, signal))
  if (result.end === 'aborted') return 'interrupted'
  return result.end === 'done' ? result.value : {holds: 'unknown', evidence: 'asking the world took too long'}
}

async function ask(drive: Drive, step: Live, seen: UnknownState, why: string): Promise<Turn> {
  const parked = waitsFor(drive, step, 'unknown', `someone to say whether it happened: ${why}`)
  const text = `began ${seen.startedAt} and its end was not seen: ${why}. Did it happen?`
  const lines = [`sent: ${JSON.stringify(seen.sent)}`, ...(seen.tail === '' ? [] : [`last said: ${seen.tail}`])]
  const outputs = outputsOf(step, drive.ports.actions)
  const answer = await askPerson(drive, step, {of: 'unknown', title: seen.title, text, lines, answers: ['done', 'again', 'skip', 'stop'], outputs})
  if (answer === 'interrupted') return interruptedAt(drive, step)
  if (answer === 'answered' || answer === 'late') return null
  if (answer === 'nobody' || answer.answer === 'stop') return parked
  if (answer.answer === 'skip') return skipByPerson(drive, step, [], answer.why)
  const evidence = answer.evidence ?? answer.why
  const said = evidence === undefined ? {} : {evidence}
  if (answer.answer === 'done') await settle(drive, step, seen, {by: 'person', as: 'finished', outputs: knownOutputs(outputs, answer.outputs), ...said})
  else await settle(drive, step, seen, {by: 'person', as: 'rerun', ...said})
  return null
}

export async function settle(
  {ledger}: Drive,
  step: Live,
  {attempt, title}: UnknownState,
  data: Omit<EventData['step.settled'], 'run' | 'step'>,
): Promise<void> {
  const settled: Draft = {kind: 'step.settled', data: {run: ledger.state().run, step: attemptOf(step.instance, attempt), ...data}}
  await ledger.commit([settled], {event: 'step.settled', step: step.instance, title, detail: `${data.as}, by ${data.by}`})
}

/** Found at resume: begun, and no word since. */
export async function diedHere({ledger}: Drive, step: Live, {attempt, title}: StateOf<'started'>): Promise<null> {
  const unknown: Draft = {kind: 'step.unknown', data: {run: ledger.state().run, step: attemptOf(step.instance, attempt), reason: 'died'}}
  await ledger.commit([unknown], {event: 'step.unknown', step: step.instance, title, detail: 'scram stopped before it heard the end'})
  return null
}
