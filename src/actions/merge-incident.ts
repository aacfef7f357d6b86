import {boardProjection, incidentProjection} from '../incident/projections.ts'
import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {findIncident} from './meant-incident.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** Ends one incident as a part of another. Its entries stay where they are; its rods move along. */
export async function mergeIncident(
  desk: Desk,
  {incident, into, why, ...writing}: Writing & {readonly incident: string; readonly into: string; readonly why?: string | undefined},
): Promise<Done> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  const from = await findIncident(journal, board, incident)
  const target = await journal.fold(incidentProjection(await findIncident(journal, board, into)))
  return recordIntention(desk, {intend: 'merge', into: target, ...defined({why})}, writing, {incident: from})
}
