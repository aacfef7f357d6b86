import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'
import {withdrawRod} from './withdraw-rod.ts'
import {isDueForRelease} from './withdrawal-terms.ts'

/**
 * The guarded withdrawal of a rod whose expiry passed and that asked for it (`on_expiry: release`). Its guard decides, as
 * for a person; where it does not pass the rod is held, and people are reminded. Answers with what was recorded last; null
 * where there was nothing to do: another watcher or a person is at it, or it was extended or withdrawn since somebody
 * looked.
 * @throws Fault as `withdrawRod`
 */
export async function releaseRod(desk: Desk, rod: Rod, signal: AbortSignal): Promise<Recorded | null> {
  try {
    const {outcome, held} = await withdrawRod(desk, {rod: rod.id, why: 'its expiry passed, and it asked to be released then', expired: true}, signal)
    return held ?? outcome
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.code === 'rod.busy' || (error.code === 'guard.refused' && !(await isStillDue(desk, rod.id)))) return null
    throw error
  }
}

async function isStillDue(desk: Desk, rod: string): Promise<boolean> {
  return isDueForRelease((await (await desk.journal()).fold(boardProjection)).rods[rod], desk.clock.now())
}
