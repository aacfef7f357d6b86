import {COMPONENT_STATUSES, type ComponentStatus} from '../incident/words.ts'
import type {StatusChange} from './component-timeline.ts'

export const DAY_MS = 86_400_000
/** The window everybody else shows, so that pages can be compared. */
export const WINDOW_DAYS = 90
/** A partial outage counts 0.3, as at Atlassian and Instatus; in tenths, to stay in whole numbers. */
const TENTHS: Readonly<Record<ComponentStatus, number>> = {
  operational: 0,
  under_maintenance: 0,
  degraded_performance: 0,
  partial_outage: 3,
  major_outage: 10,
}

export interface History {
  /** `WINDOW_DAYS` entries, oldest first, the last one is the build's day; null before `startDate`: nothing is known. */
  readonly days: readonly (ComponentStatus | null)[]
  /** Thousandths of a percent, rounded down: 100 % is never shown when there was any downtime. Null: no day is known. */
  readonly uptime: number | null
  /** Days the percentage covers. */
  readonly knownDays: number
}

/**
 * Ninety days of one component. A day's colour is its worst status, however short; uptime is
 * `100 × (1 − (major + 0.3 × partial) / window)` over the whole days known. What still lasts is counted up to
 * `until` (the newest public fact, or the beginning of the build's day if that is later).
 */
export function componentHistory(timeline: readonly StatusChange[], startDate: string | null, day: string, until: string | null): History {
  const dayStart = Date.parse(day)
  const windowStart = dayStart - (WINDOW_DAYS - 1) * DAY_MS
  const start = startDate === null ? dayStart + DAY_MS : Math.max(Date.parse(startDate), windowStart)
  const end = Math.max(until === null ? 0 : Date.parse(until), dayStart)
  const first = Math.round((start - windowStart) / DAY_MS)
  const days = Array.from({length: WINDOW_DAYS}, (_, i): ComponentStatus | null => (i < first ? null : 'operational'))
  let tenthsLost = 0
  for (const [i, change] of timeline.entries()) {
    const next = timeline[i + 1]
    const from = Math.max(Date.parse(change.at), start)
    const to = Math.min(next ? Date.parse(next.at) : end, dayStart + DAY_MS)
    if (change.status === 'operational' || to < from || (next && to === from)) continue
    tenthsLost += (to - from) * TENTHS[change.status]
    // Half-open: what ends at midnight leaves the new day alone; what begins there, lasts no time at all or still lasts marks it.
    const lastDay = Math.max(dayOf(from, windowStart), dayOf(next ? to - 1 : to, windowStart))
    for (let d = dayOf(from, windowStart); d <= lastDay && d < WINDOW_DAYS; d++) days[d] = worst(days[d] ?? 'operational', change.status)
  }
  const knownDays = WINDOW_DAYS - Math.min(first, WINDOW_DAYS)
  const tenths = knownDays * DAY_MS * 10
  return {days, knownDays, uptime: knownDays === 0 ? null : Math.floor(((tenths - Math.min(tenthsLost, tenths)) * 100_000) / tenths)}
}

function dayOf(ms: number, windowStart: number): number {
  return Math.floor((ms - windowStart) / DAY_MS)
}

export function worst(a: ComponentStatus, b: ComponentStatus): ComponentStatus {
  return COMPONENT_STATUSES.indexOf(b) > COMPONENT_STATUSES.indexOf(a) ? b : a
}

/** 99895 → `99.895`, 100000 → `100`. */
export function percent(thousandths: number): string {
  if (thousandths === 100_000) return '100'
  return `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`
}
