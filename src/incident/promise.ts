import type {Board, OnBoard} from './board-state.ts'
import {isHalfOver} from './rod-reminder.ts'
import type {IncidentState} from './state.ts'

export interface PromiseStatus {
  readonly state: 'waiting' | 'due' | 'overdue'
  readonly by: string
  /** Number of the update that made it. */
  readonly update: number
  /** Milliseconds until it is due; negative: late by that much. */
  readonly leftMs: number
}

/** A promise this close is worth a line with every command. */
export const REMIND_MS = 5 * 60_000

/** The promise of the newest update, while the incident is open. A later update without one clears it, the end does too. */
export function promiseOf({phase, updates}: IncidentState): OnBoard['promise'] {
  const last = updates.at(-1)
  const stands = phase === 'open' && last?.nextUpdateBy !== undefined && last.status !== 'resolved'
  return stands ? {by: last.nextUpdateBy, update: last.number} : null
}

/** Where the promised next update stands; null when none is promised. Exactly on time is kept. */
export function promiseStatus(incident: OnBoard | IncidentState, nowMs: number): PromiseStatus | null {
  const promise = 'promise' in incident ? incident.promise : promiseOf(incident)
  if (promise === null) return null
  const leftMs = Date.parse(promise.by) - nowMs
  return {...promise, leftMs, state: leftMs < 0 ? 'overdue' : leftMs <= REMIND_MS ? 'due' : 'waiting'}
}

export interface Reminder {
  readonly of: 'promise' | 'rod'
  /** Incident id, or rod. */
  readonly id: string
  readonly title: string | null
  readonly by: string
  /** Milliseconds left; negative: late by that much. */
  readonly leftMs: number
}

/** What every command reminds of: updates due within five minutes or overdue, rods of whose time half is over. Most urgent first. */
export function reminders(board: Board, nowMs: number): readonly Reminder[] {
  const updates = Object.values(board.open).flatMap((entry): Reminder[] => {
    const status = promiseStatus(entry, nowMs)
    return status && status.state !== 'waiting' ? [{of: 'promise', id: entry.id, title: entry.title, by: status.by, leftMs: status.leftMs}] : []
  })
  const rods = Object.values(board.rods).flatMap((rod): Reminder[] => {
    if (rod.expiresAt === null || !isHalfOver(rod, nowMs)) return []
    return [{of: 'rod', id: rod.rod, title: rod.title, by: rod.expiresAt, leftMs: Date.parse(rod.expiresAt) - nowMs}]
  })
  return [...updates, ...rods].sort((a, b) => a.leftMs - b.leftMs)
}
