import {diskProblem} from './disk-problem.ts'
import type {Reading, Scanned} from './store.ts'

/**
 * A look at a damaged journal: each answer goes as far as the file does, and no further. Only for a journal already known
 * to be damaged, with a banner over all it says: half a board at 3 a.m. is better than an error.
 */
export function tolerant(reading: Reading): Reading {
  return {
    meta: () => orElse(undefined, () => reading.meta()),
    byId: id => orElse(undefined, () => reading.byId(id)),
    byPlace: (origin, epoch, seq) => orElse(undefined, () => reading.byPlace(origin, epoch, seq)),
    head: (origin, epoch) => orElse(undefined, () => reading.head(origin, epoch)),
    heads: () => orElse([], () => reading.heads()),
    latestHlc: notAfterMs => orElse(undefined, () => reading.latestHlc(notAfterMs)),
    scan: scan => legible(untilTorn(() => reading.scan(scan))),
    stream: (origin, epoch, fromSeq) => untilTorn(() => reading.stream(origin, epoch, fromSeq)),
    newestArrival: () => undefined, // where records may be missing nothing is concluded from the last one
    arrivedAfter: () => undefined,
    snapshot: (name, key) => orElse(undefined, () => reading.snapshot(name, key)),
    lease: name => orElse(undefined, () => reading.lease(name)),
    stopped: () => orElse([], () => reading.stopped()),
    applying: (origin, epoch) => orElse(undefined, () => reading.applying(origin, epoch)),
    count: () => orElse(0, () => reading.count()),
    selfCheck: () => orElse('it cannot be checked', () => reading.selfCheck()),
  }
}

/** A damaged record costs nothing but itself. */
function* legible(rows: Iterable<Scanned>): Generator<Scanned> {
  for (const row of rows) if (row.isWhole) yield row
}

function orElse<T>(missing: T, look: () => T): T {
  try {
    return look()
  } catch (error) {
    if (diskProblem(error)) return missing
    throw error
  }
}

function* untilTorn<T>(look: () => Iterable<T>): Generator<T> {
  try {
    yield* look()
  } catch (error) {
    if (!diskProblem(error)) throw error
  }
}
