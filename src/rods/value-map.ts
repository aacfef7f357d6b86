import type {Position} from '../incident/events.ts'
import {canonicalJson, type Json} from '../lib/canonical.ts'
import {positionForm, positionNumber, toPosition} from './position.ts'

/** How a target writes the positions of a rod. One-to-one, so that what is read back is never ambiguous. */
export interface ValueMap {
  valueAt(position: Position): Json
  positionOf(value: Json | undefined): Position | 'unknown'
}

type Invalid = (path: readonly string[], message: string) => Error

/**
 * Names stand for themselves, `25%` for 25, `10/s` for 10, unless `values` says otherwise. "No limit" has no number: a
 * rate rod must say what `none` is (null, a sentinel), and it must not be what `0/s` is, its opposite.
 * @throws what `invalid` makes
 */
export function valueMap(values: Readonly<Record<string, Json>>, positions: readonly Position[], invalid: Invalid): ValueMap {
  const form = positionForm(positions)
  const given = new Map<Position, Json>()
  for (const [key, value] of Object.entries(values)) {
    const position = toPosition(key, positions)
    if (position === null) throw invalid(['values', key], `${JSON.stringify(key)} is no position of this rod; it has ${positions.join(', ')}`)
    given.set(position, value)
  }
  if (form === 'rate' && !given.has('withdrawn')) throw invalid(['values'], 'a rate rod must say what the target takes for "no limit": values: {none: null}')
  const valueAt = (position: Position): Json => {
    const value = given.get(position)
    return value === undefined ? (positionNumber(position, form) ?? position) : value
  }
  const taken = new Map<string, Position>()
  for (const position of new Set([...positions, ...given.keys()])) {
    const value = canonicalJson(valueAt(position))
    const other = taken.get(value)
    if (other !== undefined) throw invalid(['values'], `${other} and ${position} are both ${value}: what is read back would be ambiguous`)
    taken.set(value, position)
  }
  return {
    valueAt,
    positionOf(value) {
      if (value === undefined) return 'unknown'
      const listed = taken.get(canonicalJson(value))
      if (listed !== undefined) return listed
      // A share or rate that nobody listed is still what the target does.
      if (typeof value !== 'number' || form === 'named') return 'unknown'
      if (form === 'percent') return unlisted(toPosition(String(value), positions))
      return value >= 0 ? unlisted(`${value}/s`) : 'unknown'
    },
  }

  function unlisted(position: Position | null): Position | 'unknown' {
    return position === null || given.has(position) ? 'unknown' : position
  }
}
