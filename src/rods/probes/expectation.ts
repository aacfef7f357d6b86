import type {Position} from '../../incident/events.ts'
import type {Look} from '../rod.ts'

/**
 * From what each position would look like and what was seen, to a look. An answer that fits no position, or several,
 * is not "not inserted": it is unknown, and says so.
 */
export function lookOf<E>(expect: ReadonlyMap<Position, E>, fitsOne: (expected: E) => boolean, evidence: string): Look {
  const fits = [...expect].filter(([, expected]) => fitsOne(expected)).map(([position]) => position)
  const [only, ...others] = fits
  if (only === undefined) return {position: 'unknown', fits, evidence: `${evidence}: fits none of ${[...expect.keys()].join(', ')}`}
  if (others.length > 0) return {position: 'unknown', fits, evidence: `${evidence}: fits ${fits.join(' and ')} alike`}
  return {position: only, fits, evidence}
}
