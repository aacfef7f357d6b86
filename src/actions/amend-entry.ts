import {boardProjection} from '../incident/projections.ts'
import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {findEntry} from './find-entry.ts'
import {meantIncident} from './meant-incident.ts'
import {recordIntention, timing} from './record-intention.ts'

export interface AmendEntry {
  /** Number of an update, or part of an entry's id. */
  readonly entry: string
  readonly text?: string | undefined
  /** The time it should have had. */
  readonly at?: string | undefined
  readonly why?: string | undefined
  readonly notify?: boolean | undefined
  readonly id?: string | undefined
}

/** Corrects an entry; the old text and time stay in the record and in its trail. */
export async function amendEntry(desk: Desk, input: AmendEntry): Promise<Done> {
  const journal = await desk.journal()
  const incident = await meantIncident(desk, journal, await journal.fold(boardProjection), 'look')
  const {entry, isUpdate} = await findEntry(journal, incident, input.entry)
  const {at: newAt} = await timing(desk, input.at)
  const {text, why, notify, id} = input
  return recordIntention(desk, {intend: 'amend', entry, isUpdate, ...defined({text, newAt, why, notify})}, {id}, {incident})
}
