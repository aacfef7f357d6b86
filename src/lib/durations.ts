import {Fault} from './fault.ts'

const UNIT_MS: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000}
const PART = /(\d+)(ms|s|m|h|d)/y
/** Longer is a typing error: no promise, rod or wait of an incident lasts a year. */
export const LONGEST_DURATION_MS = 366 * 86_400_000

/**
 * `90s`, `15m`, `1h30m`, `2d` → whole milliseconds. Units largest first, each once; a bare number is refused, because
 * "15" has meant seconds, minutes and hours in three tools of one team. Longer than `longestMs` is refused.
 * @throws Fault duration.invalid
 */
export function parseDuration(text: string, longestMs = LONGEST_DURATION_MS): number {
  let total = 0
  let smallest = Number.POSITIVE_INFINITY
  PART.lastIndex = 0
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text)
    const unit = UNIT_MS[part?.[2] ?? '']
    if (!part || unit === undefined || unit >= smallest) throw invalid(text)
    smallest = unit
    total += Number(part[1]) * unit
  }
  if (text === '') throw invalid(text)
  if (total > longestMs) throw new Fault('duration.invalid', `"${shown(text)}" is too long: at most ${formatDuration(longestMs)}`)
  return total
}

function invalid(text: string): Fault {
  const bare = /^\d{1,6}$/.test(text) ? `${text}m or ${text}s` : '90s, 15m, 1h30m or 2d'
  return new Fault('duration.invalid', `"${shown(text)}" is not a duration; write ${bare}`)
}

const shown = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

/**
 * Milliseconds → `45s`, `3m05s`, `30m`, `2h16m`, `7h30m22s`, `2d03h`. Rounded half-up to whole seconds; zero parts at the
 * end are left out. Negative values print with a leading `-`.
 */
export function formatDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  if (first < 0) return '0s'
  const last = parts.findLastIndex(([value]) => value > 0)
  const shown = parts.slice(first, last + 1).map(([value, unit], i) => `${i > 0 ? String(value).padStart(2, '0') : value}${unit}`)
  return (ms < 0 ? '-' : '') + shown.join('')
}
