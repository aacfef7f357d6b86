import {maybeIn} from './board-state.ts'
import {type Act, isRefusal, record, refuse} from './decision.ts'
import type {Decision, World} from './intentions.ts'
import {own} from './own.ts'
import {required, typed} from './typed-text.ts'

/** The intent of a move, recorded before the rod is touched. Where the rod is now refuses nothing: the world decides. */
export function decideMove(intention: Act<'insert-rod' | 'withdraw-rod'>): Decision {
  const {intend, move} = intention
  const nonsense = nameless(move.rod, move.to)
  if (nonsense) return nonsense
  // A reason is welcome to withdraw; only putting functionality out of service needs one.
  if (intend === 'withdraw-rod') return record(intention, [{kind: 'rod.withdrawing', data: {...move, why: typed(move.why)}}])
  const why = required('the reason', move.why)
  if (isRefusal(why)) return why
  const data = {...move, why}
  if (move.to === 'withdrawn') return refuse('usage.invalid', `to insert ${move.rod} at "withdrawn" is to withdraw it`, `scram out ${move.rod}`)
  return record(intention, [{kind: 'rod.inserting', data}])
}

/** What became of a move: the facts are the rods' room's, and are recorded as they are. */
export function decideSettle(intention: Act<'settle-rod'>): Decision {
  const {settle, as} = intention
  const nonsense = nameless(settle.rod, settle.to)
  if (nonsense) return nonsense
  if (settle.intent === '') return refuse('usage.invalid', `an outcome of ${settle.rod} names no intent`)
  return record(intention, [{kind: as, data: settle}])
}

/** A new expiry for a rod that is in; every extension keeps its reason. */
export function decideExtend({board, now}: World, intention: Act<'extend-rod'>): Decision {
  const {rod: id, expiresAt} = intention
  const rod = own(board.rods, id)
  if (!rod || !maybeIn(rod)) return refuse('guard.refused', `${id} is not in, so nothing expires`, `scram rod show ${id}`)
  if (!(Date.parse(expiresAt) > now)) return refuse('time.invalid', `${id} would be due out at ${expiresAt}, which is not in the future`)
  const why = required('the reason', intention.why)
  return isRefusal(why) ? why : record(intention, [{kind: 'rod.extended', data: {rod: id, expiresAt, why}}])
}

function nameless(rod: string, to: string): ReturnType<typeof refuse> | undefined {
  if (rod === '') return refuse('usage.invalid', 'no rod is named', 'scram rod list')
  return to === '' ? refuse('usage.invalid', `no position is named for ${rod}`, `scram rod show ${rod}`) : undefined
}
