import {maybeIn, type RodState} from './board-state.ts'

export type RodReminder = NonNullable<RodState['reminded']>

const OVERDUE_EVERY_MS = 30 * 60_000

/** It may be in, and half of the time it was given is over. */
export function isHalfOver(state: RodState, now: number): boolean {
  return maybeIn(state) && state.expiresAt !== null && state.expirySetAt !== null && now >= halfMs(state.expirySetAt, state.expiresAt)
}

function halfMs(setAt: string, expiresAt: string): number {
  return (Date.parse(setAt) + Date.parse(expiresAt)) / 2
}

/**
 * The reminder of a rod's expiry that is due and not recorded yet: at half of its time, at its end, and every 30 minutes
 * after it (n counts them). What nobody was there to say earlier is not said late: only the newest is. Null: none.
 */
export function dueReminder(state: RodState, now: number): RodReminder | null {
  if (state.expiresAt === null || !isHalfOver(state, now)) return null
  const dueMs = Date.parse(state.expiresAt)
  const late = Math.floor((now - dueMs) / OVERDUE_EVERY_MS)
  const newest: RodReminder = late >= 1 ? {stage: 'overdue', n: late} : {stage: now >= dueMs ? 'due' : 'half', n: 0}
  return rank(newest) > rank(state.reminded) ? newest : null
}

const RANK = {half: 1, due: 2, overdue: 2}

function rank(reminder: RodReminder | null): number {
  return reminder ? RANK[reminder.stage] + reminder.n : 0
}
