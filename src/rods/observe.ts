import type {Position, TargetReading} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import {defined} from '../lib/defined.ts'
import {Fault} from '../lib/fault.ts'
import type {Driver, Look, Probe, Reading, Rod} from './rod.ts'

/** Looking beforehand must not hold up an insertion: what has not answered by then is recorded as `unknown`. */
export const OBSERVE_MS = 2000

export interface ReadBack {
  readonly target: string
  readonly position: Position | 'unknown'
  readonly version?: string
  readonly instance?: string
  readonly evidence: string
  /** Monotonic (`clock.ticks`): when the answer was there. */
  readonly atTicks: number
}

/** One rod, opened, and what its control side and the users' path show before anything is touched. */
export interface Before {
  readonly driver: Driver
  /** Empty for a rod without a probe. */
  readonly probes: readonly Probe[]
  readonly readings: readonly ReadBack[]
  /** The readings as an intent records them: what an undo restores. */
  readonly from: readonly TargetReading[]
  /** Null without a probe. */
  readonly look: WholeLook | null
}

/** What all probes of a rod saw together. */
export interface WholeLook extends Look {
  /** Theirs, joined. */
  readonly name: string
  /** A probe could not see through another rod: nothing is believed. */
  readonly isMasked: boolean
}

export interface LookOptions {
  /** The position somebody set; a share or a rate that the rod does not list is looked for only when it is named here. */
  readonly wanted?: Position
  /** Rods that are not known to be withdrawn. A probe that one of them masks is not asked. */
  readonly masks?: readonly string[]
  /** A look in passing: what takes longer is unknown, and what samples for seconds is not begun. */
  readonly withinMs?: number
}

/** A probe that cannot be opened (its secret lies in a vault that is down, too) keeps no blind insertion out. */
async function blindly(probes: Promise<readonly Probe[]>): Promise<readonly Probe[]> {
  try {
    return await probes
  } catch (error) {
    if (error instanceof Fault) return []
    throw error
  }
}

/**
 * Opens the rod and looks at it, control side and users' path at the same time, at most 2 s. Changes nothing; whatever
 * does not answer is `unknown` and stops nobody. `masks`: rods that are not known to be withdrawn.
 * @throws Fault config.invalid · secret.missing, before anything is recorded or touched. An abort passes through.
 */
export async function observe(rod: Rod, signal: AbortSignal, clock: Clock, masks: readonly string[] = [], isBlind = false): Promise<Before> {
  signal.throwIfAborted()
  const [driver, probes] = await Promise.all([rod.driver(), isBlind ? blindly(rod.probes()) : rod.probes()])
  const [readings, look] = await Promise.all([
    readAll(driver, signal, clock),
    probes.length === 0 ? null : lookThrough(probes, signal, {withinMs: OBSERVE_MS, masks}),
  ])
  const from = readings.map(({target, position, version}) => ({target, position, ...(version !== undefined && {version})}))
  return {driver, probes, readings, from, look}
}

/** Asks the control side of every target, in parallel, at most 2 s. */
export function readAll(driver: Driver, signal: AbortSignal, clock: Clock): Promise<ReadBack[]> {
  return Promise.all(
    driver.targets.map(async target => {
      const unanswered: Reading = {position: 'unknown', evidence: `no answer within ${OBSERVE_MS} ms`}
      const {position, version, instance, evidence} = await within(OBSERVE_MS, signal, unanswered, stop => driver.read({target, signal: stop}))
      return {target, position, ...defined({version, instance}), evidence, atTicks: clock.ticks()}
    }),
  )
}

/**
 * One look through every probe of a rod, at the same time: a position is seen only where all of them fit it, and nothing
 * where one of them cannot see.
 */
export async function lookThrough(probes: readonly Probe[], signal: AbortSignal, options: LookOptions = {}): Promise<WholeLook> {
  const looks = await Promise.all(probes.map(probe => lookOnce(probe, signal, options)))
  const fits = looks.map(look => look.fits).reduce((common, more) => common.filter(position => more.includes(position)))
  const [only, another] = fits
  return {
    position: only !== undefined && another === undefined ? only : 'unknown',
    fits,
    ...(looks.some(look => look.needsReadBack) && {needsReadBack: true}),
    name: probes.map(probe => probe.name).join(' + '),
    isMasked: probes.some(probe => maskOf(probe, options.masks) !== undefined),
    evidence: looks.map(look => look.evidence).join('; '),
  }
}

/** The rod that stands before this probe, if any. */
export function maskOf({maskedBy}: Probe, masks: readonly string[] = []): string | undefined {
  return maskedBy.find(rod => masks.includes(rod))
}

async function lookOnce(probe: Probe, signal: AbortSignal, {wanted, masks, withinMs}: LookOptions): Promise<Look> {
  const mask = maskOf(probe, masks)
  if (mask !== undefined) return blind(`${mask} stands before it`)
  if (withinMs === undefined) return probe.look(signal, wanted)
  if (probe.isSampled?.(wanted)) return blind('it takes many samples, so nobody looked in passing')
  return within(withinMs, signal, blind(`no answer within ${withinMs} ms`), stop => probe.look(stop, wanted))
}

const blind = (evidence: string): Look => ({position: 'unknown', fits: [], evidence})

/**
 * The answer of `ask`, or `otherwise` when it has none in time. Real time on purpose, whatever clock rules: it bounds a
 * socket or a process, and those do not live in simulated time.
 */
async function within<T>(ms: number, signal: AbortSignal, otherwise: T, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = AbortSignal.timeout(ms)
  try {
    return await ask(AbortSignal.any([signal, deadline]))
  } catch (error) {
    signal.throwIfAborted()
    if (deadline.aborted) return otherwise
    throw error
  }
}
