import {afterFailure} from './after-failure.ts'
import {again, beginStep} from './begin-step.ts'
import {type Drive, isInterrupted, isSettled, type Parked, type Turn} from './drive.ts'
import type {Live} from './frames.ts'
import {askManual} from './manual-step.ts'
import {interruptedAt} from './parking.ts'
import {diedHere, settleUnknown} from './settle-unknown.ts'
import type {StepState} from './step-state.ts'
import {unwind} from './undo.ts'
import {waitUntilDue} from './wait-step.ts'
import {waitUntilTrue} from './wait-until-step.ts'

/** Takes a step from wherever its events end until it is settled, or the run parks at it. */
export async function driveStep(drive: Drive, step: Live, isHalted: () => boolean = () => false): Promise<Parked | null> {
  while (!isSettled(drive.ledger.state(), step.instance)) {
    if (isInterrupted(drive)) return interruptedAt(drive, step)
    const seen = drive.ledger.state().steps[step.instance]
    if (!seen && isHalted()) return null
    const parked = await turn(drive, step, seen)
    if (parked) return parked
  }
  return null
}

/** Every turn records something or parks: a run that is driven always comes to an end. */
async function turn(drive: Drive, step: Live, seen: StepState | undefined): Promise<Turn> {
  switch (seen?.status) {
    case undefined:
      return beginStep(drive, step)
    case 'again':
      return again(drive, step)
    case 'started':
      if (step.kind === 'manual') return askManual(drive, step, seen)
      if (step.kind === 'wait') return waitUntilDue(drive, step, seen)
      if (step.kind === 'wait_until') return waitUntilTrue(drive, step, seen)
      return diedHere(drive, step, seen)
    case 'unknown':
      return settleUnknown(drive, step, seen)
    case 'failed':
      return seen.undo !== null && !seen.isUndone ? unwind(drive, step, seen, driveStep) : afterFailure(drive, step, seen)
    case 'finished':
    case 'skipped':
      return null
    default:
      return seen satisfies never
  }
}
