import {type Opaque, type Recorded, recordOrder} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import {arrivalsSince, UNKNOWN} from './arrivals.ts'
import type {EmergencyLog} from './emergency-log.ts'
import {asRecorded} from './emergency-record.ts'
import {type Folded, foldProjection} from './fold-projection.ts'
import {MAX_SKEW_MS} from './hlc.ts'
import type {Arrivals, EventQuery, Projection} from './journal.ts'
import {type Listed, listIncidents} from './list-incidents.ts'
import {matchesScan} from './matches-scan.ts'
import {MemoryStore} from './memory-store.ts'
import {readRecord} from './read-record.ts'
import {runOf} from './record-drafts.ts'
import type {MetaValues, Reading, Scan, Store} from './store.ts'
import type {StoreAccess} from './store-access.ts'

/** The origin shown where no journal could be read to ask. */
export const NO_ORIGIN = 'emergency'

/** What can be read: the store as far as it opens, and beside it what waits in emergency logs. */
export class RecordView {
  readonly #access: StoreAccess
  readonly #emergency: EmergencyLog
  readonly #clock: Clock
  /** Stands in where nothing can be read. */
  readonly #nothing = new MemoryStore()
  #meta: MetaValues | undefined
  #seen = ''
  #version = 0

  constructor(access: StoreAccess, emergency: EmergencyLog, clock: Clock) {
    this.#access = access
    this.#emergency = emergency
    this.#clock = clock
  }

  /** One consistent look. */
  read<T>(work: (reading: Reading, store: Store) => T): T {
    const looked = this.#access.read(work)
    return looked ? looked.done : work(this.#nothing, this.#nothing)
  }

  origin(): string {
    return this.#identity()?.origin ?? NO_ORIGIN
  }

  epoch(): number {
    return this.#identity()?.epoch ?? 0
  }

  /** As last seen, once the journal is closed. */
  #identity(): MetaValues | undefined {
    this.#meta = this.read(reading => reading.meta()) ?? this.#meta
    return this.#meta
  }

  /** All in one look: their states belong to one moment. */
  fold<S>(projections: readonly Projection<S>[]): readonly S[] {
    const {folded, version} = this.read((reading, store) => ({folded: this.foldIn(reading, projections), version: store.version()}))
    const due = folded.flatMap(({snapshot}) => snapshot ?? [])
    // Not if anybody committed since: a record that sorts before the cursor would be missing in the snapshot for good.
    if (due.length > 0)
      this.#access.tryWrite((writing, store) => {
        if (store.version() === version) for (const snapshot of due) writing.saveSnapshot(snapshot)
      })
    return folded.map(({state}) => state)
  }

  foldIn<S>(reading: Reading, projections: readonly Projection<S>[]): readonly Folded<S>[] {
    const options = {settledMs: this.#clock.now() + MAX_SKEW_MS, beside: projections.length === 0 ? [] : this.#beside(reading)}
    return projections.map(projection => foldProjection(reading, projection, options))
  }

  arrivals(mark: string | null): Arrivals {
    return this.read(reading => (this.#beside(reading).length > 0 ? UNKNOWN : arrivalsSince(reading, mark)))
  }

  events(query: EventQuery): readonly (Recorded | Opaque)[] {
    return this.#find(query, query.last)
  }

  incidents(part: string | undefined): readonly Listed[] {
    return listIncidents(this.#find({kinds: ['incident.opened', 'incident.retitled'], ...(part !== undefined && {incidentPart: part})}, undefined))
  }

  #find(scan: Scan, last: number | undefined): readonly (Recorded | Opaque)[] {
    return this.read(reading => {
      const stored = Array.from(reading.scan(scan), readRecord)
      const beside = this.#beside(reading).filter(event => matchesScan(scan, {...event, run: runOf(event.data)}))
      if (beside.length === 0) return stored
      const merged = [...stored, ...beside].sort(recordOrder)
      return last === undefined ? merged : merged.slice(-last)
    })
  }

  /** What the logs hold and the store does not: a row of a failed commit may have come to light. */
  #beside(reading: Reading): readonly Recorded[] {
    const waiting = this.#emergency.records().filter(({id}) => !reading.byId(id))
    if (waiting.length === 0) return []
    const origin = reading.meta()?.origin ?? NO_ORIGIN
    return waiting.map(record => asRecorded(record, origin))
  }

  /** Emergency records that are not in the store. */
  waiting(): number {
    return this.#emergency.records().length === 0 ? 0 : this.read(reading => this.#beside(reading).length)
  }

  /** Changes with every commit, anybody's, and every emergency record. `commits`: our own so far. */
  version(commits: number): number {
    const seen = `${this.#access.version()} ${commits} ${this.#emergency.records().length}`
    if (seen !== this.#seen) this.#version += 1
    this.#seen = seen
    return this.#version
  }
}
