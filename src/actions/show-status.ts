import type {Board} from '../incident/board-state.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import type {IncidentState} from '../incident/state.ts'
import type {Trouble} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'
import {meantIncident} from './meant-incident.ts'
import {type RunNow, runsNow} from './runs-now.ts'

export interface Status {
  /** The current incident; null when none is open, or several are and none is chosen. */
  readonly current: IncidentState | null
  readonly board: Board
  /** Not finished. */
  readonly runs: readonly RunNow[]
  readonly now: number
  readonly trouble: readonly Trouble[]
}

/** Where am I: answers from the record alone and asks nobody outside. */
export async function showStatus(desk: Desk): Promise<Status> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const id = await meantIncident(desk, journal, board, 'maybe').catch(error => {
    // Several open and none chosen is a state to show here, not a refusal.
    if (error instanceof Fault && error.code === 'incident.several') return null
    throw error
  })
  const current = id === null ? null : await journal.fold(incidentProjection(id))
  return {current, board, runs: await runsNow(journal, board), now: desk.clock.now(), trouble: journal.trouble()}
}
