import {NOT_RECORDED, printInstant} from '../incident/durations-print.ts'
import type {Opaque, Recorded} from '../incident/events.ts'
import type {Instant} from '../incident/instant.ts'
import {own} from '../incident/own.ts'
import {REDACTED} from '../incident/redaction.ts'
import type {IncidentState} from '../incident/state.ts'

/** What an entry of the record says now: hidden, corrected, or as it was written. */
export function textNow({redacted, corrected}: Pick<IncidentState, 'redacted' | 'corrected'>, entry: string, written: string): string {
  return own(redacted, entry) === undefined ? (own(corrected, entry)?.text ?? written) : REDACTED
}

/** When an entry happened, as it is known now. */
export function atNow({corrected}: Pick<IncidentState, 'corrected'>, {id, at}: Pick<Recorded | Opaque, 'id' | 'at'>): string {
  return own(corrected, id)?.at ?? at
}

/** `15:52:41`; UTC, which the document says above its tables. */
export const time = (at: string) => at.slice(11, 19)

/** `15:52:41`, on another day than `than` `2012-06-08 00:10:00`; `not recorded` without an instant. */
export function clock(instant: Instant | null, than: number | null): string {
  if (!instant) return NOT_RECORDED
  const printed = printInstant(instant)
  const day = dayOf(instant.atMs)
  return than === null || dayOf(than) === day || day === '' ? printed : `${day} ${printed}`
}

/** `2012-06-07`; empty for what is no time. */
export function dayOf(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : ''
}

/** Since the impact began: `0:22:44`, `−0:01:00`; floored to seconds, hours may pass 24. Empty without a beginning. */
export function sinceStart(at: string, startMs: number | null): string {
  if (startMs === null) return ''
  const ms = Date.parse(at) - startMs
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const sign = ms < 0 && seconds > 0 ? '−' : ''
  const two = (value: number) => String(value).padStart(2, '0')
  return `${sign}${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** `68 %`, with `~` when what it is made of is not known exactly. */
export function percent(share: number, approx: boolean): string {
  return `${approx ? '~' : ''}${Math.round(share * 100)} %`
}

/** What a cell says where there is nothing to say. */
export const NOTHING = '–'
