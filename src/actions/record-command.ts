import type {EventData} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Desk, Done} from './desk.ts'
import {meantIncident} from './meant-incident.ts'
import {recordIntention} from './record-intention.ts'

/**
 * The incident a command that is about to run will be recorded in; null: none is open. Asked beforehand, because a
 * refusal afterwards would leave something done and unrecorded.
 * @throws Fault incident.several · incident.not-found · usage.ambiguous
 */
export async function incidentOfCommand(desk: Desk): Promise<string | null> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  return meantIncident(desk, journal, board, 'maybe')
}

/** Records a command that ran. Redaction is the journal's. */
export async function recordCommand(desk: Desk, incident: string | null, data: EventData['command.ran']): Promise<Done> {
  return recordIntention(desk, {intend: 'record-command', data}, {}, incident === null ? {want: 'maybe'} : {incident})
}
