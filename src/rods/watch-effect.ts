import type {Effective, Position} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import type {Facts, Seen} from './judge.ts'
import {lookThrough, maskOf, OBSERVE_MS, type ReadBack, readAll, type WholeLook} from './observe.ts'
import type {Driver, Look, Probe} from './rod.ts'

/** A fact as it happens. `ms` counts from the intent; `line` is printable and holds no secret. */
export interface Told {
  readonly fact: 'acknowledged' | 'not-acknowledged' | 'read-back' | 'looked' | 'bypass'
  /** '' for a probe or bypass, and for a driver with one target. */
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
  /** So many looks in a row must agree: one stale answer of an old worker is not the effect. Of a sampled look, one. */
  readonly consecutive: number
  /** Rods that are not known to be withdrawn: what a probe behind one of them sees is not believed. */
  readonly masks?: readonly string[] | undefined
  /** How long to go on while they do not agree; 0 asks once. */
  readonly patienceMs: number
  readonly startTicks: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Patience ends when this is aborted: the rod is about to move again, and what is known by then is the answer. */
  readonly cutShort?: AbortSignal | undefined
  readonly onFact?: (fact: Told) => void
}

export interface Watched {
  readonly readings: readonly ReadBack[]
  readonly readBack: Seen
  readonly effective: Facts['effective']
  /** The last look; `ms` is that of the first agreeing one in its row. Absent without a probe. */
  readonly seen?: Effective
  /** A probe could not see through another rod that is in: `effective` is `none`, whatever there was to see. */
  readonly isMasked: boolean
  readonly startTicks: number
}

/**
 * Reads the control side back, then looks through the users' path until `consecutive` looks agree or patience ends; a look
 * that has begun is finished. A control side that did not agree at first has the last word too: some answer before they
 * have settled. Where a probe is masked, one look is told and only the control side is waited for: the mask may stay for
 * hours.
 */
export async function watchEffect(watching: Watching): Promise<Watched> {
  const {probes, to, masks, signal, startTicks} = watching
  const first = await readBack(watching)
  const isMasked = probes.some(probe => maskOf(probe, masks) !== undefined)
  if (probes.length === 0 || isMasked) {
    const seen = isMasked
      ? asSeen(tell(watching, await lookThrough(probes, signal, {wanted: to, masks: masks ?? [], withinMs: OBSERVE_MS})), 'unknown')
      : undefined
    const readings = await readUntilWanted(watching, first)
    return {readings, readBack: sideSeen(readings, to), effective: 'none', ...(seen && {seen}), isMasked, startTicks}
  }
  const {effective, seen, readings: last} = await lookUntilWanted(watching, first)
  const readings = sideSeen(last, to) === 'wanted' ? last : await readBack(watching)
  return {readings, readBack: sideSeen(readings, to), effective, seen, isMasked, startTicks}
}

interface Row {
  readonly effective: Seen
  readonly seen: Effective
  readonly readings: readonly ReadBack[]
}

async function lookUntilWanted(watching: Watching, first: readonly ReadBack[]): Promise<Row> {
  const {probes, to, everyMs, consecutive, patienceMs, clock, cutShort} = watching
  const signal = cutShort ? AbortSignal.any([watching.signal, asDeadline(cutShort)]) : watching.signal
  const needed = probes.every(probe => probe.isSampled?.(to)) ? 1 : consecutive
  const watchTicks = clock.ticks()
  let readings = first
  let row = inOneRow(probes, to)
  let agreed = 0
  let firstMs = 0
  for (;;) {
    const look = tell(watching, await lookThrough(row, signal, {wanted: to}))
    if (countsIfRead(look, to) && !holds(look, to, readings)) readings = await readBack(watching) // it may have lagged behind itself
    const isWanted = holds(look, to, readings)
    if (isWanted && agreed === 0) firstMs = look.ms
    if (!isWanted) row = inOneRow(probes, to)
    agreed = isWanted ? agreed + 1 : 0
    if (agreed >= needed) return {effective: 'wanted', seen: asSeen({...look, ms: firstMs}, to), readings}
    const isOver = cutShort?.aborted || (agreed === 0 && clock.ticks() - watchTicks >= patienceMs)
    if (isOver) {
      const position = look.position === to ? 'unknown' : look.position // what counts only with the control side does not count alone
      return {effective: position === 'unknown' ? 'unknown' : 'other', seen: asSeen(look, position), readings}
    }
    await clock.sleep(everyMs, watching.signal)
  }
}

/** To a probe it is a deadline that passed, not a person who interrupts. */
function asDeadline(cutShort: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const end = () => controller.abort(new DOMException('cut short', 'TimeoutError'))
  if (cutShort.aborted) end()
  else cutShort.addEventListener('abort', end, {once: true})
  return controller.signal
}

/** The probes for one row of looks: a sampled look that agreed stands for the rest of its row, hundreds of requests would only repeat it. */
function inOneRow(probes: readonly Probe[], to: Position): readonly Probe[] {
  return probes.map(probe => {
    if (!probe.isSampled?.(to)) return probe
    let look: Promise<Look> | undefined
    return {...probe, look: (signal: AbortSignal, wanted?: Position) => (look ??= probe.look(signal, wanted))}
  })
}

function tell({clock, startTicks, onFact}: Watching, look: WholeLook): WholeLook & {ms: number} {
  const ms = Math.round(clock.ticks() - startTicks)
  onFact?.({fact: 'looked', target: '', ms, line: look.evidence})
  return {...look, ms}
}

function asSeen({name, ms, evidence}: {name: string; ms: number; evidence: string}, position: Position | 'unknown'): Effective {
  return {position, probe: name, ms, evidence}
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
 * outside) agrees with the one the control side reads; one that fits `withdrawn` too never does. A look that needs the
 * control side agrees only together with it.
 */
export function holds(look: Look, to: Position, readings: readonly ReadBack[]): boolean {
  if (look.position === to && !look.needsReadBack) return true
  return countsIfRead(look, to) && sideSeen(readings, to) === 'wanted'
}

function countsIfRead({fits, needsReadBack}: Look, to: Position): boolean {
  return fits.includes(to) && (needsReadBack === true || !fits.includes('withdrawn'))
}
