import {renameSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Recorded} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {syncFolder} from '../lib/files.ts'
import {GENESIS} from './chain.ts'
import type {EmergencyLog} from './emergency-log.ts'
import type {EmergencyRecord} from './emergency-record.ts'
import {orderKeyOf} from './order-key.ts'
import {rowOf, sameContent} from './record-drafts.ts'
import type {Store, Writing} from './store.ts'
import {projectTimer} from './timers.ts'

export interface EmergencyImport {
  readonly imported: number
  /** Already in the record: a row of a failed commit that came to light, or an import that was cut off. */
  readonly duplicates: number
  /** Kept in their file, with the reason. */
  readonly refused: readonly {readonly id: string; readonly reason: string}[]
  /** The logs that are settled, under their new names. */
  readonly settled: readonly string[]
}

/**
 * Gives every waiting emergency record its place at the end of our chain; its time stays what it was, so the timeline shows
 * it where it happened. Durable, then the log is renamed `.imported`, never deleted. Twice is once.
 */
export function importEmergency(store: Store, log: EmergencyLog): EmergencyImport {
  let imported = 0
  let duplicates = 0
  const refused: {id: string; reason: string}[] = []
  for (const record of log.records()) {
    const outcome = takeOne(store, record)
    if (outcome === 'imported') imported += 1
    else if (outcome === 'duplicate') duplicates += 1
    else refused.push({id: record.id, reason: outcome.reason})
  }
  const settled = refused.length > 0 ? [] : log.files().flatMap(file => settle(file) ?? [])
  return {imported, duplicates, refused, settled}
}

function takeOne(store: Store, record: EmergencyRecord): 'imported' | 'duplicate' | {readonly reason: string} {
  try {
    return store.write(writing => chain(writing, record))
  } catch (error) {
    if (error instanceof Fault) return {reason: error.message}
    throw error
  }
}

function chain(writing: Writing, {home: _, sum: __, v: ___, ...event}: EmergencyRecord): 'imported' | 'duplicate' {
  const stored = writing.byId(event.id)
  if (stored) {
    sameContent(JSON.parse(stored.record) as Recorded, event, {}) // checked when it came in
    return 'duplicate'
  }
  const meta = writing.meta()
  if (!meta) throw new Fault('bug', 'the journal has no origin')
  const {origin, epoch} = meta
  const head = writing.head(origin, epoch) ?? {seq: 0, hash: GENESIS}
  const row = rowOf(event, {origin, epoch, seq: head.seq + 1, prev: head.hash})
  writing.insert(row)
  projectTimer(writing, row)
  writing.dropSnapshots(row.incident, orderKeyOf(row))
  return 'imported'
}

/** Not while its process lives: what it writes next would go to a file nobody looks at. */
function settle({path, pid}: {readonly path: string; readonly pid: number}): string | undefined {
  if (pid !== process.pid && isRunning(pid)) return undefined
  renameSync(path, `${path}.imported`)
  syncFolder(dirname(path))
  return `${path}.imported`
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
