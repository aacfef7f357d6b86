import {parseDuration} from './durations.ts'
import {Fault} from './fault.ts'

/** A time as typed. A person said it, so its basis in the record is `stated`. */
export interface TypedInstant {
  readonly epochMs: number
  /** Half-width of what is known about it. */
  readonly precisionMs: number
  readonly basis: 'stated'
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Clocks differ a little; more than this ahead is a typing error. */
const FUTURE_MS = MINUTE_MS
const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)
const PRECISION_MS: Readonly<Record<string, number>> = {s: 1000, m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS}

/**
 * `-5m` · `15:52` · `15:52:41` · `2012-06-07 15:52:41 UTC` · RFC 3339 with an offset · any of these with a named zone
 * behind (`15:52 Europe/Berlin`). Nothing said means UTC. Without a date: today, or yesterday where that would be in the
 * future, in the zone that was meant. A local time that its zone has twice, or never, is refused with what it could mean.
 * Known as exactly as its smallest part. Named zones load `time-zone.ts`; nothing else is needed for the plain forms.
 * @throws Fault time.invalid: no time, more than 60 s in the future, before 2000
 */
export async function parseInstant(text: string, {now}: {readonly now: number}): Promise<TypedInstant> {
  const typed = text.trim()
  const found = ago(typed, text, now) ?? (await onTheClock(typed, now))
  if (!found) throw refusal(text, now, 'is not a time')
  if (found.epochMs > now + FUTURE_MS) throw refusal(text, now, `is in the future (${shown(found.epochMs)})`)
  if (found.epochMs < EARLIEST) throw refusal(text, now, 'is before the year 2000')
  if (found.epochMs >= LATEST) throw refusal(text, now, 'is after the year 2099')
  return found
}

/**
 * The same for what may still come: without a date the last such time that is at most `aheadMs` ahead, so `15:52` at 15:40
 * is twelve minutes ahead and at 16:00 eight minutes ago. A date is taken by its word, however far ahead.
 * @throws Fault time.invalid: as above
 */
export async function parseNearInstant(text: string, {now, aheadMs}: {readonly now: number; readonly aheadMs: number}): Promise<TypedInstant> {
  const typed = text.trim()
  const found = typed.startsWith('-') ? undefined : await onTheClock(typed, now + aheadMs - FUTURE_MS)
  return found && found.epochMs > now && found.epochMs < LATEST ? found : parseInstant(text, {now})
}

function ago(typed: string, text: string, now: number): TypedInstant | undefined {
  if (!typed.startsWith('-')) return undefined
  try {
    return {epochMs: now - parseDuration(typed.slice(1)), precisionMs: PRECISION_MS[typed.at(-1) ?? ''] ?? 1000, basis: 'stated'}
  } catch (cause) {
    throw refusal(text, now, 'is not a time', cause)
  }
}

const CLOCK = /^(?:(\d{4}-\d{2}-\d{2})[T ])?(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Za-z][\w+-]*(?:\/[\w+-]+)+))?$/i

/** The instants a wall clock can mean: one, or in a named zone none or two, and then what was nearly meant. */
interface Readings {
  readonly real: readonly number[]
  readonly nearly: readonly number[]
}

async function onTheClock(typed: string, now: number): Promise<TypedInstant | undefined> {
  const [, date, hour = '', minute = '', second, fraction = '', zone = 'Z'] = CLOCK.exec(typed) ?? []
  if (hour === '' || Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined
  const time = `${hour.padStart(2, '0')}:${minute}:${second ?? '00'}${fraction.slice(0, 4)}`
  const read = await readerOf(zone, typed)
  // Zones are up to 14 hours ahead and 12 behind: a local day may have begun tomorrow or still be that before yesterday.
  const days = date === undefined ? [1, 0, -1, -2].map(distance => shown(now + distance * DAY_MS).slice(0, 10)) : [date]
  for (const day of days) {
    const wall = wallClock(day, time)
    const readings = wall === undefined ? undefined : read?.(wall)
    if (!readings) return undefined
    if (date === undefined && Math.min(...readings.real, ...readings.nearly) > now + FUTURE_MS) continue
    const precisionMs = second === undefined ? MINUTE_MS : fraction === '' ? 1000 : 1
    return {epochMs: onlyOne(readings, typed), precisionMs, basis: 'stated'}
  }
  return undefined
}

/** As if the wall clock showed UTC. Date.parse rolls 31 February over: the day is compared again. */
function wallClock(day: string, time: string): number | undefined {
  const epochMs = Date.parse(`${day}T${time}Z`)
  return Number.isNaN(epochMs) || shown(epochMs).slice(0, 10) !== day ? undefined : epochMs
}

async function readerOf(zone: string, typed: string): Promise<((wall: number) => Readings) | undefined> {
  if (/^(?:z|utc|gmt)$/i.test(zone)) return wall => ({real: [wall], nearly: []})
  if (zone.includes('/')) {
    const {offsetIn} = await import('./time-zone.ts')
    const offset = offsetIn(zone)
    if (!offset) throw new Fault('time.invalid', `"${typed}" names no time zone this machine knows`, {hints: ['write one such as Europe/Berlin, or UTC']})
    return wall => inZone(wall, offset)
  }
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  if (hours > 23 || minutes > 59) return undefined
  const offsetMs = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS
  return wall => ({real: [wall - offsetMs], nearly: []})
}

/** None in spring's gap, two in autumn's fold: whatever the offset was a day before and will be a day after. */
function inZone(wall: number, offset: (epochMs: number) => number): Readings {
  const nearly = [...new Set([wall - offset(wall - DAY_MS), wall - offset(wall + DAY_MS)])].sort((a, b) => a - b)
  return {real: nearly.filter(epochMs => epochMs + offset(epochMs) === wall), nearly}
}

function onlyOne({real, nearly}: Readings, typed: string): number {
  const [only, second] = real
  if (only !== undefined && second === undefined) return only
  const why = only === undefined ? 'clocks were put forward over it' : 'clocks showed it twice'
  const hints = (only === undefined ? nearly : real).map(epochMs => `--at ${shown(epochMs).replace('.000Z', 'Z')}`)
  throw new Fault('time.invalid', `"${typed}" names no single instant: ${why}; say which in UTC`, {hints})
}

function shown(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

function refusal(text: string, now: number, problem: string, cause?: unknown): Fault {
  const quoted = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return new Fault('time.invalid', `"${quoted}" ${problem}; it is ${shown(now)} now`, {
    hints: ['write -5m, 15:52 or 15:52:41 (UTC), 2012-06-07T15:52:41Z, or 15:52 Europe/Berlin'],
    ...(cause !== undefined && {cause}),
  })
}
