import {afterFailure} from './after-failure.ts'
import {again, beginStep} from './begin-step.ts'
import {type Drive, type Halt, isInterrupted, isSettled} from './drive.ts'
import type {Live} from './frames.ts'
import {askManual} from './manual-step.ts'
import {interruptedAt} from './parking.ts'
import {diedHere, settleUnknown} from './settle-unknown.ts'
import type {StepState} from './step-state.ts'
import {unwind} from './undo.ts'
import {waitUntilDue} from './wait-step.ts'
import {waitUntilTrue} from './wait-until-step.ts'

/** Takes a step from wherever its events end until it is settled, or the run parks at it. */
export async function driveStep(drive: Drive, step: Live, isHalted: () => boolean = () => false): Promise<Halt | null> {
  while (!isSettled(drive.ledger.state(), step.instance)) {
    if (isInterrupted(drive)) return interruptedAt(drive, step)
    const seen = drive.ledger.state().steps[step.instance]
    if (!seen && isHalted()) return null
    const halt = await turn(drive, step, seen)
    if (halt) return halt
    if (isRedone(seen, drive.ledger.state().steps[step.instance])) return 'rewind'
  }
  return null
}

/** Only as far as it is known again whether it happened. */
export async function settleStep(drive: Drive, step: Live): Promise<Halt | null> {
  for (;;) {
    const seen = drive.ledger.state().steps[step.instance]
    if (seen?.status !== 'unknown') return null
    if (isInterrupted(drive)) return interruptedAt(drive, step)
    const halt = await settleUnknown(drive, step, seen)
    if (halt) return halt
  }
}

/** Tried again after an undo: what was taken back comes first. */
export function isRedone(before: StepState | undefined, now: StepState | undefined): boolean {
  return before?.status === 'failed' && before.isUndone && now?.status === 'again'
}

/** Every turn records something or parks: a run that is driven always comes to an end. */
async function turn(drive: Drive, step: Live, seen: StepState | undefined): Promise<Halt | null> {
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
