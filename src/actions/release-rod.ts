import type {Recorded} from '../incident/events.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'
import {withdrawRod} from './withdraw-rod.ts'

/**
 * The guarded withdrawal of a rod whose expiry passed and that asked for it (`on_expiry: release`). Its guard decides, as
 * for a person; where it does not pass the rod is held, and people are reminded. Answers with what was recorded last.
 * @throws Fault as `withdrawRod`
 */
export async function releaseRod(desk: Desk, rod: Rod, signal: AbortSignal): Promise<Recorded> {
  const {outcome, held} = await withdrawRod(desk, {rod: rod.id, why: 'its expiry passed, and it asked to be released then'}, signal)
  return held ?? outcome
}
