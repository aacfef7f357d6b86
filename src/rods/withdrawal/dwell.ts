import {gapBetween, type Moment} from './gap.ts'
import {type GuardLook, LONGEST_GAP} from './guard.ts'

/**
 * Counts for how many milliseconds the guard was good without a break at one position, by looks that had an answer. A look
 * that holds begins it anew, and so does a pause between two answers of more than 3 × `everyMs`, a suspended machine or a
 * wall clock that went back included; a single lost answer does not, and adds nothing. What counts is monotonic time: a
 * wall clock that is set makes no dwell shorter.
 */
export function makeDwell(everyMs: number): (look: GuardLook) => number {
  let goodSince: number | null = null
  let answered: Moment = {ticks: 0, wallMs: 0}
  return ({says, atTicks, atWallMs}) => {
    const now = {ticks: atTicks, wallMs: atWallMs}
    if (goodSince !== null && gapBetween(answered, now) > LONGEST_GAP * everyMs) goodSince = null
    if (says !== 'unknown') {
      answered = now
      goodSince = says === 'advance' ? (goodSince ?? atTicks) : null
    }
    return goodSince === null ? 0 : answered.ticks - goodSince
  }
}
