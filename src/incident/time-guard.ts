import {iso} from '../lib/clock.ts'
import {refuse} from './decision.ts'
import type {Refusal, World} from './intentions.ts'

/** Two machines' clocks may differ by this much; what lies further ahead has not happened. */
const AHEAD_MS = 60_000

/** Refuses an instant that cannot be read, or lies in the future. Before the opening is fine: things happen earlier. */
export function tooLate({now}: World, at: string | undefined): Refusal | undefined {
  if (at === undefined) return undefined
  const atMs = Date.parse(at)
  if (Number.isNaN(atMs)) return refuse('time.invalid', `"${at.slice(0, 40)}" is not an instant`)
  return atMs > now + AHEAD_MS ? refuse('time.invalid', `${at} is in the future; it is ${iso(now)} now`) : undefined
}

/** No promise of an incident lies a year ahead; what is longer (or no number at all) is a typing error. */
const LONGEST_PROMISE_MS = 366 * 86_400_000

/** Refuses a promise that is no whole, positive duration. */
export function noPromise(next: number | undefined): Refusal | undefined {
  if (next === undefined || (Number.isSafeInteger(next) && next > 0 && next <= LONGEST_PROMISE_MS)) return undefined
  return refuse('usage.invalid', `the next update cannot be promised in ${next} ms`, 'scram update "text" --next 20m')
}
