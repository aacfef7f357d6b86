import {shortId} from '../lib/ids.ts'
import type {Drive, Parked, Standing} from './drive.ts'

/** What a run waits for at a step, with the commands that move it on. */
export function waitsFor(drive: Drive, {instance}: Standing, reason: Exclude<Parked['reason'], 'interrupted'>, needs: string): Parked {
  const run = shortId(drive.ledger.state().run)
  const skip = `scram skip ${instance} --why TEXT`
  const abort = `scram abort ${run} --why TEXT`
  switch (reason) {
    case 'confirm':
      return {step: instance, reason, needs, exit: 4, answers: [`scram resume ${run} --yes`, skip, abort]}
    case 'manual':
      return {step: instance, reason, needs, exit: 4, answers: [`scram done ${instance}`, skip, abort]}
    case 'approve':
      return {step: instance, reason, needs, exit: 4, answers: [`scram approve ${instance}`, `scram resume ${run}`, skip, abort]}
    case 'unknown':
      return {step: instance, reason, needs, exit: 4, answers: [`scram done ${instance}`, `scram retry ${instance}`, skip, abort]}
    case 'failed':
      return {step: instance, reason, needs, exit: 1, answers: [`scram retry ${instance}`, skip, abort]}
    default:
      return reason satisfies never
  }
}

/** Ctrl-C: everything is recorded, nothing waits for an answer. */
export function interruptedAt(drive: Drive, {instance}: Standing): Parked {
  const run = shortId(drive.ledger.state().run)
  return {step: instance, reason: 'interrupted', needs: 'to be resumed', answers: [`scram resume ${run}`], exit: 130}
}
