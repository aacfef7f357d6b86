import type {Json} from '../../lib/canonical.ts'
import type {Clock} from '../../lib/clock.ts'
import {type Comparison, meets} from '../probes/comparison.ts'
import type {Gauge, GaugeReading} from './gauge.ts'
import {growthOver} from './growth.ts'

/** `hold`: between the two thresholds. `unknown`: no usable answer, which holds as well and says so. */
export type GuardSays = 'advance' | 'hold' | 'back' | 'unknown'

/** A gauge, and how much it grew in so many milliseconds where the growth is what counts. */
export interface Watched {
  readonly gauge: Gauge
  readonly changeOverMs?: number
}

export interface Guard extends Watched {
  readonly everyMs: number
  readonly advance: Comparison
  /** Without one the guard holds at worst and never steps back. */
  readonly back?: Comparison
}

/** What must hold besides the guard before the last step. */
export interface Release extends Watched {
  readonly when: Comparison
}

export interface GuardLook {
  readonly says: GuardSays
  readonly evidence: string
  /** Monotonic: when the answer was there. */
  readonly atTicks: number
  /** The same moment on the wall clock, which goes on while the machine is suspended. */
  readonly atWallMs: number
}

/** A pause in the watch of more than so many intervals: what happened in it nobody saw. */
export const LONGEST_GAP = 3

/**
 * Two thresholds, so that a value that swings around one of them moves nothing. Where both are met `back` wins. A value
 * that has no order where order is asked for is no value.
 */
export function guardSays(value: Json | undefined, {advance, back}: Pick<Guard, 'advance' | 'back'>): GuardSays {
  if (!canBeHeld(value, advance) || (back && !canBeHeld(value, back))) return 'unknown'
  if (back && meets(value, back)) return 'back'
  return meets(value, advance) ? 'advance' : 'hold'
}

/**
 * Looks at the guard and, for the last step, at `release_when`. One lookout is for one withdrawal: growth counts from its
 * first look. The guard goes first and alone decides `back`, so that a slow `release_when` never delays a step back.
 */
export function makeLookout(guard: Guard, release: Release | null, clock: Clock): (isLastStep: boolean, signal: AbortSignal) => Promise<GuardLook> {
  const slackMs = LONGEST_GAP * guard.everyMs
  const ofGuard = watch(guard, slackMs, clock)
  const ofRelease = release && watch(release, slackMs, clock)
  return async (isLastStep, signal) => {
    const {value, evidence} = await ofGuard(signal)
    const says = guardSays(value, guard)
    if (says !== 'advance' || !isLastStep || !release || !ofRelease) return {says, evidence, ...momentOf(clock)}
    const released = await ofRelease(signal)
    const saysToo = guardSays(released.value, {advance: release.when})
    return {says: saysToo, evidence: `${evidence}; release_when ${released.evidence}`, ...momentOf(clock)}
  }
}

const momentOf = (clock: Clock) => ({atTicks: clock.ticks(), atWallMs: clock.now()})

function watch({gauge, changeOverMs}: Watched, slackMs: number, clock: Clock): (signal: AbortSignal) => Promise<GaugeReading> {
  if (changeOverMs === undefined) return signal => gauge.read(signal)
  const grown = growthOver(changeOverMs, slackMs)
  return async signal => {
    const {value, evidence} = await gauge.read(signal)
    if (value === undefined) return {value, evidence}
    if (typeof value !== 'number') return {value: undefined, evidence: `${evidence}: a counter is a number`}
    const growth = grown({ticks: clock.ticks(), wallMs: clock.now()}, value)
    const over = `over ${changeOverMs / 1000} s`
    return {value: growth, evidence: growth === undefined ? `${evidence}, not watched ${over} yet` : `${evidence}, ${growth} more ${over}`}
  }
}

function canBeHeld(value: Json | undefined, {lt, lte, gt, gte}: Comparison): boolean {
  if (value === undefined) return false
  // 1e999 is read as Infinity; nobody measured that.
  if (typeof value === 'number') return Number.isFinite(value)
  return [lt, lte, gt, gte].every(bound => bound === undefined)
}
