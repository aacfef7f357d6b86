import type {Draft} from '../incident/events.ts'
import {isAbort} from '../lib/fault.ts'
import type {Drive, Turn} from './drive.ts'
import type {Live} from './frames.ts'
import {attemptOf} from './identity.ts'
import {interruptedAt} from './parking.ts'
import type {WaitStep} from './runbook.ts'
import type {StateOf} from './step-state.ts'

/** A suspended machine stops its timers: wake and look at the wall clock at least this often. */
export const LONGEST_NAP_MS = 30_000

/** Waits until the due time that was recorded, however many processes that takes; a sleep over it finishes it late. */
export async function waitUntilDue(drive: Drive, step: Live<WaitStep>, {attempt, title, startedAt}: StateOf<'started'>): Promise<Turn> {
  const {ledger, ports} = drive
  const {run, due} = ledger.state()
  const set = due[step.instance]
  const dueMs = Date.parse(set?.due ?? startedAt)
  await ledger.commit()
  ports.tell({event: 'step.waiting', at: startedAt, run, step: step.instance, title, until: set?.due ?? startedAt})
  if (!(await nap(drive, () => dueMs - ports.clock.now()))) return interruptedAt(drive, step)
  const lateMs = Math.max(ports.clock.now() - dueMs, 0)
  const ms = Math.max(ports.clock.now() - Date.parse(startedAt), 0)
  const drafts: Draft[] = [{kind: 'step.finished', data: {run, step: attemptOf(step.instance, attempt), ms}}]
  if (set) drafts.unshift({kind: 'timer.fired', data: {timer: set.timer, lateMs, run, step: step.instance}})
  ledger.stage(drafts, {event: 'step.finished', step: step.instance, title, ms})
  return null
}

/** Sleeps until nothing is left, in naps between which what is due gets its turn. False: Ctrl-C. */
export async function nap({ports, stop}: Drive, leftMs: () => number): Promise<boolean> {
  try {
    for (let left = leftMs(); left > 0; left = leftMs()) {
      await ports.clock.sleep(Math.min(left, LONGEST_NAP_MS), stop)
      if (!(await ports.between())) return false
    }
    return !stop.aborted
  } catch (error) {
    if (isAbort(error) || stop.aborted) return false
    throw error
  }
}
