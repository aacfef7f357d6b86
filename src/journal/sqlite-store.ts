import type {DatabaseSync, StatementSync} from 'node:sqlite'
import {textSum} from '../lib/text-sum.ts'
import {StoreMoved} from './disk-problem.ts'
import type {Hlc} from './hlc.ts'
import type {Head} from './journal.ts'
import type {OrderKey} from './order-key.ts'
import {SQL, scanSql} from './sqlite-statements.ts'
import type {Applying, Arrival, LeaseRow, MetaValues, Row, Scan, Scanned, Snapshot, StoppedStream, Store, StoredRow, TimerRow, Tip, Writing} from './store.ts'

/**
 * The store in a SQLite file. `open-database.ts` has made the connection what it must be; this class holds it open and
 * turns rows into values. It never looks at an error: what a failing disk means is decided in one place (`disk-problem.ts`).
 */
export class SqliteStore implements Store, Writing {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  readonly #isMoved: () => boolean

  readonly #tidy: () => void

  /**
   * `isMoved`: whether the file the connection has open is no longer the journal (recovered, restored, deleted).
   * `tidy` is called after closing.
   */
  constructor(database: DatabaseSync, isMoved: () => boolean = () => false, tidy: () => void = () => {}) {
    this.#database = database
    this.#isMoved = isMoved
    this.#tidy = tidy
  }

  read<T>(work: (reading: SqliteStore) => T): T {
    this.#run(SQL.begin)
    try {
      return work(this)
    } finally {
      this.#undo() // there is nothing to keep, and on a damaged file COMMIT fails even after reading
    }
  }

  /** IMMEDIATE: a plain BEGIN that reads and then writes fails at once when another process wrote in between. */
  write<T>(work: (writing: SqliteStore) => T): T {
    this.#run(SQL.beginImmediate)
    try {
      // What is committed to a file nobody will open again is lost: asked under the lock that a recovery takes, too.
      if (this.#isMoved()) throw new StoreMoved()
      const result = work(this)
      this.#run(SQL.commit)
      return result
    } catch (error) {
      this.#undo()
      throw error
    }
  }

  tryWrite(work: (writing: SqliteStore, store: SqliteStore) => void): void {
    const patience = Number(this.#get(SQL.busyTimeout)?.['timeout'])
    this.#database.exec('pragma busy_timeout = 0')
    try {
      this.write(writing => work(writing, this))
    } finally {
      this.#database.exec(`pragma busy_timeout = ${patience}`)
    }
  }

  /** After an I/O error SQLite has rolled back already, and a failing rollback must not hide what went wrong. */
  #undo(): void {
    try {
      if (this.#database.isTransaction) this.#run(SQL.rollback)
    } catch {}
  }

  version(): number {
    return Number(this.#get(SQL.dataVersion)?.['data_version'])
  }

  close(): void {
    this.#prepared.clear()
    this.#database.close()
    this.#tidy()
  }

  meta(): MetaValues | undefined {
    const found = this.#get(SQL.meta)
    return found && {origin: String(found['origin']), epoch: Number(found['epoch']), machine: String(found['machine'])}
  }

  setMeta({origin, epoch, machine}: MetaValues): void {
    this.#run(SQL.setMeta, origin, epoch, machine)
  }

  byId(id: string): StoredRow | undefined {
    return asRow(this.#get(SQL.byId, id))
  }

  byPlace(origin: string, epoch: number, seq: number): StoredRow | undefined {
    return asRow(this.#get(SQL.byPlace, origin, epoch, seq))
  }

  head(origin: string, epoch: number): (Head & {readonly hlc: Hlc}) | undefined {
    const found = this.#get(SQL.head, origin, epoch)
    return found && {origin, epoch, seq: Number(found['seq']), hash: String(found['hash']), hlc: [Number(found['hlc_ms']), Number(found['hlc_n'])]}
  }

  tip(): Tip | undefined {
    const found = this.#get(SQL.tip)
    return (
      found && {
        origin: String(found['origin']),
        epoch: Number(found['epoch']),
        head:
          found['seq'] === null ? undefined : {seq: Number(found['seq']), hash: String(found['hash']), hlc: [Number(found['hlc_ms']), Number(found['hlc_n'])]},
        newest: found['newest_ms'] === null ? undefined : [Number(found['newest_ms']), Number(found['newest_n'])],
      }
    )
  }

  heads(): readonly Head[] {
    return this.#all(SQL.heads).map(({origin, epoch, seq}) => {
      const row = this.byPlace(String(origin), Number(epoch), Number(seq))
      return {origin: String(origin), epoch: Number(epoch), seq: Number(seq), hash: row?.hash ?? ''}
    })
  }

  latestHlc(notAfterMs: number): Hlc | undefined {
    const found = this.#get(SQL.latestHlc, notAfterMs)
    return found && [Number(found['hlc_ms']), Number(found['hlc_n'])]
  }

  *scan(scan: Scan): Generator<Scanned> {
    if (typeof scan.incident === 'string' && scan.last === undefined) {
      yield* this.#handfuls(scan)
      return
    }
    const {sql, values} = scanSql(scan)
    if (scan.last === undefined) for (const row of this.#iterate(sql, values)) yield asScanned(row)
    else yield* [...this.#iterate(sql, values)].reverse().map(asScanned)
  }

  /** One incident's rows, a page of the index at a time: taken singly, a row costs four times as much. */
  *#handfuls(scan: Scan): Generator<Scanned> {
    for (let {after} = scan, found: Found[]; ; ) {
      const {sql, values} = scanSql({...scan, ...(after && {after})})
      found = this.#all(`${sql} limit ${HANDFUL}`, ...values)
      for (const row of found) yield asScanned(row)
      if (found.length < HANDFUL) return
      after = asKey(found.at(-1) as Found) // it is full
    }
  }

  *stream(origin: string, epoch: number, fromSeq: number): Generator<StoredRow> {
    for (const found of this.#iterate(SQL.stream, [origin, epoch, fromSeq])) {
      const row = asRow(found)
      if (row) yield row
    }
  }

  /** Every row as the table has them, in the order they came in: for a salvage, which trusts no index. */
  *table(): Generator<StoredRow> {
    for (const found of this.#iterate(SQL.table, [])) {
      const row = asRow(found)
      if (row) yield row
    }
  }

  newestArrival(): Arrival | undefined {
    const found = this.#get(SQL.newestArrival)
    return found && {place: Number(found['n']), id: String(found['id'])}
  }

  arrivedAfter({place, id}: Arrival): {readonly incidents: readonly string[]; readonly records: number} | undefined {
    if (this.#get(SQL.arrival, place)?.['id'] !== id) return undefined
    const found = this.#all(SQL.arrivedAfter, place)
    return {
      incidents: found.flatMap(({incident}) => textOrNull(incident) ?? []),
      records: found.reduce((sum, {records}) => sum + Number(records), 0),
    }
  }

  insert({id, incident, origin, epoch, seq, hash, hlc, kind, run, record}: Row): void {
    this.#run(SQL.insert, id, incident, origin, epoch, seq, hash, hlc[0], hlc[1], kind, run, record, rowSum(kind, record))
  }

  snapshot(name: string, key: string): Snapshot | undefined {
    const found = this.#get(SQL.snapshot, name, key)
    return (
      found && {
        name,
        key,
        version: Number(found['version']),
        incident: textOrNull(found['incident']),
        cursor: asKey(found),
        state: String(found['state']),
        sum: Number(found['sum']),
      }
    )
  }

  saveSnapshot({name, key, version, incident, cursor, state, sum}: Snapshot): void {
    this.#run(SQL.saveSnapshot, name, key, version, incident, ...cursor, state, sum)
  }

  dropSnapshots(incident: string | null, key: OrderKey): void {
    this.#run(SQL.dropSnapshots, ...key, incident)
  }

  lease(name: string): LeaseRow | undefined {
    const found = this.#get(SQL.lease, name)
    return found && {name, holder: String(found['holder']), fence: Number(found['fence']), expiresMs: Number(found['expires_ms'])}
  }

  saveLease({name, holder, fence, expiresMs}: LeaseRow): void {
    this.#run(SQL.saveLease, name, holder, fence, expiresMs)
  }

  timer(id: string): TimerRow | undefined {
    const found = this.#get(SQL.timer, id)
    return found && asTimer(found)
  }

  timers(): readonly TimerRow[] {
    return this.#all(SQL.timers).map(asTimer)
  }

  dueTimers(origin: string, nowMs: number, most: number): readonly TimerRow[] {
    return this.#all(SQL.dueTimers, nowMs, origin, most).map(asTimer)
  }

  saveTimer({id, state, origin, incident, what, dueMs, key, owner, fence, claimedUntilMs}: TimerRow): void {
    this.#run(SQL.saveTimer, id, state, origin, incident, what, dueMs, ...key, owner, fence, claimedUntilMs)
  }

  dropTimers(): void {
    this.#run(SQL.dropTimers)
  }

  stopped(): readonly StoppedStream[] {
    return this.#all(SQL.stopped) as unknown as StoppedStream[] // the columns bear the fields' names, the table is strict
  }

  saveStopped({origin, epoch, seq, state, reason, detail, digest, file, claimed}: StoppedStream): void {
    this.#run(SQL.saveStopped, origin, epoch, seq, state, reason, detail, digest, file, claimed)
  }

  forgetStopped({origin, epoch, seq}: Pick<StoppedStream, 'origin' | 'epoch' | 'seq'>): void {
    this.#run(SQL.forgetStopped, origin, epoch, seq)
  }

  applying(origin: string, epoch: number): Applying | undefined {
    return this.#get(SQL.applying, origin, epoch) as Applying | undefined // as above
  }

  saveApplying({origin, epoch, seq, tries}: Applying): void {
    this.#run(SQL.saveApplying, origin, epoch, seq, tries)
  }

  forgetApplying(origin: string, epoch: number): void {
    this.#run(SQL.forgetApplying, origin, epoch)
  }

  selfCheck(): string | null {
    this.#get(SQL.readSnapshots) // throws where the file ends inside one: integrity_check does not look there
    const found = String(this.#get(SQL.selfCheck)?.['integrity_check'])
    return found === 'ok' ? null : found
  }

  count(): number {
    return Number(this.#get(SQL.count)?.['n'])
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#prepared.set(sql, statement)
    }
    return statement
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#prepare(sql).run(...values)
  }

  #get(sql: string, ...values: (string | number | null)[]): Found | undefined {
    return this.#prepare(sql).get(...values)
  }

  #all(sql: string, ...values: (string | number | null)[]): Found[] {
    return this.#prepare(sql).all(...values)
  }

  /** A statement serves one scan at a time: it is out of the shelf while rows are taken from it. */
  *#iterate(sql: string, values: (string | number)[]): Generator<Found> {
    const statement = this.#prepare(sql)
    this.#prepared.delete(sql)
    try {
      yield* statement.iterate(...values)
    } finally {
      this.#prepared.set(sql, statement)
    }
  }
}

type Found = Record<string, unknown>

/** Most incidents have fewer events; a megabyte or so at a time where one has many. */
const HANDFUL = 256

function asRow(found: Found | undefined): StoredRow | undefined {
  return (
    found && {
      id: String(found['id']),
      incident: textOrNull(found['incident']),
      origin: String(found['origin']),
      epoch: Number(found['epoch']),
      seq: Number(found['seq']),
      hash: String(found['hash']),
      hlc: [Number(found['hlc_ms']), Number(found['hlc_n'])],
      kind: String(found['kind']),
      run: textOrNull(found['run']),
      record: String(found['record']),
      isWhole: isWhole(found),
    }
  )
}

function asTimer(found: Found): TimerRow {
  const [id, origin, what, owner] = ['id', 'origin', 'what', 'owner'].map(column => String(found[column])) as [string, string, string, string] // four names
  return {
    id,
    state: found['state'] === 'set' ? 'set' : 'over',
    origin,
    incident: textOrNull(found['incident']),
    what,
    dueMs: Number(found['due_ms']),
    key: asKey({...found, origin: found['by_origin']}),
    owner,
    fence: Number(found['fence']),
    claimedUntilMs: Number(found['claimed_until_ms']),
  }
}

function asScanned(found: Found): Scanned {
  return {key: asKey(found), kind: String(found['kind']), record: String(found['record']), isWhole: isWhole(found)}
}

function isWhole(found: Found): boolean {
  return rowSum(String(found['kind']), String(found['record'])) === found['sum']
}

/** The kind decides whether a record is folded at all: it is covered, too. */
function rowSum(kind: string, record: string): number {
  return textSum(record, textSum(kind))
}

function asKey(found: Found): OrderKey {
  return [Number(found['hlc_ms']), Number(found['hlc_n']), String(found['origin']), Number(found['epoch']), Number(found['seq'])]
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
