import type {Envelope} from '../incident/events.ts'

/**
 * A record's place in record order: hlc, origin, epoch, seq. Exact, so that "after this one" never skips or repeats a
 * record of the same millisecond. Origins are lower-case ASCII: SQLite's bytes and JavaScript's code units agree.
 */
export type OrderKey = readonly [hlcMs: number, hlcCount: number, origin: string, epoch: number, seq: number]

/** Before every record. */
export const BEFORE_ALL: OrderKey = [-1, -1, '', -1, -1]

export function orderKeyOf({hlc, origin, epoch, seq}: Pick<Envelope, 'hlc' | 'origin' | 'epoch' | 'seq'>): OrderKey {
  return [hlc[0], hlc[1], origin, epoch, seq]
}

/** Negative when `a` comes first; 0 only for the same key. */
export function compareKeys(a: OrderKey, b: OrderKey): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0) || a[3] - b[3] || a[4] - b[4]
}
