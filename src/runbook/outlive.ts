import {iso} from '../lib/clock.ts'
import {formatDuration} from '../lib/durations.ts'
import {askPerson} from './ask-person.ts'
import {type Drive, isInterrupted, type Turn} from './drive.ts'
import type {Live} from './frames.ts'
import {attemptOf} from './identity.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import type {StepState} from './step-state.ts'
import {nap} from './wait-step.ts'

const LOOK_MS = 500

/**
 * A second copy is never started while the first lives, whatever the policy: its driver died (or was taken over from), the
 * command goes on. Nobody can hear any more how it ends, so once it did the step is unknown as before. Null: it is gone.
 */
export async function outlived(drive: Drive, step: Live, {attempt, title, startedAt}: StepState): Promise<Turn> {
  const {ports, ledger} = drive
  if (step.kind !== 'run') return null
  const which = {run: ledger.state().run, instance: attemptOf(step.instance, attempt)}
  for (;;) {
    const found = ports.outlived?.(which)
    if (!found) return null
    const {pid} = found
    const age = formatDuration(Math.max(Math.round((ports.clock.now() - Date.parse(startedAt)) / 1000) * 1000, 0))
    const text = `still running, pid ${pid}, ${age}: a second copy is not started while this one lives`
    const answer = await askPerson(drive, step, {of: 'running', title, text, lines: [], answers: ['wait', 'end', 'stop']})
    if (answer === 'interrupted') return interruptedAt(drive, step)
    if (answer === 'answered' || answer === 'late') continue
    if (answer === 'nobody' || answer.answer === 'stop') {
      const parked = waitsFor(drive, step, 'unknown', `its command to end: still running, pid ${pid}, ${age}`)
      return {...parked, answers: [`kill -- -${pid}    # or wait until it ends`, ...parked.answers]}
    }
    if (answer.answer === 'end') await ports.endOutlived?.(which)
    else if (!(await untilGone(drive, which))) return interruptedAt(drive, step)
  }
}

/** False: Ctrl-C meanwhile. */
async function untilGone(drive: Drive, which: {readonly run: string; readonly instance: string}): Promise<boolean> {
  drive.ports.tell({event: 'step.waiting', at: iso(drive.ports.clock.now()), run: which.run, step: which.instance, detail: 'until it ends'})
  while (drive.ports.outlived?.(which)) {
    const next = drive.ports.clock.ticks() + LOOK_MS
    if (!(await nap(drive, () => next - drive.ports.clock.ticks()))) return false
  }
  return !isInterrupted(drive)
}
