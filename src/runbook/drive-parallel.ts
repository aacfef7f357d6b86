import {type Drive, isSettled, type Halt} from './drive.ts'
import {driveStep} from './drive-step.ts'
import {type Frame, live} from './frames.ts'
import type {Parallel} from './runbook.ts'

/**
 * Steps at the same time. After a failure its siblings finish and none starts; then, one after another, whoever wants an
 * answer or an undo gets its turn, and what did not start yet goes on.
 */
export async function driveParallel(drive: Drive, frame: Frame, {steps}: Parallel): Promise<Halt | null> {
  const all = steps.map(step => live(frame, step))
  const open = () => all.filter(({instance}) => !isSettled(drive.ledger.state(), instance))
  while (open().length > 0) {
    const isHalted = () => all.some(({instance}) => ['failed', 'unknown'].includes(drive.ledger.state().steps[instance]?.status ?? ''))
    const branch: Drive = {...drive, isBranch: true}
    // A branch that throws (a lost lease, a full disk) ends the run; the others are heard out first.
    const ended = await Promise.allSettled(open().map(step => driveStep(branch, step, isHalted)))
    const broken = ended.find(each => each.status === 'rejected')
    if (broken) throw broken.reason
    for (const each of ended) if (each.status === 'fulfilled' && each.value !== null && each.value !== 'rewind' && each.value.reason === 'interrupted') return each.value
    for (const step of open().filter(({instance}) => drive.ledger.state().steps[instance] !== undefined)) {
      const parked = await driveStep(drive, step)
      if (parked) return parked
    }
  }
  return null
}
