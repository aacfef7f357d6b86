import {boardProjection} from '../incident/projections.ts'
import type {Desk, Done} from './desk.ts'
import {findEntry} from './find-entry.ts'
import {meantIncident} from './meant-incident.ts'
import {recordIntention} from './record-intention.ts'

/** Hides an entry's text in every view, page and export. The record itself keeps its hash and is not rewritten. */
export async function redactEntry(desk: Desk, input: {readonly entry: string; readonly why: string; readonly id?: string | undefined}): Promise<Done> {
  const journal = await desk.journal()
  const incident = await meantIncident(desk, journal, await journal.fold(boardProjection), 'look')
  const {entry} = await findEntry(journal, incident, input.entry)
  return recordIntention(desk, {intend: 'redact', entry, why: input.why}, {id: input.id}, {incident})
}
