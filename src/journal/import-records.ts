import {Fault} from '../lib/fault.ts'
import {sha256Hex} from '../lib/sha256.ts'
import {type Applied, applyRecord, type CheckData, endOfStream, isStopped, type Stop} from './apply-record.ts'
import {Attempt} from './attempt.ts'
import {diskProblem} from './disk-problem.ts'
import {MAX_SKEW_MS} from './hlc.ts'
import type {Head, Imported, Lines} from './journal.ts'
import type {Keeper} from './keeper.ts'
import {type Line, type OpenedRecord, openLine, type Place} from './open-line.ts'
import type {Quarantine} from './quarantine.ts'
import {recordDrafts} from './record-drafts.ts'
import type {StoppedStream, Writing} from './store.ts'
import type {StoreAccess} from './store-access.ts'

export interface ImportParts {
  readonly keeper: Keeper
  readonly access: StoreAccess
  readonly quarantine: Quarantine
}

/** Records of one transaction. */
const BATCH = 256
/** A record that ended the process so often is not tried again: a bug of ours must not become a loop. */
const MOST_TRIES = 3

interface Taken {
  readonly added: number
  readonly duplicates: number
  /** Records that came too early: the end of their stream, and how far it is known to reach. */
  readonly early: readonly Place[]
  readonly stops: readonly Stop[]
  /** Records that were not taken because their stream stands stopped. */
  readonly left: readonly Pick<Place, 'origin' | 'epoch'>[]
}

/**
 * Takes records of other journals, one a line. A record that cannot be taken stops its stream: its bytes go to quarantine
 * first, then one `stream.stopped` into our own record; the other streams go on. The same lines again add nothing and record
 * nothing twice; what was not taken of a stream that stands stopped is answered each time.
 * @throws Fault journal.unwritable · journal.busy; what was committed before stays, and is a duplicate next time
 */
export async function importRecords(parts: ImportParts, lines: Lines): Promise<Imported> {
  const {checkData} = await import('./schemas/check-data.ts')
  const taken: Taken[] = []
  let batch: Line[] = []
  for await (const raw of lines) {
    const line = trimmed(raw)
    if (line.length > 0) batch.push(openLine(line))
    if (batch.length < BATCH) continue
    taken.push(...takeBatch(parts, batch, checkData))
    batch = []
  }
  taken.push(...takeBatch(parts, batch, checkData))
  return summary(parts, taken)
}

function summary(parts: ImportParts, taken: readonly Taken[]): Imported {
  const left = leftOf(
    parts,
    taken.flatMap(({left}) => left),
  )
  return {
    added: taken.reduce((sum, {added}) => sum + added, 0),
    duplicates: taken.reduce((sum, {duplicates}) => sum + duplicates, 0),
    gaps: gapsOf(
      parts,
      taken.flatMap(({early}) => early),
    ),
    stops: taken.flatMap(({stops}) => stops.map(({origin, epoch, seq, reason, detail}) => ({origin, epoch, seq, reason, detail}))),
    ...(left.length > 0 && {left}),
  }
}

/** By stream: where it stands stopped, and how many records that kept out. */
function leftOf({access}: ImportParts, places: Taken['left']): NonNullable<Imported['left']> {
  if (places.length === 0) return []
  const marks = access.read(reading => reading.stopped())?.done ?? []
  return marks.flatMap(({state, origin, epoch, seq}) => {
    const records = places.filter(place => state === 'stopped' && place.origin === origin && place.epoch === epoch).length
    return records > 0 ? [{origin, epoch, seq, records}] : []
  })
}

/** Where streams end now that are known to reach further: ask again from there. */
function gapsOf({access}: ImportParts, early: readonly Place[]): readonly Head[] {
  const furthest = new Map(early.toSorted((a, b) => a.seq - b.seq).map(place => [`${place.origin}/${place.epoch}`, place]))
  const looked = access.read(reading => {
    const marks = reading.stopped()
    return [...furthest.values()].flatMap(({origin, epoch, seq}) => {
      const end = endOfStream(reading, {origin, epoch}, marks)
      return end.seq < seq && !isStopped(marks, {origin, epoch}) ? [{origin, epoch, seq: end.seq, hash: end.hash ?? ''}] : []
    })
  })
  return looked?.done ?? []
}

function trimmed(raw: Uint8Array | string): Uint8Array | string {
  if (typeof raw === 'string') return raw.replace(/[\r\n]+$/, '')
  let end = raw.length
  while (end > 0 && (raw[end - 1] === 0x0a || raw[end - 1] === 0x0d)) end -= 1
  return raw.subarray(0, end)
}

/**
 * The marker is durable before the batch and cleared by its transaction: found again, the batch ended the process (a bug,
 * memory, or merely a power cut), and its records are taken one by one until the guilty one is known.
 */
function takeBatch(parts: ImportParts, lines: readonly Line[], checkData: CheckData): readonly Taken[] {
  if (lines.length === 0) return []
  const wasCutOff = write(parts, writing => mark(writing, lines) > 1)
  if (!wasCutOff) return [write(parts, writing => take(parts, writing, lines, checkData))]
  return lines.map(line => {
    const tries = write(parts, writing => mark(writing, [line]))
    return write(parts, writing => take(parts, writing, [line], tries > MOST_TRIES ? undefined : checkData))
  })
}

/** Marks each stream of the batch at the record it will take first; answers how often one was begun, this time included. */
function mark(writing: Writing, lines: readonly Line[]): number {
  const marks = writing.stopped()
  const first = new Map<string, OpenedRecord>()
  for (const line of lines) {
    if (!line.opened) continue
    const {record} = line
    const stream = `${record.origin}/${record.epoch}`
    if (!first.has(stream) && !isStopped(marks, record) && record.seq === endOfStream(writing, record, marks).seq + 1) first.set(stream, record)
  }
  let most = 0
  for (const {origin, epoch, seq} of first.values()) {
    const before = writing.applying(origin, epoch)
    const tries = before?.seq === seq ? before.tries + 1 : 1
    writing.saveApplying({origin, epoch, seq, tries})
    most = Math.max(most, tries)
  }
  return most
}

/** Without `checkData` the records are not tried again. */
function take(parts: ImportParts, writing: Writing, lines: readonly Line[], checkData: CheckData | undefined): Taken {
  let marks = writing.stopped()
  let added = 0
  let duplicates = 0
  const early: Place[] = []
  const stops: Stop[] = []
  const left: Taken['left'][number][] = []
  for (const line of lines) {
    const {origin, epoch} = line.opened ? line.record : line.place
    const applied = checkData ? apply(writing, line, marks, checkData) : crashed(line)
    if (applied.outcome === 'duplicate') duplicates += 1
    if (applied.outcome === 'stopped') left.push({origin, epoch})
    if (applied.outcome === 'gap' && line.opened) early.push({origin, epoch, seq: line.record.seq})
    if (applied.outcome === 'added') {
      added += 1
      if (line.opened) watchClock(parts, line.record)
    }
    if (applied.outcome === 'stop') {
      stopStream(parts, writing, line.bytes, applied.stop)
      stops.push(applied.stop)
      marks = writing.stopped()
    }
    // Not for a duplicate: the guilty record may be the next one of this stream.
    if (applied.outcome === 'added' || applied.outcome === 'stop') writing.forgetApplying(origin, epoch)
  }
  return {added, duplicates, early, stops, left}
}

/** A throw is a bug of ours, and a stop of that stream: it must not end the import of the others, or loop. */
function apply(writing: Writing, line: Line, marks: readonly StoppedStream[], checkData: CheckData): Applied {
  try {
    return applyRecord(writing, line, marks, checkData)
  } catch (error) {
    if (diskProblem(error)) throw error
    return crashed(line)
  }
}

function crashed(line: Line): Applied {
  const {origin, epoch, seq} = line.opened ? line.record : line.place
  return {outcome: 'stop', stop: {origin, epoch, seq, reason: 'crashed', detail: 'scram failed on it', claimed: line.opened ? line.record.hash : ''}}
}

function stopStream({keeper, quarantine}: ImportParts, writing: Writing, bytes: Uint8Array, {origin, epoch, seq, reason, detail, claimed}: Stop): void {
  const digest = sha256Hex(bytes)
  const file = `${origin}-${epoch}-${seq}-${digest.slice(0, 16)}.record`
  quarantine.keep(file, bytes)
  writing.saveStopped({origin, epoch, seq, state: 'stopped', reason, detail, digest, file, claimed})
  recordDrafts(writing, null, [{kind: 'stream.stopped', data: {stream: origin, epoch, seq, reason, digest, detail}}], new Attempt(keeper).writer([]))
}

function watchClock({keeper, access}: ImportParts, {origin, hlc}: {readonly origin: string; readonly hlc: readonly [number, number]}): void {
  const aheadMs = hlc[0] - keeper.clock.now()
  if (aheadMs <= MAX_SKEW_MS) return
  access.note({code: 'clock-skew', message: `the clock of ${origin} is ${Math.round(aheadMs / 1000)} s ahead of ours`, hints: ['timedatectl status']})
}

function write<T>({access}: ImportParts, work: (writing: Writing) => T): T {
  const written = access.write(work)
  if (written) return written.done
  throw new Fault('journal.unwritable', 'the journal cannot be written; the rest was not imported', {hints: ['scram doctor']})
}
