import type {TrippedRod} from '../actions/trip-bank.ts'
import {narrate} from './stdout.ts'
import {trippedLine} from './views/bank.ts'

/** One line per rod of a bank on stderr as it settles; the result, in the order of the bank, follows on stdout. */
export function liveBank(): (tripped: TrippedRod) => void {
  return tripped => narrate(trippedLine(tripped))
}
