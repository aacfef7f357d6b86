import {boardProjection, incidentProjection} from '../incident/projections.ts'
import type {IncidentState} from '../incident/state.ts'
import type {Desk} from './desk.ts'
import {findIncident} from './meant-incident.ts'

/** Makes one incident the current one of this machine until another is chosen; null forgets the choice. */
export async function useIncident(desk: Desk, part: string | null): Promise<IncidentState | null> {
  if (part === null) {
    await desk.choice.use(null)
    return null
  }
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const id = await findIncident(journal, board, part)
  await desk.choice.use(id)
  return journal.fold(incidentProjection(id))
}
