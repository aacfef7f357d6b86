/**
 * The record: an append-only journal, one per machine, written by several processes at once. This is its port; the
 * SQLite store and the memory store pass one contract suite (`test/contracts/journal.ts`).
 *
 * Promises: `append` resolves only when the events are durable; they are chained one after another, in one transaction,
 * after redaction. A repeat with the same ids and the same content is a success that adds nothing. Nothing is ever
 * edited or deleted. Reads see other processes' commits.
 */
import type {Draft, Opaque, Recorded, ScramEvent, StopReason} from '../incident/events.ts'
import type {Fault} from '../lib/fault.ts'

/** A fold the journal keeps a snapshot of. `evolve` is pure and total; its state is plain JSON. */
export interface Projection<S> {
  /** Names the snapshot together with `key`. */
  readonly name: string
  readonly key: string
  /** Raised whenever `evolve` or the state's shape changes: older snapshots are thrown away. */
  readonly version: number
  /** Only events of this incident; absent: of all. */
  readonly incident?: string
  /** Only these kinds; absent: all. */
  readonly kinds?: readonly ScramEvent['kind'][]
  initial(): S
  evolve(state: S, event: Recorded): S
}

export type States<P extends readonly Projection<unknown>[]> = {[I in keyof P]: P[I] extends Projection<infer S> ? S : never}

/** A due timer that is this process's to fire for half a minute. */
export interface Claim {
  readonly timer: string
  readonly fence: number
}

export interface TimerClaim extends Claim {
  readonly incident: string | null
  readonly what: string
  readonly dueMs: number
}

export interface AppendOptions {
  /** The lease under which this is written: checked inside the transaction. @throws Fault lease.lost */
  readonly fence?: {readonly name: string; readonly fence: number}
  /** The timer that fires by this: checked inside the transaction, so that it fires once. @throws Fault lease.lost */
  readonly claim?: Claim
}

export interface EventQuery {
  readonly incident?: string | null
  readonly run?: string
  readonly kinds?: readonly string[]
  /** At most this many, the newest ones; in record order all the same. */
  readonly last?: number
  /** Events whose id ends with, or contains, this text (for entry references). */
  readonly idPart?: string
}

/** What came into the journal since a mark was made. */
export interface Arrivals {
  /** For the next time; opaque, plain ASCII. Null: nothing may be concluded from this look later. */
  readonly mark: string | null
  /**
   * Incidents that have new records, whatever time those bear; all others are as they were. Null: unknown, any may have
   * changed (no mark, one of another journal, a restored or salvaged file, records that wait in an emergency log).
   */
  readonly incidents: ReadonlySet<string> | null
  /** How many records came in. */
  readonly records: number
}

export interface Lease {
  readonly name: string
  readonly fence: number
}

export type LeaseAnswer = {readonly held: true; readonly lease: Lease} | LeaseHeld

/** Who has it. */
export interface LeaseHeld {
  readonly held: false
  readonly holder: string
  readonly until: string
  readonly alive: boolean
}

export interface Head {
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly hash: string
}

/** Where a stream stops being what was recorded. `seq` 0 (and perhaps no origin): the file as a whole. */
export interface Flaw {
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly problem: string
}

export interface Verified {
  readonly ok: boolean
  readonly events: number
  readonly heads: readonly Head[]
  /** First flaw of each stream; empty when ok. */
  readonly flaws: readonly Flaw[]
}

export interface Imported {
  readonly added: number
  readonly duplicates: number
  readonly gaps: readonly Head[]
  readonly stops: readonly {readonly origin: string; readonly epoch: number; readonly seq: number; readonly reason: StopReason; readonly detail: string}[]
  /** Streams that stand stopped at `seq`, and how many of these records were not taken for it; absent: none. */
  readonly left?: readonly {readonly origin: string; readonly epoch: number; readonly seq: number; readonly records: number}[]
}

export interface StreamState extends Head {
  readonly isOwn: boolean
  readonly stopped: {readonly seq: number; readonly reason: StopReason; readonly detail: string; readonly digest: string} | null
  readonly skipped: readonly {readonly seq: number; readonly reason: StopReason; readonly detail: string}[]
}

/** Records, one a line, as `export` writes them or as they came over a wire. */
export type Lines = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>

export interface Journal {
  readonly origin: string
  readonly epoch: number

  /**
   * Appends drafts to an incident (null: to none). All or nothing, in order, one transaction.
   * @throws Fault record.too-large · record.invalid · journal.busy (nothing was recorded) · lease.lost. A disk that fails
   * does not throw: the events go to the emergency log and `trouble()` says so.
   */
  append(incident: string | null, drafts: readonly Draft[], options?: AppendOptions): Promise<readonly Recorded[]>

  /**
   * Folds `read`, hands the states to `propose` and appends what it returns, in **one transaction**: two processes cannot
   * both number an update 3. `propose` is pure and may throw (nothing is recorded then).
   */
  decide<const P extends readonly Projection<unknown>[]>(
    incident: string | null,
    read: P,
    propose: (...states: States<P>) => readonly Draft[],
    options?: AppendOptions,
  ): Promise<readonly Recorded[]>

  /** The folded state, from its snapshot and what came after. Never slower with history. */
  fold<S>(projection: Projection<S>): Promise<S>

  /** The same for many, in their order and in one look: all states belong to one moment, however many write meanwhile. */
  foldAll<S>(projections: readonly Projection<S>[]): Promise<readonly S[]>

  /** Which incidents changed since `mark`: for what is derived from the record and kept elsewhere. Never slower with history. */
  arrivals(mark: string | null): Promise<Arrivals>

  /** In record order; kinds this version does not know come as `Opaque`. Emergency records are included: their `seq` is 0. */
  events(query?: EventQuery): Promise<readonly (Recorded | Opaque)[]>

  /** Ids of all incidents ever opened, oldest first, with their titles. Bounded by `part` (any substring of the id). */
  incidents(query?: {readonly part?: string}): Promise<readonly {readonly id: string; readonly title: string; readonly openedAt: string}[]>

  /** Takes a lease for 30 s, or says who has it. A dead holder (this machine) frees it at once. */
  lease(name: string, options?: {readonly take?: boolean}): Promise<LeaseAnswer>
  /** Who would refuse it now; null: nobody. Only reads: whoever takes it meanwhile gets it. */
  leaseHolder(name: string): Promise<LeaseHeld | null>
  renew(lease: Lease): Promise<boolean>
  release(lease: Lease): Promise<void>

  /**
   * Takes a due timer of this origin that nobody is at, for 30 s: the named one, else the one that is due longest. Null:
   * there is none, or the journal cannot be written (then nothing fires). A dead process's claim is free at once.
   */
  claim(timer?: string): Promise<TimerClaim | null>
  /** Gives it back unfired. */
  unclaim(claim: Claim): Promise<void>
  /** Builds the table of timers anew from the record; claims stay. */
  rebuildTimers(): Promise<void>
  /** Cheap: changes whenever another process committed. */
  version(): Promise<number>

  verify(options?: {readonly heads?: readonly Head[]}): Promise<Verified>
  heads(): Promise<readonly Head[]>
  /** One record a line, canonical bytes, in record order (a stream's own order within it). */
  export(query?: {readonly incident?: string; readonly redacted?: boolean}): AsyncIterable<string>
  /** Total: a record that cannot be accepted stops that origin's stream, bytes to quarantine; the rest goes on. */
  import(lines: Lines): Promise<Imported>

  /** Every (origin, epoch) with its head, and where it stopped or a record was left out. */
  streams(): Promise<readonly StreamState[]>
  /**
   * Applies the record a stream stopped at once more (after an upgrade); with `lines`, those in its place: a copy that did not
   * suffer on its way, and what comes behind it. A person's act, recorded.
   * @throws Fault entry.not-found: no such stopped stream · journal.unwritable
   */
  resume(stream: string, lines?: Lines): Promise<Imported>
  /** Leaves that one record out: the stream is incomplete from there for ever, and goes on. As `resume`. */
  skip(stream: string, why: string): Promise<Imported>

  /** What this journal could not do as promised: the emergency log in use, an unsafe engine, read-only. */
  trouble(): readonly Trouble[]
  close(): Promise<void>
}

export interface Trouble {
  readonly code: 'emergency' | 'read-only' | 'corrupt' | 'pending-emergency' | 'clock-skew'
  readonly message: string
  readonly hints: readonly string[]
  readonly fault?: Fault
}
