import {type GuardLook, LONGEST_GAP} from './guard.ts'

/**
 * Counts for how many milliseconds the guard was good without a break at one position, by looks that had an answer. A look
 * that holds begins it anew, and so does a pause between two answers of more than 3 × `everyMs`; a single lost answer does
 * not, and adds nothing. Monotonic time only: a wall clock that is set changes nothing.
 */
export function makeDwell(everyMs: number): (look: GuardLook) => number {
  let goodSince: number | null = null
  let answeredAt = 0
  return ({says, atTicks}) => {
    if (goodSince !== null && atTicks - answeredAt > LONGEST_GAP * everyMs) goodSince = null
    if (says !== 'unknown') {
      answeredAt = atTicks
      goodSince = says === 'advance' ? (goodSince ?? atTicks) : null
    }
    return goodSince === null ? 0 : answeredAt - goodSince
  }
}
