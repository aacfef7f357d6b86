import {boardProjection} from '../incident/projections.ts'
import type {Desk} from './desk.ts'
import {findIncident} from './meant-incident.ts'

export interface ExportQuery {
  /** Any unique part of an id; absent: the whole record. */
  readonly incident?: string | undefined
  /** Without the text of redacted entries. */
  readonly redacted: boolean
}

/** The record, one canonical line each. @throws Fault incident.not-found · usage.ambiguous */
export async function exportTimeline(desk: Desk, {incident, redacted}: ExportQuery): Promise<AsyncIterable<string>> {
  const journal = await desk.journal()
  if (incident === undefined) return journal.export({redacted})
  return journal.export({incident: await findIncident(journal, await journal.fold(boardProjection), incident), redacted})
}

/** Into a file only its owner may read, in one step: a half export never has its name. @throws Fault output.failed */
export async function exportTimelineTo(desk: Desk, file: string, query: ExportQuery): Promise<{readonly file: string; readonly records: number}> {
  const lines = await exportTimeline(desk, query)
  const {writeLinesTo} = await import('./write-lines.ts')
  return {file, records: await writeLinesTo(file, lines)}
}
