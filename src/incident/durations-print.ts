import {formatDuration} from '../lib/durations.ts'
import {boundWords, extentWords} from './describe.ts'
import type {Extent} from './events.ts'
import type {Instant} from './instant.ts'
import {isUncertain, type Length} from './length.ts'

/** A missing number prints as this, never as 0 and never as the time of creation. */
export const NOT_RECORDED = 'not recorded'
export const UNCERTAIN = 'uncertain by more than its value'

const MINUTE_MS = 60_000

/**
 * `2h16m`, `~30m`, `3m10s`, `5m before`, `2h16m so far`, `not recorded`. Rounded half-up once: to seconds when both ends
 * are known to better than a minute, else to minutes, so it is never finer than its worst end.
 */
export function printLength(length: Length | null): string {
  if (length === null || isUncertain(length)) return NOT_RECORDED
  const text = `${length.approx ? '~' : ''}${rounded(Math.abs(length.ms), length.precisionMs)}`
  if (length.ms < 0) return `${text} before`
  return length.isSoFar ? `${text} so far` : text
}

/** `~1h30m (10–15 % of HTTP traffic)`: a range stays a range. */
export function printPhase(length: Length | null, extent?: Extent): string {
  return extent ? `${printLength(length)} (${extentWords(extent)})` : printLength(length)
}

/** `≤ 2m`, `~7m`, `3m`: what somebody vouches for, with its bound. */
export function printStated({ms, bound}: {readonly ms: number; readonly bound: '<=' | '~' | '='}): string {
  return `${boundWords(bound)}${formatDuration(ms)}`
}

/** `18:08:41`, `~15:52:51 ±1m`: UTC; the date stands where the table says so. Half-widths below a minute are not said. */
export function printInstant({atMs, approx, precisionMs}: Instant): string {
  const isTime = Number.isFinite(atMs) && Math.abs(atMs) <= 8.64e15
  const clock = isTime ? new Date(atMs).toISOString().slice(11, 19) : NOT_RECORDED
  return `${approx ? '~' : ''}${clock}${precisionMs >= MINUTE_MS ? ` ±${formatDuration(precisionMs)}` : ''}`
}

/** A length that rounds to nothing is still a length: a second, or a minute, is the least that is printed. */
function rounded(ms: number, precisionMs: number): string {
  const unitMs = precisionMs < MINUTE_MS ? 1000 : MINUTE_MS
  const whole = Math.round(ms / unitMs)
  return whole === 0 ? `< ${formatDuration(unitMs)}` : formatDuration(whole * unitMs)
}
