import {existsSync, renameSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {syncFolder} from '../lib/files.ts'
import {Attempt} from './attempt.ts'
import {GENESIS} from './chain.ts'
import {diskProblem} from './disk-problem.ts'
import {beginEpoch, ensureIdentity, machineId} from './epoch.ts'
import type {Flaw, Head} from './journal.ts'
import type {Keeper} from './keeper.ts'
import {openDamaged} from './open-damaged.ts'
import {openDatabase} from './open-database.ts'
import {recordDrafts} from './record-drafts.ts'
import {SqliteStore} from './sqlite-store.ts'
import type {Reading, Row, Writing} from './store.ts'
import {projectTimer} from './timers.ts'
import {tolerant} from './tolerant-reading.ts'
import {problemOf} from './verify-record.ts'

export interface Salvaged {
  readonly kept: number
  /** Where each stream that lost records breaks off. */
  readonly lost: readonly Flaw[]
  readonly epoch: number
}

export interface Salvage {
  readonly keeper: Keeper
  readonly machine?: string
  /** The damaged copy to read from, in quarantine already. */
  readonly damaged: string
  /** The journal's own path, which the new file takes. */
  readonly file: string
  /** Name and digest of what is in quarantine, for the record. */
  readonly quarantine: {readonly name: string; readonly digest: string}
}

/** Complete once it bears this name: a salvage that was cut off after it is ended by the next one. */
export const SALVAGED = '.salvaged'

/**
 * Builds a new file from the sound beginning of every stream, in a new epoch of our own, and puts it in the journal's place.
 * Nothing is deleted that is not in quarantine.
 */
export function salvageJournal({keeper, machine = machineId(), damaged, file, quarantine}: Salvage): Salvaged {
  const draft = `${file}.draft`
  for (const left of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(left, {force: true})
  const target = new SqliteStore(openDatabase(draft))
  const salvaged = target.write(writing => {
    const {kept, lost} = copySound(writing, damaged, `${file}.source`)
    ensureIdentity(writing, keeper, machine)
    const detail = `quarantine/${quarantine.name}`
    const own = writing.meta()
    const epoch = beginEpoch(writing, keeper, machine, {reason: 'salvage', detail})
    for (const flaw of lost) if (flaw.origin === own?.origin && flaw.epoch === own.epoch) stopOwn(writing, keeper, flaw, quarantine)
    return {kept, lost, epoch}
  })
  target.close() // the last connection: everything is in the one file now
  if (existsSync(`${draft}-wal`)) throw new Fault('journal.unwritable', `${draft} could not be completed`)
  renameSync(draft, file + SALVAGED)
  syncFolder(dirname(file))
  putInPlace(file)
  return salvaged
}

/** Does nothing when no complete salvage waits. */
export function putInPlace(file: string): void {
  if (!existsSync(file + SALVAGED)) return
  for (const old of [`${file}-wal`, `${file}-shm`]) rmSync(old, {force: true})
  renameSync(file + SALVAGED, file)
  syncFolder(dirname(file))
}

function copySound(writing: Writing, damaged: string, scratch: string): {readonly kept: number; readonly lost: readonly Flaw[]} {
  const source = openDamaged(damaged, scratch)
  if (!source) return {kept: 0, lost: [{origin: '', epoch: 0, seq: 0, problem: 'nothing of it can be read'}]}
  const reading = tolerant(source)
  try {
    const meta = reading.meta()
    if (meta) writing.setMeta(meta)
    for (const mark of reading.stopped()) writing.saveStopped(mark)
    const ends = new Map<string, End>()
    // By the table first, which needs no index to be sound; then whatever an index still leads to.
    const table = untilTorn(source.table())
    let kept = copyRows(writing, table.rows, ends)
    for (const head of reading.heads()) kept += copyRows(writing, reading.stream(head.origin, head.epoch, (ends.get(streamOf(head))?.seq ?? 0) + 1), ends)
    const lost = lostOf(reading, ends)
    // Torn, and no index left to say how far it went: our own chain must be taken for cut off.
    const cut =
      table.isTorn() && meta && lost.length === 0 ? [{...meta, seq: (ends.get(streamOf(meta))?.seq ?? 0) + 1, problem: 'nothing after it can be read'}] : []
    return {kept, lost: [...lost, ...cut.map(({origin, epoch, seq, problem}) => ({origin, epoch, seq, problem}))]}
  } finally {
    source.close()
  }
}

interface End {
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly hash: string | undefined
  readonly broken?: string
}

/** Rows come in the order of their chain, whatever other streams lie between; the first unsound one ends its stream. */
function copyRows(writing: Writing, rows: Iterable<Row>, ends: Map<string, End>): number {
  let kept = 0
  const skipped = writing.stopped().filter(({state}) => state === 'skipped')
  for (const row of rows) {
    const {origin, epoch} = row
    let end = ends.get(streamOf(row)) ?? {origin, epoch, seq: 0, hash: GENESIS}
    if (end.broken !== undefined || row.seq <= end.seq) continue
    for (let mark = next(skipped, end); mark && row.seq > end.seq + 1; mark = next(skipped, end)) end = {...end, seq: mark.seq, hash: mark.claimed || undefined}
    const problem = row.seq === end.seq + 1 ? problemOf(row, end.hash) : 'the record is missing'
    ends.set(streamOf(row), problem === undefined ? {origin, epoch, seq: row.seq, hash: row.hash} : {...end, broken: problem})
    if (problem !== undefined) continue
    writing.insert(row)
    projectTimer(writing, row)
    kept += 1
  }
  return kept
}

function next(skipped: ReturnType<Reading['stopped']>, end: End) {
  return skipped.find(({origin, epoch, seq}) => origin === end.origin && epoch === end.epoch && seq === end.seq + 1)
}

function lostOf(reading: Reading, ends: ReadonlyMap<string, End>): readonly Flaw[] {
  const broken = [...ends.values()].flatMap(({origin, epoch, seq, broken}) => (broken === undefined ? [] : [{origin, epoch, seq: seq + 1, problem: broken}]))
  const cut = reading.heads().flatMap(({origin, epoch, seq}) => {
    const end = ends.get(streamOf({origin, epoch}))
    if (end?.broken !== undefined || (end?.seq ?? 0) >= seq) return []
    return [{origin, epoch, seq: (end?.seq ?? 0) + 1, problem: 'it cannot be read'}]
  })
  return [...broken, ...cut]
}

function streamOf({origin, epoch}: Pick<Head, 'origin' | 'epoch'>): string {
  return `${origin}/${epoch}`
}

/** The rows before the first place the disk will not give back, and whether there was one. */
function untilTorn(rows: Iterable<Row>): {readonly rows: Iterable<Row>; isTorn(): boolean} {
  let torn = false
  const sound = function* () {
    try {
      yield* rows
    } catch (error) {
      if (!diskProblem(error)) throw error
      torn = true
    }
  }
  return {rows: sound(), isTorn: () => torn}
}

/** What our own chain lost is said like any stream's stop: a person can find the bytes, and import a copy from elsewhere. */
function stopOwn(writing: Writing, keeper: Keeper, {origin, epoch, seq, problem}: Flaw, {name, digest}: Salvage['quarantine']): void {
  writing.saveStopped({origin, epoch, seq, state: 'stopped', reason: 'corrupt', detail: problem, digest, file: name, claimed: ''})
  const data = {stream: origin, epoch, seq, reason: 'corrupt', digest, detail: `quarantine/${name}: ${problem}`} as const
  recordDrafts(writing, null, [{kind: 'stream.stopped', data}], new Attempt(keeper).writer([]))
}
