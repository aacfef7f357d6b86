import {boardProjection, incidentProjection} from '../incident/projections.ts'
import type {IncidentState} from '../incident/state.ts'
import type {Desk} from './desk.ts'

/** Incidents, newest opening first: the open ones, or all that were ever recorded. */
export async function listIncidents(desk: Desk, {all = false}: {readonly all?: boolean}): Promise<readonly IncidentState[]> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const ids = all ? (await journal.incidents()).map(({id}) => id) : Object.keys(board.open)
  const states = await journal.foldAll(ids.map(incidentProjection))
  return states.toSorted((a, b) => ((a.opened?.at ?? '') < (b.opened?.at ?? '') ? 1 : -1))
}
