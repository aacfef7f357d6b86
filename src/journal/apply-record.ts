import type {StopReason} from '../incident/events.ts'
import {GENESIS, hashOf} from './chain.ts'
import {isKnownKind} from './known-kinds.ts'
import type {Line, OpenedRecord, Place} from './open-line.ts'
import {orderKeyOf} from './order-key.ts'
import {runOf} from './record-drafts.ts'
import type {Reading, Row, StoppedStream, Writing} from './store.ts'
import {projectTimer} from './timers.ts'

export interface Stop extends Place {
  readonly reason: StopReason
  readonly detail: string
  /** What the next record will link to, if this one is left out; empty when nobody can say. */
  readonly claimed: string
}

export type Applied = {readonly outcome: 'added' | 'duplicate' | 'gap' | 'stopped'} | {readonly outcome: 'stop'; readonly stop: Stop}

/** Says what is wrong with the data of a known kind; undefined: nothing. */
export type CheckData = (kind: string, data: unknown) => string | undefined

/**
 * One record of a stream, checked against what the stream is so far. The
 * answer is a value whatever comes in; only a failing disk throws.
 */
export function applyRecord(writing: Writing, line: Line, marks: readonly StoppedStream[], checkData: CheckData): Applied {
  const place = line.opened ? line.record : line.place
  if (isStopped(marks, place)) return {outcome: line.opened && isStored(writing, line.record) ? 'duplicate' : 'stopped'}
  if (!line.opened) return {outcome: 'stop', stop: {...line.place, reason: line.reason, detail: line.detail, claimed: line.claimed}}
  const {record, text} = line
  const stop = (reason: StopReason, detail: string, claimed = ''): Applied => ({
    outcome: 'stop',
    stop: {origin: record.origin, epoch: record.epoch, seq: record.seq, reason, detail, claimed},
  })
  const end = endOfStream(writing, record, marks)
  if (record.seq <= end.seq) {
    const stored = writing.byPlace(record.origin, record.epoch, record.seq)
    return !stored || stored.hash === record.hash ? {outcome: 'duplicate'} : stop('fork', `another record has the place ${record.seq}`)
  }
  if (record.seq !== end.seq + 1) return {outcome: 'gap'}
  if (end.hash !== undefined && record.prev !== end.hash) return stop('corrupt', 'it does not follow the record before it')
  if ('withheld' in record) return stop('invalid', 'its data was withheld by the export', record.hash)
  if (hashOf(record) !== record.hash) return stop('corrupt', 'its hash does not fit its text')
  if (writing.byId(record.id)) return stop('fork', `the id ${record.id} names another record`, record.hash)
  const wrong = isKnownKind(record.kind) ? checkData(record.kind, record.data) : undefined
  if (wrong !== undefined) return stop('invalid', wrong, record.hash)
  const row = rowOfRecord(record, text)
  writing.insert(row)
  projectTimer(writing, row)
  writing.dropSnapshots(row.incident, orderKeyOf(row))
  return {outcome: 'added'}
}

function isStored(reading: Reading, {origin, epoch, seq, hash}: OpenedRecord): boolean {
  return reading.byPlace(origin, epoch, seq)?.hash === hash
}

export function isStopped(marks: readonly StoppedStream[], {origin, epoch}: Pick<Place, 'origin' | 'epoch'>): boolean {
  return marks.some(mark => mark.state === 'stopped' && mark.origin === origin && mark.epoch === epoch)
}

/** The last place that is settled: stored, or left out by a person. An unknown hash is undefined. */
export function endOfStream(
  reading: Reading,
  {origin, epoch}: Pick<Place, 'origin' | 'epoch'>,
  marks: readonly StoppedStream[],
): {readonly seq: number; readonly hash: string | undefined} {
  let end: {seq: number; hash: string | undefined} = reading.head(origin, epoch) ?? {seq: 0, hash: GENESIS}
  for (;;) {
    const next = marks.find(mark => mark.state === 'skipped' && mark.origin === origin && mark.epoch === epoch && mark.seq === end.seq + 1)
    if (!next) return end
    end = {seq: next.seq, hash: next.claimed || undefined}
  }
}

function rowOfRecord({id, incident, origin, epoch, seq, hash, hlc, kind, data}: OpenedRecord, record: string): Row {
  return {id, incident, origin, epoch, seq, hash, hlc, kind, run: runOf(data), record}
}
