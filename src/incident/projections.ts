import {boardKinds, evolveBoard} from './board.ts'
import {type Board, emptyBoard} from './board-state.ts'
import type {EventKind, Recorded} from './events.ts'
import {evolve} from './evolve.ts'
import {emptyIncident, type IncidentState} from './state.ts'

/**
 * The two folds of which the journal keeps snapshots, in the shape of its `Projection` (this room knows no journal).
 * Raise `version` whenever a fold or the shape of its state changes: older snapshots are then thrown away.
 */
interface FoldedBy<S> {
  readonly name: string
  readonly key: string
  readonly version: number
  readonly initial: () => S
  readonly evolve: (state: S, event: Recorded) => S
}

/** One incident, from all events of it. */
export function incidentProjection(id: string): FoldedBy<IncidentState> & {readonly incident: string} {
  return {name: 'incident', key: id, version: 1, incident: id, initial: () => emptyIncident(id), evolve}
}

/** All incidents at a glance. */
export const boardProjection: FoldedBy<Board> & {readonly kinds: readonly EventKind[]} = {
  name: 'board',
  key: '',
  version: 8,
  kinds: boardKinds,
  initial: emptyBoard,
  evolve: evolveBoard,
}
