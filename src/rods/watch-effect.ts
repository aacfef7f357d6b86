import type {Effective, Position} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import type {Facts, Seen} from './judge.ts'
import {lookThrough, type ReadBack, readAll} from './observe.ts'
import type {Driver, Look, Probe} from './rod.ts'

/** A fact as it happens. `ms` counts from the intent; `line` is printable and holds no secret. */
export interface Told {
  readonly fact: 'acknowledged' | 'not-acknowledged' | 'read-back' | 'looked'
  /** '' for the probe, and for a driver with one target. */
  readonly target: string
  readonly ms: number
  readonly line: string
}

export interface Watching {
  readonly driver: Driver
  /** Empty: only the control side is asked. */
  readonly probes: readonly Probe[]
  readonly to: Position
  readonly everyMs: number
  /** So many looks in a row must agree: one stale answer of an old worker is not the effect. */
  readonly consecutive: number
  /** How long to go on while they do not agree; 0 asks once. */
  readonly patienceMs: number
  readonly startTicks: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onFact?: (fact: Told) => void
}

export interface Watched {
  readonly readings: readonly ReadBack[]
  readonly readBack: Seen
  readonly effective: Facts['effective']
  /** The last look; `ms` is that of the first agreeing one in its row. Absent without a probe. */
  readonly seen?: Effective
  readonly startTicks: number
}

/**
 * Reads the control side back, then looks through the users' path until `consecutive` looks agree or patience ends. A
 * control side that did not agree at first has the last word too: some answer before they have settled.
 */
export async function watchEffect(watching: Watching): Promise<Watched> {
  const first = await readBack(watching)
  if (watching.probes.length === 0) {
    const readings = await readUntilWanted(watching, first)
    return {readings, readBack: sideSeen(readings, watching.to), effective: 'none', startTicks: watching.startTicks}
  }
  const {effective, seen} = await lookUntilWanted(watching, first)
  const readings = sideSeen(first, watching.to) === 'wanted' ? first : await readBack(watching)
  return {readings, readBack: sideSeen(readings, watching.to), effective, seen, startTicks: watching.startTicks}
}

async function lookUntilWanted(watching: Watching, readings: readonly ReadBack[]): Promise<{effective: Seen; seen: Effective}> {
  const {probes, to, everyMs, consecutive, patienceMs, clock, signal, onFact, startTicks} = watching
  const watchTicks = clock.ticks()
  let agreed = 0
  let firstMs = 0
  for (;;) {
    const look = await lookThrough(probes, signal)
    const ms = Math.round(clock.ticks() - startTicks)
    onFact?.({fact: 'looked', target: '', ms, line: look.evidence})
    const isWanted = holds(look, to, readings)
    if (isWanted && agreed === 0) firstMs = ms
    agreed = isWanted ? agreed + 1 : 0
    const isLast = agreed >= consecutive || (agreed === 0 && clock.ticks() - watchTicks >= patienceMs)
    if (isLast) {
      const position = isWanted ? to : look.position
      const effective = isWanted ? 'wanted' : position === 'unknown' ? 'unknown' : 'other'
      return {effective, seen: {position, probe: look.name, ms: isWanted ? firstMs : ms, evidence: look.evidence}}
    }
    await clock.sleep(everyMs, signal)
  }
}

/** For a rod without a probe: the control side may lag behind its own acknowledgement, but one that cannot be asked never will. */
async function readUntilWanted(watching: Watching, first: readonly ReadBack[]): Promise<readonly ReadBack[]> {
  const {to, everyMs, patienceMs, clock, signal} = watching
  const untilTicks = clock.ticks() + patienceMs
  let readings = first
  while (sideSeen(readings, to) === 'other' && clock.ticks() < untilTicks) {
    await clock.sleep(everyMs, signal)
    readings = await readBack(watching)
  }
  return readings
}

async function readBack({driver, signal, clock, onFact, startTicks}: Watching): Promise<ReadBack[]> {
  const readings = await readAll(driver, signal, clock)
  for (const {target, atTicks, evidence} of readings) onFact?.({fact: 'read-back', target, ms: Math.round(atTicks - startTicks), line: evidence})
  return readings
}

/** One target that shows something else is enough to disagree; one that cannot be asked, to not know. */
export function sideSeen(readings: readonly ReadBack[], to: Position): Seen {
  if (readings.some(({position}) => position !== to && position !== 'unknown')) return 'other'
  return readings.length > 0 && readings.every(({position}) => position === to) ? 'wanted' : 'unknown'
}

/**
 * Whether a look agrees with `to`. An answer that fits several reduced positions (drain and maint look the same from
 * outside) agrees with the one the control side reads; one that fits `withdrawn` too never does.
 */
export function holds(look: Look, to: Position, readings: readonly ReadBack[]): boolean {
  if (look.position === to) return true
  return look.fits.length > 1 && look.fits.includes(to) && !look.fits.includes('withdrawn') && sideSeen(readings, to) === 'wanted'
}
