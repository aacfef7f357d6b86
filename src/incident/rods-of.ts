import {type Board, maybeIn, type RodState} from './board-state.ts'

/** The rods of an incident that are not known to be withdrawn, by name. */
export function rodsStillIn({rods}: Board, incident: string): readonly RodState[] {
  return Object.values(rods)
    .filter(rod => rod.incident === incident && maybeIn(rod))
    .sort((a, b) => (a.rod < b.rod ? -1 : 1))
}
