/**
 * Where records lie: the inside of the journal, below its port. Two implementations: SQLite and memory. Everything is
 * synchronous, because a transaction must not be interleaved with anything else of this process.
 */
import type {StopReason} from '../incident/events.ts'
import type {Hlc} from './hlc.ts'
import type {Head} from './journal.ts'
import type {OrderKey} from './order-key.ts'

/** A record as stored: its canonical text, and what is derived from it to find it by. */
export interface Row {
  readonly id: string
  readonly incident: string | null
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly hash: string
  readonly hlc: Hlc
  readonly kind: string
  readonly run: string | null
  readonly record: string
}

/** A row as it was found. */
export interface StoredRow extends Row {
  /** False: it is not what was stored, or its checksum is not. */
  readonly isWhole: boolean
}

/** One line of a scan in record order. */
export interface Scanned {
  readonly key: OrderKey
  readonly kind: string
  readonly record: string
  /** False: the disk gave back something else than it was given. */
  readonly isWhole: boolean
}

export interface Scan {
  readonly after?: OrderKey
  readonly incident?: string | null
  readonly run?: string
  readonly kinds?: readonly string[]
  readonly last?: number
  readonly idPart?: string
  readonly incidentPart?: string
}

export interface Snapshot {
  readonly name: string
  readonly key: string
  readonly version: number
  /** Null: over all incidents. */
  readonly incident: string | null
  /** The last record folded into `state`. */
  readonly cursor: OrderKey
  /** JSON. */
  readonly state: string
  /** `snapshotSum` of the rest: one that does not fit is not used. */
  readonly sum: number
}

export interface LeaseRow {
  readonly name: string
  readonly holder: string
  readonly fence: number
  readonly expiresMs: number
}

/** How a timer stands by the last event about it, and who is at it. One that is over keeps its name, its key and its fence. */
export interface TimerRow {
  readonly id: string
  readonly state: 'set' | 'over'
  /** Whose record set it. */
  readonly origin: string
  readonly incident: string | null
  readonly what: string
  readonly dueMs: number
  /** The event that decided. */
  readonly key: OrderKey
  /** Empty: nobody. */
  readonly owner: string
  readonly fence: number
  readonly claimedUntilMs: number
}

/** Where a stream does not go on by itself; `skipped`: a person left that record out, incomplete from there for ever. */
export interface StoppedStream {
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly state: 'stopped' | 'skipped'
  readonly reason: StopReason
  readonly detail: string
  /** SHA-256 of the raw bytes, which lie in `file`. */
  readonly digest: string
  readonly file: string
  /** What the record says its hash is: the next one's `prev`, should this one be skipped. Empty when it cannot be read. */
  readonly claimed: string
}

/** A batch of this stream was begun at `seq`, and not ended if this is still there: see `import-records.ts`. */
export interface Applying {
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly tries: number
}

export interface MetaValues {
  readonly origin: string
  readonly epoch: number
  readonly machine: string
}

/** Where the next record of our own goes. */
export interface Tip {
  readonly origin: string
  readonly epoch: number
  /** The newest record of our own chain; undefined: there is none. */
  readonly head: {readonly seq: number; readonly hash: string; readonly hlc: Hlc} | undefined
  /** The latest reading of any record, however far ahead of us its clock was. */
  readonly newest: Hlc | undefined
}

/** A record by when it came in, whatever time it bears: places are never given twice. */
export interface Arrival {
  readonly place: number
  readonly id: string
}

/** What may be asked, inside a transaction or outside. */
export interface Reading {
  meta(): MetaValues | undefined
  byId(id: string): Row | undefined
  byPlace(origin: string, epoch: number, seq: number): Row | undefined
  /** The newest record of an (origin, epoch). */
  head(origin: string, epoch: number): (Head & {readonly hlc: Hlc}) | undefined
  heads(): readonly Head[]
  /** The latest reading of any record that is not later than `notAfterMs`. */
  latestHlc(notAfterMs: number): Hlc | undefined
  /** In record order, one at a time: a history of a million is never held at once. Finish it before writing. */
  scan(scan: Scan): Iterable<Scanned>
  /** One (origin, epoch) in the order of its chain. */
  stream(origin: string, epoch: number, fromSeq: number): Iterable<StoredRow>
  /** The record that came in last; undefined: there is none, or it cannot be said. */
  newestArrival(): Arrival | undefined
  /** Incidents of the records that came in after this one, and how many those are; undefined: it did not come in there. */
  arrivedAfter(arrival: Arrival): {readonly incidents: readonly string[]; readonly records: number} | undefined
  snapshot(name: string, key: string): Snapshot | undefined
  lease(name: string): LeaseRow | undefined
  stopped(): readonly StoppedStream[]
  applying(origin: string, epoch: number): Applying | undefined
  /** Every row, counted without an index: a row no index leads to is a flaw. */
  count(): number
  /** What the store itself finds wrong with how it lies on disk (an index that disagrees with its table); null: nothing. */
  selfCheck(): string | null
}

/** What may be done inside a transaction. */
export interface Writing extends Reading {
  /** All an append must know, in one look: every statement counts there. Undefined: the journal has no identity yet. */
  tip(): Tip | undefined
  setMeta(values: MetaValues): void
  insert(row: Row): void
  saveSnapshot(snapshot: Snapshot): void
  /** Snapshots a record at `key` falls behind: those of its incident and those over all incidents. */
  dropSnapshots(incident: string | null, key: OrderKey): void
  saveLease(lease: LeaseRow): void
  timer(id: string): TimerRow | undefined
  /** Every timer, by when it is due. */
  timers(): readonly TimerRow[]
  /** Set by this origin and due, longest due first, at most `most`. */
  dueTimers(origin: string, nowMs: number, most: number): readonly TimerRow[]
  saveTimer(timer: TimerRow): void
  dropTimers(): void
  saveStopped(stream: StoppedStream): void
  forgetStopped(stream: Pick<StoppedStream, 'origin' | 'epoch' | 'seq'>): void
  saveApplying(applying: Applying): void
  forgetApplying(origin: string, epoch: number): void
}

export interface Store {
  /** A consistent look: what `work` reads belongs to one moment. */
  read<T>(work: (reading: Reading) => T): T
  /** All or nothing, durable when it returns; whatever `work` throws undoes it and is thrown on. */
  write<T>(work: (writing: Writing) => T): T
  /** The same for what may as well be left out (a snapshot): waits for nobody. */
  tryWrite(work: (writing: Writing, store: Store) => void): void
  /** Changes whenever another connection committed. */
  version(): number
  close(): void
}
