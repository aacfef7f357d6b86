import {maybeIn, type RodState} from './board-state.ts'

export type RodReminder = NonNullable<RodState['reminded']>

const OVERDUE_EVERY_MS = 30 * 60_000

/**
 * The reminder of a rod's expiry that is due and not recorded yet: at half of its time, at its end, and every 30 minutes
 * after it (n counts them). What nobody was there to say earlier is not said late: only the newest is. Null: none.
 */
export function dueReminder(state: RodState, now: number): RodReminder | null {
  if (!maybeIn(state) || state.expiresAt === null || state.expirySetAt === null) return null
  const dueMs = Date.parse(state.expiresAt)
  const halfMs = (Date.parse(state.expirySetAt) + dueMs) / 2
  const late = Math.floor((now - dueMs) / OVERDUE_EVERY_MS)
  const newest: RodReminder | null =
    late >= 1 ? {stage: 'overdue', n: late} : now >= dueMs ? {stage: 'due', n: 0} : now >= halfMs ? {stage: 'half', n: 0} : null
  return newest && rank(newest) > rank(state.reminded) ? newest : null
}

const RANK = {half: 1, due: 2, overdue: 2}

function rank(reminder: RodReminder | null): number {
  return reminder ? RANK[reminder.stage] + reminder.n : 0
}
