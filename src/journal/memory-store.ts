import type {Hlc} from './hlc.ts'
import type {Head} from './journal.ts'
import {matchesScan} from './matches-scan.ts'
import {compareKeys, type OrderKey, orderKeyOf} from './order-key.ts'
import type {Applying, Arrival, LeaseRow, MetaValues, Row, Scan, Scanned, Snapshot, StoppedStream, Store, StoredRow, TimerRow, Tip, Writing} from './store.ts'

/**
 * The store of tests, drills of a runbook and simulations: the same promises but durability. A failed transaction is
 * undone step by step, backwards.
 */
export class MemoryStore implements Store, Writing {
  #meta: MetaValues | undefined
  /** In record order. */
  readonly #rows: Row[] = []
  /** As they came in. */
  readonly #arrived: Row[] = []
  readonly #ids = new Map<string, Row>()
  readonly #places = new Map<string, Row>()
  readonly #heads = new Map<string, Row>()
  readonly #snapshots = new Map<string, Snapshot>()
  readonly #leases = new Map<string, LeaseRow>()
  readonly #timers = new Map<string, TimerRow>()
  readonly #stopped = new Map<string, StoppedStream>()
  readonly #applying = new Map<string, Applying>()
  #undo: (() => void)[] = []
  #version = 1

  read<T>(work: (reading: MemoryStore) => T): T {
    return work(this)
  }

  write<T>(work: (writing: MemoryStore) => T): T {
    this.#undo = []
    try {
      const result = work(this)
      if (this.#undo.length > 0) this.#version += 1
      return result
    } catch (error) {
      for (const step of this.#undo.reverse()) step()
      throw error
    }
  }

  tryWrite(work: (writing: MemoryStore, store: MemoryStore) => void): void {
    this.write(writing => work(writing, this))
  }

  version(): number {
    return this.#version
  }

  close(): void {}

  meta(): MetaValues | undefined {
    return this.#meta
  }

  setMeta(values: MetaValues): void {
    const before = this.#meta
    this.#undo.push(() => {
      this.#meta = before
    })
    this.#meta = values
  }

  byId(id: string): Row | undefined {
    return this.#ids.get(id)
  }

  byPlace(origin: string, epoch: number, seq: number): Row | undefined {
    return this.#places.get(`${origin}/${epoch}/${seq}`)
  }

  head(origin: string, epoch: number): (Head & {readonly hlc: Hlc}) | undefined {
    return this.#heads.get(`${origin}/${epoch}`)
  }

  tip(): Tip | undefined {
    return this.#meta && {...this.#meta, head: this.head(this.#meta.origin, this.#meta.epoch), newest: this.#rows.at(-1)?.hlc}
  }

  heads(): readonly Head[] {
    const heads = [...this.#heads.values()].map(({origin, epoch, seq, hash}) => ({origin, epoch, seq, hash}))
    return heads.sort((a, b) => (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.epoch - b.epoch))
  }

  latestHlc(notAfterMs: number): Hlc | undefined {
    return this.#rows.findLast(({hlc}) => hlc[0] <= notAfterMs)?.hlc
  }

  *scan(scan: Scan): Generator<Scanned> {
    const start = scan.after ? this.#firstAfter(scan.after) : 0
    const found = this.#rows.slice(start).filter(row => matchesScan(scan, row))
    for (const row of scan.last === undefined ? found : found.slice(-scan.last)) yield {key: orderKeyOf(row), kind: row.kind, record: row.record, isWhole: true}
  }

  *stream(origin: string, epoch: number, fromSeq: number): Generator<StoredRow> {
    for (let seq = fromSeq; seq <= (this.#heads.get(`${origin}/${epoch}`)?.seq ?? 0); seq += 1) {
      const row = this.byPlace(origin, epoch, seq)
      if (row) yield {...row, isWhole: true}
    }
  }

  newestArrival(): Arrival | undefined {
    const row = this.#arrived.at(-1)
    return row && {place: this.#arrived.length, id: row.id}
  }

  arrivedAfter({place, id}: Arrival): {readonly incidents: readonly string[]; readonly records: number} | undefined {
    if (this.#arrived[place - 1]?.id !== id) return undefined
    const after = this.#arrived.slice(place)
    return {incidents: [...new Set(after.flatMap(({incident}) => incident ?? []))], records: after.length}
  }

  count(): number {
    return this.#rows.length
  }

  selfCheck(): null {
    return null
  }

  insert(row: Row): void {
    const place = `${row.origin}/${row.epoch}/${row.seq}`
    if (this.#ids.has(row.id) || this.#places.has(place)) throw new Error(`${row.id} at ${place} is not unique`)
    const at = this.#firstAfter(orderKeyOf(row))
    this.#rows.splice(at, 0, row)
    this.#undo.push(() => void this.#rows.splice(at, 1))
    this.#arrived.push(row)
    this.#undo.push(() => void this.#arrived.pop())
    this.#put(this.#ids, row.id, row)
    this.#put(this.#places, place, row)
    const stream = `${row.origin}/${row.epoch}`
    if ((this.#heads.get(stream)?.seq ?? 0) < row.seq) this.#put(this.#heads, stream, row)
  }

  snapshot(name: string, key: string): Snapshot | undefined {
    return this.#snapshots.get(JSON.stringify([name, key]))
  }

  saveSnapshot(snapshot: Snapshot): void {
    this.#put(this.#snapshots, JSON.stringify([snapshot.name, snapshot.key]), snapshot)
  }

  dropSnapshots(incident: string | null, key: OrderKey): void {
    for (const [name, snapshot] of this.#snapshots) {
      const isTouched = snapshot.incident === null || snapshot.incident === incident
      if (isTouched && compareKeys(snapshot.cursor, key) >= 0) this.#put(this.#snapshots, name, undefined)
    }
  }

  lease(name: string): LeaseRow | undefined {
    return this.#leases.get(name)
  }

  saveLease(lease: LeaseRow): void {
    this.#put(this.#leases, lease.name, lease)
  }

  timer(id: string): TimerRow | undefined {
    return this.#timers.get(id)
  }

  timers(): readonly TimerRow[] {
    return [...this.#timers.values()].sort((a, b) => a.dueMs - b.dueMs || (a.id < b.id ? -1 : 1))
  }

  dueTimers(origin: string, nowMs: number, most: number): readonly TimerRow[] {
    return this.timers()
      .filter(timer => timer.state === 'set' && timer.dueMs <= nowMs && timer.origin === origin)
      .slice(0, most)
  }

  saveTimer(timer: TimerRow): void {
    this.#put(this.#timers, timer.id, timer)
  }

  dropTimers(): void {
    for (const id of this.#timers.keys()) this.#put(this.#timers, id, undefined)
  }

  stopped(): readonly StoppedStream[] {
    return [...this.#stopped.values()]
  }

  saveStopped(stream: StoppedStream): void {
    this.#put(this.#stopped, `${stream.origin}/${stream.epoch}/${stream.seq}`, stream)
  }

  forgetStopped({origin, epoch, seq}: Pick<StoppedStream, 'origin' | 'epoch' | 'seq'>): void {
    this.#put(this.#stopped, `${origin}/${epoch}/${seq}`, undefined)
  }

  applying(origin: string, epoch: number): Applying | undefined {
    return this.#applying.get(`${origin}/${epoch}`)
  }

  saveApplying(applying: Applying): void {
    this.#put(this.#applying, `${applying.origin}/${applying.epoch}`, applying)
  }

  forgetApplying(origin: string, epoch: number): void {
    this.#put(this.#applying, `${origin}/${epoch}`, undefined)
  }

  #firstAfter(key: OrderKey): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      const row = this.#rows[middle]
      if (row && compareKeys(orderKeyOf(row), key) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #put<V>(map: Map<string, V>, key: string, value: V | undefined): void {
    const before = map.get(key)
    this.#undo.push(() => (before === undefined ? void map.delete(key) : void map.set(key, before)))
    if (value === undefined) map.delete(key)
    else map.set(key, value)
  }
}
