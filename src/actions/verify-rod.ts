import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {othersIn} from '../incident/rods-of.ts'
import {verifyRod as askWorld} from '../rods/verify-rod.ts'
import type {Desk} from './desk.ts'
import type {MovedRod, RodSettled} from './move-rod.ts'
import {propose} from './record-intention.ts'

/**
 * Asks control side and users' path where a rod stands, moves nothing and records the answer: this settles an intent
 * that was cut off, an unverified rod and a drifted one. A rod that never moved is asked about `withdrawn`.
 * @throws Fault rod.not-found · rod.unreachable (nobody answered, nothing is recorded) · config.invalid · secret.missing
 */
export async function verifyRod(desk: Desk, id: string, signal: AbortSignal): Promise<MovedRod> {
  const rod = await (await desk.rods()).get(id)
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  const known = board.rods[id]
  const to = known?.want ?? 'withdrawn'
  const settled = await askWorld(
    rod,
    {to, why: known?.why ?? '', ...(known?.expiresAt && {expiresAt: known.expiresAt})},
    {clock: desk.clock, signal, masks: othersIn(board, id)},
  )
  const intent = known?.intent ?? ''
  const settle = {...settled.data, intent, ...(intent !== '' && {settles: intent})}
  const {events} = await propose(desk, known?.incident ?? null, {intend: 'settle-rod', settle, as: settled.kind})
  return {rod, intent: null, outcome: events[0] as Recorded<RodSettled>}
}
