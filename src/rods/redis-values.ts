import type {Position} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import type {Reply} from './resp.ts'
import {valueMap} from './value-map.ts'

/** What stands in Redis, in our words. */
export interface Seen {
  readonly position: Position | 'unknown'
  /** For the version: the position, or `(absent)`, `(member)`, `(other)`, which no position is called. */
  readonly name: string
  readonly shown: string
}

/** How the positions of a rod are written in Redis. Absent is withdrawn, whatever else is. */
export interface StoredValues {
  /** Null: no key at all. */
  storedAt(position: Position): string | null
  /** Null for a reply that is no value. */
  seenIn(reply: Reply | undefined): Seen | null
  readonly absent: Seen
  /** A member of a set, which has no value. */
  readonly present: Seen
  /** The state the script compares, of a `name`; '' where the value is nobody's. */
  stateOf(name: string): string
}

/** @throws what `invalid` makes: an unknown position, two positions with one value */
export function redisValues(
  given: Readonly<Record<string, string | number | boolean>>,
  positions: readonly Position[],
  invalid: (path: readonly string[], message: string) => Error,
): StoredValues {
  const values = Object.entries(given).map(([key, value]) => [key, asJson(String(value))] as const)
  // A key that `values` does not give a withdrawn value is deleted; for a rate, "no limit" is no key.
  const map = valueMap({withdrawn: null, ...Object.fromEntries(values)}, positions, invalid)
  const storedAt = (position: Position) => {
    const value = map.valueAt(position)
    if (value === null) return null
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
  const fullyIn = positions.at(-1) ?? 'inserted'
  const absent: Seen = {position: 'withdrawn', name: '(absent)', shown: 'is absent'}
  return {
    storedAt,
    absent,
    present: {position: fullyIn, name: '(member)', shown: 'is a member'},
    seenIn(reply) {
      if (reply === null) return absent
      if (!Buffer.isBuffer(reply)) return null
      const text = reply.toString('utf8')
      // Bytes that are no UTF-8 are nobody's value.
      const position = Buffer.from(text).equals(reply) ? map.positionOf(asJson(text)) : 'unknown'
      // What nobody listed is somebody's text: of that only that it is another one.
      if (position === 'unknown') return {position, name: '(other)', shown: 'is another value'}
      return {position, name: position, shown: `is ${JSON.stringify(storedAt(position))}`}
    },
    stateOf(name) {
      if (name === '(other)') return ''
      if (name === '(absent)') return '-'
      return name === '(member)' ? '=' : `=${storedAt(name) ?? ''}`
    },
  }
}

/** A number as Redis holds it is its digits: "25" and 25 are one value, " 25" and "025" are others. */
function asJson(text: string): Json {
  const number = Number(text)
  return Number.isFinite(number) && String(number) === text ? number : text
}
