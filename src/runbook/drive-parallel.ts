import {type Drive, type Halt, isSettled} from './drive.ts'
import {driveStep, settleStep} from './drive-step.ts'
import {type Frame, type Live, live} from './frames.ts'
import type {Parallel} from './runbook.ts'
import type {StepState} from './step-state.ts'

/**
 * Steps at the same time. After a failure its siblings finish and none starts; then, one after another, whoever wants an
 * answer or an undo gets its turn, and what did not start yet goes on.
 */
export async function driveParallel(drive: Drive, frame: Frame, {steps}: Parallel): Promise<Halt | null> {
  const all = steps.map(step => live(frame, step))
  // Questions come one at a time: whoever is asked before each step does them in order.
  if (drive.stepwise) return oneByOne(all, step => driveStep(drive, step))
  const open = () => all.filter(({instance}) => !isSettled(drive.ledger.state(), instance))
  while (open().length > 0) {
    // A failure that is handled holds nobody up, nor does a step in doubt: without the crash they had begun together.
    const isHalted = () => open().some(step => statusOf(drive, step) === 'failed')
    const branch: Drive = {...drive, isBranch: true}
    // A branch that throws (a lost lease, a full disk) ends the run; the others are heard out first.
    const ended = await Promise.allSettled(open().map(step => driveStep(branch, step, isHalted)))
    const broken = ended.find(each => each.status === 'rejected')
    if (broken) throw broken.reason
    for (const each of ended)
      if (each.status === 'fulfilled' && each.value !== null && each.value !== 'rewind' && each.value.reason === 'interrupted') return each.value
    // What may have happened is settled, and goes on beside the others, before a failure stops the run or takes things back.
    const inDoubt = open().filter(step => statusOf(drive, step) === 'unknown')
    const halt =
      inDoubt.length > 0
        ? await oneByOne(inDoubt, step => settleStep(drive, step))
        : await oneByOne(
            open().filter(step => statusOf(drive, step) !== undefined),
            step => driveStep(drive, step),
          )
    if (halt) return halt
  }
  return null
}

function statusOf({ledger}: Drive, {instance}: Live): StepState['status'] | undefined {
  return ledger.state().steps[instance]?.status
}

async function oneByOne(steps: readonly Live[], work: (step: Live) => Promise<Halt | null>): Promise<Halt | null> {
  for (const step of steps) {
    const halt = await work(step)
    if (halt) return halt
  }
  return null
}
