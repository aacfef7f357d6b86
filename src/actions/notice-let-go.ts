import type {Board, RodState} from '../incident/board-state.ts'
import type {Recorded} from '../incident/events.ts'
import {othersIn} from '../incident/rods-of.ts'
import type {Rod} from '../rods/rod.ts'
import {verifyRod} from '../rods/verify-rod.ts'
import type {Desk} from './desk.ts'
import {propose} from './record-intention.ts'

/**
 * Past the expiry of a rod whose target was told it (`ttl: native`): asks whether it is out by now, which is no drift, and
 * records it. Null where it is not seen to be out, or somebody moved it meanwhile: then it is treated as any other rod.
 * @throws Fault rod.unreachable · config.invalid · secret.missing
 */
export async function noticeLetGo(desk: Desk, board: Board, rod: Rod, state: RodState, signal: AbortSignal): Promise<Recorded | null> {
  const why = 'its expiry passed, and its target let go by itself'
  const {kind, data} = await verifyRod(rod, {to: 'withdrawn', why}, {clock: desk.clock, signal, masks: othersIn(board, rod.id)})
  if (kind !== 'rod.withdrawn') return null
  const intent = state.intent ?? ''
  const settle = {...data, intent, ttl: 'native' as const, ...(intent !== '' && {settles: intent})}
  const {events} = await propose(desk, state.incident, {
    intend: 'settle-rod',
    settle,
    as: kind,
    asOf: {status: state.status, since: state.since, intent: state.intent},
  })
  return events.at(-1) ?? null
}
