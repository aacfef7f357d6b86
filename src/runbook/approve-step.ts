import {approvalNeeded, isApproved} from '../incident/approvals.ts'
import type {Draft} from '../incident/events.ts'
import {iso} from '../lib/clock.ts'
import {shellQuote} from '../lib/text.ts'
import {askPerson, isUnchanged, skipByPerson} from './ask-person.ts'
import {type Drive, decision, type Parked} from './drive.ts'
import type {Approval} from './fold.ts'
import type {Live} from './frames.ts'
import {approveTimer} from './identity.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import type {Rendered} from './render-step.ts'
import type {Approve} from './runbook.ts'

/**
 * Waits for somebody else's yes; the answer is an event, from whichever terminal it comes. Once its time is over the
 * driver may go on by typing why, where the runbook lets them: that is in the record and in the postmortem. `again`:
 * something was recorded, look at the state.
 */
export async function approved(drive: Drive, step: Live, approve: Approve, shown: Pick<Rendered, 'title' | 'lines'>): Promise<'approved' | 'again' | Parked> {
  const {ledger, ports, by} = drive
  const {title, lines} = shown
  const given = ledger.state().approvals[step.instance] ?? []
  if (isEnough(given, approve, by)) return 'approved'
  const due = await dueOf(drive, step, approve, title)
  const isLate = ports.clock.now() >= due
  const needs = needsOf(given, approve, by)
  const parked = (): Parked => ({
    ...waitsFor(drive, step, 'approve', needs),
    approval: {from: approve.from, count: approve.count, by: othersOf(given, by)},
  })
  if (isLate && approve.onTimeout === 'stop') return parked()
  const text = `needs ${needs}${isLate ? '; its time is over' : ` by ${iso(due)}`}: scram approve ${shellQuote(step.instance)}`
  const answers = isLate ? (['override', 'skip', 'stop'] as const) : (['skip', 'stop'] as const)
  const answer = await askPerson(drive, step, {of: 'approve', title, text, lines, answers}, isLate ? undefined : due)
  if (answer === 'interrupted') return interruptedAt(drive, step)
  if (answer === 'answered' || answer === 'late') return approved(drive, step, approve, shown)
  // Without a terminal nothing was awaited: one that came in while we asked is counted by nobody once we are parked.
  if (answer === 'nobody') return (await isUnchanged(drive, step.instance)) ? parked() : approved(drive, step, approve, shown)
  if (answer.answer === 'stop') return parked()
  if (answer.answer === 'skip') {
    await skipByPerson(drive, step, [], answer.why)
    return 'again'
  }
  if (answer.answer !== 'override' || !answer.why) return approved(drive, step, approve, shown)
  const override = decision(drive, step.instance, 'approve', {override: true}, {by, why: answer.why})
  await ledger.commit([override], {event: 'step.waiting', step: step.instance, title, detail: `goes on without approval: ${answer.why}`})
  return 'approved'
}

/** An approval is another person's than the driver's: whoever takes a run over has not approved it any more. */
export function isEnough(given: readonly Approval[], approve: Approve, driver: string): boolean {
  return given.some(({isOverride}) => isOverride) || isApproved(othersOf(given, driver), approve)
}

export function needsOf(given: readonly Approval[], approve: Approve, driver: string): string {
  return approvalNeeded(othersOf(given, driver), approve, given.some(({by}) => by === driver) ? driver : null)
}

/** Who approved, other than the driver. */
export function othersOf(given: readonly Approval[], driver: string): readonly string[] {
  return given.flatMap(({by}) => (by === driver ? [] : [by]))
}

/** The time it may take begins when it is first asked for, and is kept over processes. */
async function dueOf({ledger, ports}: Drive, {instance}: Live, {timeoutMs}: Approve, title: string): Promise<number> {
  const {run, due, steps} = ledger.state()
  const timer = approveTimer(run, instance, steps[instance]?.round)
  const known = due[instance]
  if (known?.timer === timer) return Date.parse(known.due)
  const at = ports.clock.now() + timeoutMs
  const set: Draft = {kind: 'timer.set', data: {timer, what: 'approve', due: iso(at), run, step: instance}}
  await ledger.commit([set], {event: 'step.waiting', step: instance, title, detail: 'waits for an approval'})
  return at
}
