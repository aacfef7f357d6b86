import type {Board} from '../incident/board-state.ts'
import type {Opaque, Recorded} from '../incident/events.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import type {IncidentState} from '../incident/state.ts'
import type {Desk} from './desk.ts'
import {findIncident, meantIncident} from './meant-incident.ts'

export interface Shown {
  readonly state: IncidentState
  readonly board: Board
  readonly now: number
}

/** One incident, folded: the named one, the current one, or the one that ended last. */
export async function showIncident(desk: Desk, part?: string): Promise<Shown> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const id = part === undefined ? await meantIncident(desk, journal, board, 'look') : await findIncident(journal, board, part)
  return {state: await journal.fold(incidentProjection(id)), board, now: desk.clock.now()}
}

/** The same, with every event of it in record order. */
export async function showTimeline(desk: Desk, part?: string): Promise<Shown & {readonly events: readonly (Recorded | Opaque)[]}> {
  const shown = await showIncident(desk, part)
  return {...shown, events: await (await desk.journal()).events({incident: shown.state.id})}
}
