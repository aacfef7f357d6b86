import type {Actor, Draft, Opaque, Recorded} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import type {Ids} from '../lib/ids.ts'
import {Attempt} from './attempt.ts'
import {foldProjection} from './fold-projection.ts'
import {MAX_SKEW_MS} from './hlc.ts'
import {holderName} from './holder.ts'
import type {AppendOptions, EventQuery, Head, Imported, Journal, Lease, LeaseAnswer, Projection, States, Trouble, Verified} from './journal.ts'
import {checkFence, releaseLease, renewLease, takeLease} from './leases.ts'
import {listIncidents} from './list-incidents.ts'
import {readRecord} from './read-record.ts'
import {recordDrafts} from './record-drafts.ts'
import type {Reading, Snapshot, Store, Writing} from './store.ts'

export interface Keeper {
  readonly clock: Clock
  readonly ids: Ids
  readonly actor: Actor
  /** Known secrets and secret-looking text out of a value, before it is hashed: nothing can be taken out later. */
  readonly redact: (value: unknown) => unknown
}

/** The journal over one store. */
export class LocalJournal implements Journal {
  readonly #store: Store
  readonly #keeper: Keeper
  readonly #holder: string

  constructor(store: Store, keeper: Keeper) {
    this.#store = store
    this.#keeper = keeper
    this.#holder = holderName(keeper.ids.hex(4))
  }

  get origin(): string {
    return this.#store.read(reading => reading.meta()?.origin ?? '')
  }

  get epoch(): number {
    return this.#store.read(reading => reading.meta()?.epoch ?? 0)
  }

  append(incident: string | null, drafts: readonly Draft[], options: AppendOptions = {}): Promise<readonly Recorded[]> {
    return this.decide(incident, [], () => drafts, options)
  }

  async decide<const P extends readonly Projection<unknown>[]>(
    incident: string | null,
    read: P,
    propose: (...states: States<P>) => readonly Draft[],
    {fence}: AppendOptions = {},
  ): Promise<readonly Recorded[]> {
    const attempt = new Attempt(this.#keeper.ids, this.#keeper.clock.now())
    return this.#store.write(writing => {
      if (fence) checkFence(writing, fence)
      const drafts = propose(...(this.#states(writing, read) as States<P>)) // in the order of `read`
      const {actor, redact, clock} = this.#keeper
      const writer = {actor, redact, nowMs: clock.now(), idFor: (index: number) => attempt.idFor(index, drafts[0]?.id)}
      return recordDrafts(writing, incident, drafts, writer)
    })
  }

  #states(writing: Writing, read: readonly Projection<unknown>[]): unknown[] {
    const snapshots: Snapshot[] = []
    const states = read.map(projection => {
      const {state, snapshot} = this.#fold(writing, projection)
      if (snapshot) snapshots.push(snapshot)
      return state
    })
    for (const snapshot of snapshots) writing.saveSnapshot(snapshot)
    return states
  }

  #fold<S>(reading: Reading, projection: Projection<S>) {
    return foldProjection(reading, projection, {settledMs: this.#keeper.clock.now() + MAX_SKEW_MS, beside: []})
  }

  async fold<S>(projection: Projection<S>): Promise<S> {
    const {state, snapshot} = this.#store.read(reading => this.#fold(reading, projection))
    if (snapshot) this.#keep(snapshot)
    return state
  }

  /** A record that came in between and sorts before the cursor would be missing in it: then there is nothing to keep. */
  #keep(snapshot: Snapshot): void {
    this.#store.write(writing => writing.saveSnapshot(snapshot))
  }

  async events(query: EventQuery = {}): Promise<readonly (Recorded | Opaque)[]> {
    return this.#store.read(reading => Array.from(reading.scan(query), ({record}) => readRecord(record)))
  }

  async incidents(query: {readonly part?: string} = {}): Promise<readonly {readonly id: string; readonly title: string; readonly openedAt: string}[]> {
    return listIncidents(await this.events({...query, kinds: ['incident.opened', 'incident.retitled']}), query.part)
  }

  async lease(name: string, {take = false}: {readonly take?: boolean} = {}): Promise<LeaseAnswer> {
    return this.#store.write(writing => takeLease(writing, name, {holder: this.#holder, nowMs: this.#keeper.clock.now(), take}))
  }

  async renew(lease: Lease): Promise<boolean> {
    return this.#store.write(writing => renewLease(writing, lease, this.#holder, this.#keeper.clock.now()))
  }

  async release(lease: Lease): Promise<void> {
    this.#store.write(writing => releaseLease(writing, lease, this.#holder))
  }

  async version(): Promise<number> {
    return this.#store.version()
  }

  async verify(): Promise<Verified> {
    throw new Fault('bug', 'not reached')
  }

  async heads(): Promise<readonly Head[]> {
    return this.#store.read(reading => reading.heads())
  }

  async *export(): AsyncGenerator<string> {}

  async import(): Promise<Imported> {
    throw new Fault('bug', 'not reached')
  }

  trouble(): readonly Trouble[] {
    return []
  }

  async close(): Promise<void> {
    this.#store.close()
  }
}
