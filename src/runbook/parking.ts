import {shortId} from '../lib/ids.ts'
import {shellQuote} from '../lib/text.ts'
import type {Drive, Parked, Standing} from './drive.ts'
import type {Live} from './frames.ts'

/** What a run waits for at a step, with the commands that move it on; `asked`: the flags that `done` wants. */
export function waitsFor(
  drive: Drive,
  step: Standing & Pick<Live, 'mustAsk'>,
  reason: Exclude<Parked['reason'], 'interrupted'> | 'bad-input',
  needs: string,
  asked = '',
): Parked {
  const {instance} = step
  const run = shortId(drive.ledger.state().run)
  // `patch[canary]/push` is a pattern to a shell.
  const typed = shellQuote(instance)
  const skip = `scram skip ${typed} --why TEXT`
  const abort = `scram abort ${run} --why TEXT`
  switch (reason) {
    case 'confirm':
      return {step: instance, reason, needs, exit: 4, answers: [`scram resume ${run}${step.mustAsk ? '' : ' --yes'}`, skip, abort]}
    case 'manual':
      return {step: instance, reason, needs, exit: 4, answers: [`scram done ${typed}${asked}`, skip, abort]}
    case 'approve':
      return {step: instance, reason, needs, exit: 4, answers: [`scram approve ${typed}`, `scram resume ${run}`, skip, abort]}
    case 'unknown':
      return {step: instance, reason, needs, exit: 4, answers: [`scram done ${typed}`, `scram retry ${typed}`, skip, abort]}
    case 'failed':
      return {step: instance, reason, needs, exit: 1, answers: [`scram retry ${typed}`, skip, abort]}
    case 'bad-input':
      // Tried again it says the same: what is wrong stands in the text, unless the world has changed.
      return {step: instance, reason: 'failed', needs, exit: 1, answers: [`scram resume ${run} --amend FILE`, `scram retry ${typed}`, skip, abort]}
    default:
      return reason satisfies never
  }
}

/** Ctrl-C: everything is recorded, nothing waits for an answer. */
export function interruptedAt(drive: Drive, {instance}: Standing): Parked {
  const run = shortId(drive.ledger.state().run)
  return {step: instance, reason: 'interrupted', needs: 'to be resumed', answers: [`scram resume ${run}`], exit: 130}
}
