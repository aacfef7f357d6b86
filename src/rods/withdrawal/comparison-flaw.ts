import type {Json} from '../../lib/canonical.ts'
import {type Comparison, meets} from '../probes/comparison.ts'

/** Why no value can decide this comparison, or null. Without a bound every value would meet it. */
export function comparisonFlaw(comparison: Comparison): string | null {
  if (Object.values(comparison).every(bound => bound === undefined)) return 'says nothing; write one of lt, lte, gt, gte, eq, ne'
  return values(comparison).some(value => meets(value, comparison)) ? null : 'can never be so'
}

/** A value that meets both, or `undefined` where none does. */
export function overlap(a: Comparison, b: Comparison): Json | undefined {
  return [...values(a, b)].find(value => meets(value, a) && meets(value, b))
}

/** One value of every region that the bounds cut the numbers into, and everything that is named: enough to try. */
function values(...comparisons: readonly Comparison[]): readonly Json[] {
  const named = comparisons.flatMap(({eq, ne}) => [eq, ne]).filter(value => value !== undefined)
  const bounds = comparisons.flatMap(({lt, lte, gt, gte}) => [lt, lte, gt, gte]).filter(bound => bound !== undefined)
  const cuts = [...bounds, ...named.filter(value => typeof value === 'number')].sort((a, b) => a - b)
  const between = cuts.flatMap((cut, i) => [cut, (cut + (cuts[i + 1] ?? cut + 2)) / 2])
  const text = named.some(value => typeof value !== 'number') ? ['', true, false] : []
  return [(cuts[0] ?? 0) - 1, ...between, ...named, ...text, 0]
}
