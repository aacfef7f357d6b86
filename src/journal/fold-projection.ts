import type {Recorded} from '../incident/events.ts'
import type {Projection} from './journal.ts'
import {isKnownKind} from './known-kinds.ts'
import {BEFORE_ALL, compareKeys, type OrderKey, orderKeyOf} from './order-key.ts'
import {readKnown} from './read-record.ts'
import {snapshotSum} from './snapshot-sum.ts'
import type {Reading, Snapshot} from './store.ts'

/**
 * A tail longer than this is folded into a new snapshot. Folding one event costs microseconds, a snapshot one row: so a
 * read stays under a millisecond however long the history, and one write in fifty carries a snapshot.
 */
export const SNAPSHOT_AFTER = 48

export interface Folded<S> {
  readonly state: S
  /** Worth keeping: present when the tail was long. */
  readonly snapshot?: Snapshot
}

export interface FoldOptions {
  /**
   * A snapshot never covers records later than this: our own next record would sort before them and throw it away, every
   * time, for as long as some machine's clock is ahead.
   */
  readonly settledMs: number
  /** Records that are not in the store (the emergency log), in record order. */
  readonly beside: readonly Recorded[]
}

/** Folds from the snapshot and what came after; every row of the tail counts, those the projection skips too. */
export function foldProjection<S>(reading: Reading, projection: Projection<S>, {settledMs, beside}: FoldOptions): Folded<S> {
  const {name, key, version, incident} = projection
  const kinds: ReadonlySet<string> | undefined = projection.kinds && new Set(projection.kinds)
  const concerns = (kind: string) => isKnownKind(kind) && (kinds?.has(kind) ?? true)
  const waiting = beside.filter(event => (incident === undefined || event.incident === incident) && concerns(event.kind))
  const start = startOf(reading, projection, waiting[0])
  let {state} = start
  let settled: {readonly state: S; readonly cursor: OrderKey} | undefined
  let tail = 0
  for (const row of reading.scan({after: start.cursor, ...(incident !== undefined && {incident})})) {
    while (waiting[0] && compareKeys(orderKeyOf(waiting[0]), row.key) < 0) state = projection.evolve(state, waiting.shift() as Recorded) // just looked at
    if (concerns(row.kind)) state = projection.evolve(state, readKnown(row))
    if (row.key[0] > settledMs) continue
    tail += 1
    settled = {state, cursor: row.key}
  }
  for (const event of waiting) state = projection.evolve(state, event)
  if (!settled || tail <= SNAPSHOT_AFTER || beside.length > 0) return {state}
  const snapshot = {name, key, version, incident: incident ?? null, cursor: settled.cursor, state: JSON.stringify(settled.state)}
  return {state, snapshot: {...snapshot, sum: snapshotSum(snapshot)}}
}

/** The snapshot, unless it is of another version, unreadable, or an emergency record belongs before its end. */
function startOf<S>(reading: Reading, projection: Projection<S>, first: Recorded | undefined): {state: S; cursor: OrderKey} {
  const snapshot = reading.snapshot(projection.name, projection.key)
  const isWhole = snapshot?.version === projection.version && snapshot.sum === snapshotSum(snapshot)
  if (isWhole && (!first || compareKeys(snapshot.cursor, orderKeyOf(first)) < 0)) {
    try {
      return {state: JSON.parse(snapshot.state) as S, cursor: snapshot.cursor} // written by this same projection and version
    } catch {}
  }
  return {state: projection.initial(), cursor: BEFORE_ALL}
}
