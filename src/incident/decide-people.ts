import {type Act, active, isRefusal, record, refuse} from './decision.ts'
import type {Decision, World} from './intentions.ts'
import {required, typed, typedLine} from './typed-text.ts'

/** Gives a role to somebody. */
export function decideAssign(world: World, intention: Act<'assign'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  const to = typedLine(intention.to)
  if (to === '') return refuse('text.empty', `nobody is named for ${intention.role}`)
  return record(intention, [{kind: 'role.assigned', data: {role: intention.role, to}}])
}

/** Offers command; it moves only when it is taken. */
export function decideHandoff(world: World, intention: Act<'handoff'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  const to = required('the name', intention.to)
  if (isRefusal(to)) return to
  const text = intention.text === undefined ? '' : typed(intention.text)
  return record(intention, [{kind: 'handoff.offered', data: {to: typedLine(to), ...(text !== '' && {text})}}])
}

/** Takes command: the answer to an offer, or simply stepping in. */
export function decideTake(world: World, intention: Act<'take'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  const {actor} = intention
  const {ic} = state.roles
  const isOffered = state.handoff?.to.toLowerCase() === actor.toLowerCase()
  const data = {to: actor, ...(ic !== undefined && ic !== actor && {from: ic}), ...(state.handoff && isOffered && {offer: state.handoff.offer})}
  return record(intention, [{kind: 'handoff.taken', data}])
}
