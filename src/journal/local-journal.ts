import type {Draft, Opaque, Recorded} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {holderName} from '../lib/holder.ts'
import {appendInEmergency} from './append-in-emergency.ts'
import {Attempt} from './attempt.ts'
import type {EmergencyLog} from './emergency-log.ts'
import {type Hlc, MAX_SKEW_MS} from './hlc.ts'
import type {
  AppendOptions,
  Arrivals,
  Claim,
  EventQuery,
  Head,
  Imported,
  Journal,
  Lease,
  LeaseAnswer,
  LeaseHeld,
  Lines,
  Projection,
  States,
  StreamState,
  TimerClaim,
  Trouble,
  Verified,
} from './journal.ts'
import type {Keeper} from './keeper.ts'
import {checkFence, leaseHolder, releaseLease, renewLease, takeLease} from './leases.ts'
import type {Listed} from './list-incidents.ts'
import type {Quarantine} from './quarantine.ts'
import {recordDrafts} from './record-drafts.ts'
import {RecordView} from './record-view.ts'
import type {Writing} from './store.ts'
import type {StoreAccess} from './store-access.ts'
import {checkClaim, claimTimer, rebuildTimers, unclaimTimer} from './timers.ts'

export interface Parts {
  readonly keeper: Keeper
  readonly access: StoreAccess
  readonly emergency: EmergencyLog
  readonly quarantine: Quarantine
  /** Called once, after the first commit: what a first write should not wait for. */
  readonly afterFirstAppend: () => void
}

/** The journal of this machine: a store while it is sound, the emergency log where it is not. */
export class LocalJournal implements Journal {
  readonly #parts: Parts
  readonly #view: RecordView
  readonly #holder: string
  #commits = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#view = new RecordView(parts.access, parts.emergency, parts.keeper.clock)
    this.#holder = holderName(parts.keeper.ids.hex(4))
    this.#view.origin() // remembered: it is asked for after closing, too
  }

  get origin(): string {
    return this.#view.origin()
  }

  get epoch(): number {
    return this.#view.epoch()
  }

  append(incident: string | null, drafts: readonly Draft[], options: AppendOptions = {}): Promise<readonly Recorded[]> {
    return this.decide(incident, [], () => drafts, options)
  }

  async decide<const P extends readonly Projection<unknown>[]>(
    incident: string | null,
    read: P,
    propose: (...states: States<P>) => readonly Draft[],
    {fence, claim}: AppendOptions = {},
  ): Promise<readonly Recorded[]> {
    const {keeper, access, emergency} = this.#parts
    const attempt = new Attempt(keeper)
    let proposed: readonly Draft[] | undefined
    const recorded = access.write(writing => {
      if (fence) checkFence(writing, fence)
      if (claim) checkClaim(writing, claim, this.#holder)
      proposed = propose(...(this.#states(writing, read) as States<P>)) // in the order of `read`
      return recordDrafts(writing, incident, proposed, attempt.writer(proposed))
    })
    if (recorded) return this.#acknowledge(recorded.done)
    const drafts = proposed ?? propose(...(this.#view.fold(read) as States<P>)) // as above
    const {events, where} = appendInEmergency(emergency, this.#view, incident, drafts, attempt.writer(drafts))
    if (where !== undefined) this.#tellEmergency(where)
    return events
  }

  /** Folds inside the transaction; a snapshot that fell due is kept by the same commit. */
  #states(writing: Writing, read: readonly Projection<unknown>[]): unknown[] {
    const folded = this.#view.foldIn(writing, read)
    for (const {snapshot} of folded) if (snapshot) writing.saveSnapshot(snapshot)
    return folded.map(({state}) => state)
  }

  #acknowledge(events: readonly Recorded[]): readonly Recorded[] {
    const last = events.at(-1)
    if (last) this.#watchClock(last.hlc)
    if (this.#commits === 0) this.#parts.afterFirstAppend()
    this.#commits += 1
    return events
  }

  /** Our order goes on counting; a person should know why the times do not fit the wall. */
  #watchClock([ms]: Hlc): void {
    const aheadMs = ms - this.#parts.keeper.clock.now()
    if (aheadMs <= MAX_SKEW_MS) return
    const message = `the clock is ${Math.round(aheadMs / 1000)} s behind the record; the order holds, times may be off`
    this.#parts.access.note({code: 'clock-skew', message, hints: ['timedatectl status']})
  }

  #tellEmergency(where: string): void {
    const message = `the journal cannot be written: recorded in the emergency log only (${where})`
    const hints = ['scram doctor --recover    # once the disk is well']
    this.#parts.access.note({code: 'emergency', message, hints, fault: new Fault('journal.unwritable', message, {hints})})
  }

  async fold<S>(projection: Projection<S>): Promise<S> {
    const [state] = this.#view.fold([projection])
    return state as S // one for one
  }

  async foldAll<S>(projections: readonly Projection<S>[]): Promise<readonly S[]> {
    return this.#view.fold(projections)
  }

  async arrivals(mark: string | null): Promise<Arrivals> {
    return this.#view.arrivals(mark)
  }

  async events(query: EventQuery = {}): Promise<readonly (Recorded | Opaque)[]> {
    return this.#view.events(query)
  }

  async incidents({part}: {readonly part?: string} = {}): Promise<readonly Listed[]> {
    return this.#view.incidents(part)
  }

  /** In a journal that cannot be written a lease is this process's own say-so; `trouble()` tells. */
  async lease(name: string, {take = false}: {readonly take?: boolean} = {}): Promise<LeaseAnswer> {
    const {clock} = this.#parts.keeper
    const answer = this.#parts.access.write(writing => takeLease(writing, name, {holder: this.#holder, nowMs: clock.now(), take}))
    return answer?.done ?? {held: true, lease: {name, fence: 0}}
  }

  async leaseHolder(name: string): Promise<LeaseHeld | null> {
    const {clock} = this.#parts.keeper
    return this.#view.read(reading => leaseHolder(reading, name, clock.now()))
  }

  async renew(lease: Lease): Promise<boolean> {
    const {clock} = this.#parts.keeper
    return this.#parts.access.write(writing => renewLease(writing, lease, this.#holder, clock.now()))?.done ?? true
  }

  async release(lease: Lease): Promise<void> {
    this.#parts.access.write(writing => releaseLease(writing, lease, this.#holder))
  }

  async claim(timer?: string): Promise<TimerClaim | null> {
    const {clock} = this.#parts.keeper
    // The time is read under the lock: whoever waited for it would take a claim made meanwhile for one of the future.
    const claimed = this.#parts.access.write(writing => claimTimer(writing, {holder: this.#holder, nowMs: clock.now(), ...(timer !== undefined && {timer})}))
    return claimed?.done ?? null
  }

  async unclaim(claim: Claim): Promise<void> {
    this.#parts.access.write(writing => unclaimTimer(writing, claim, this.#holder))
  }

  async rebuildTimers(): Promise<void> {
    this.#parts.access.write(rebuildTimers)
  }

  async version(): Promise<number> {
    return this.#view.version(this.#commits)
  }

  async heads(): Promise<readonly Head[]> {
    return this.#view.read(reading => reading.heads())
  }

  async verify({heads = []}: {readonly heads?: readonly Head[]} = {}): Promise<Verified> {
    const {verifyRecord} = await import('./verify-record.ts')
    const verified = this.#view.read(reading => verifyRecord(reading, heads))
    if (!verified.ok || !this.#parts.access.isCorrupt) return verified
    // Read as far as the file goes, it cannot say what is missing.
    return {...verified, ok: false, flaws: [{origin: this.origin, epoch: this.epoch, seq: 0, problem: 'SQLite cannot read all of the file'}]}
  }

  async *export(query: {readonly incident?: string; readonly redacted?: boolean} = {}): AsyncGenerator<string> {
    const {exportRecords} = await import('./export-records.ts')
    yield* exportRecords(work => this.#view.read(work), query, this.#parts.keeper.redact)
  }

  async import(lines: Lines): Promise<Imported> {
    const {importRecords} = await import('./import-records.ts')
    const imported = await importRecords(this.#parts, lines)
    this.#commits += 1
    return imported
  }

  async streams(): Promise<readonly StreamState[]> {
    const {listStreams} = await import('./streams.ts')
    return this.#view.read(listStreams)
  }

  async resume(stream: string, lines?: Lines): Promise<Imported> {
    const {resumeStream} = await import('./streams.ts')
    this.#commits += 1
    return resumeStream(this.#parts, stream, lines)
  }

  async skip(stream: string, why: string): Promise<Imported> {
    const {skipStream} = await import('./streams.ts')
    this.#commits += 1
    return skipStream(this.#parts, stream, why)
  }

  trouble(): readonly Trouble[] {
    const known = this.#parts.access.trouble()
    const waiting = this.#view.waiting()
    if (waiting === 0 || known.some(({code}) => code === 'emergency')) return known
    const [file] = this.#parts.emergency.files()
    const message = `${waiting === 1 ? 'an event waits' : `${waiting} events wait`} in an emergency log: ${file?.path ?? 'stderr'}`
    return [...known, {code: 'pending-emergency', message, hints: ['scram doctor --recover']}]
  }

  async close(): Promise<void> {
    this.#parts.access.close()
    this.#parts.emergency.close()
  }
}
