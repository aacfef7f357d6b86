import {Fault} from '../lib/fault.ts'

/** Longer than this a rod that is in is a decision of its own, not an expiry; the same bound as in scram.yaml. */
export const LONGEST_EXPIRY_MS = 72 * 3_600_000

/** What a person typed after `--expires`, ms. @throws Fault usage.invalid */
export function checkExpiry(ms: number | undefined): void {
  if (ms === undefined || (ms > 0 && ms <= LONGEST_EXPIRY_MS)) return
  throw new Fault('usage.invalid', `--expires wants more than 0 and at most 72h${ms > LONGEST_EXPIRY_MS ? '; extend the rod when the time comes' : ''}`)
}
