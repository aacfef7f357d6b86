import {type Board, maybeIn, type RodState} from './board-state.ts'

/** The rods of an incident that are not known to be withdrawn, by name. */
export function rodsStillIn({rods}: Board, incident: string): readonly RodState[] {
  return Object.values(rods)
    .filter(rod => rod.incident === incident && maybeIn(rod))
    .sort((a, b) => (a.rod < b.rod ? -1 : 1))
}

/** Every rod but `rod` that is not known to be withdrawn: what may stand before its probe. */
export function othersIn({rods}: Board, rod: string): readonly string[] {
  return Object.values(rods).flatMap(state => (state.rod !== rod && maybeIn(state) ? [state.rod] : []))
}
