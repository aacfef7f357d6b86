import type {Position} from '../../incident/events.ts'
import type {Clock} from '../../lib/clock.ts'
import {makeDwell} from './dwell.ts'
import type {GuardLook} from './guard.ts'

export interface Watch {
  look(this: void, isLastStep: boolean, signal: AbortSignal): Promise<GuardLook>
  readonly everyMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  tell(this: void, waiting: Waiting): void
  onLook(this: void, look: GuardLook): void
}

/** Told when a wait begins and every 10 s while it lasts. */
export interface Waiting {
  readonly kind: 'waiting'
  readonly position: Position
  /** Null: only the dwell of this position is left. */
  readonly next: Position | null
  readonly look: GuardLook
  readonly goodMs: number
  readonly dwellMs: number
  readonly waitedMs: number
  /** For how long the guard has had no usable answer; 0 while it has one. */
  readonly unknownMs: number
}

interface Wait {
  readonly position: Position
  readonly next: Position | null
  /** 0: one look that says advance is enough. */
  readonly dwellMs: number
  /** False where there is nothing further in: `back` holds there. */
  readonly mayGoBack: boolean
}

const TELL_EVERY_MS = 10_000

/** Waits, for ever if need be, until the guard was good for the whole dwell, or says back. Answers with the look that decided. */
export function waitForGood(watch: Watch, {position, next, dwellMs, mayGoBack}: Wait): Promise<GuardLook> {
  const {clock} = watch
  const dwell = makeDwell(watch.everyMs)
  const startTicks = clock.ticks()
  let answeredAt = startTicks
  let toldAt = Number.NEGATIVE_INFINITY
  return lookUntil(watch, {isLastStep: next === 'withdrawn', signal: watch.signal}, look => {
    const goodMs = dwell(look)
    if (look.says !== 'unknown') answeredAt = look.atTicks
    if (look.says === 'back' && mayGoBack) return true
    if (look.says === 'advance' && goodMs >= dwellMs) return true
    if (look.atTicks - toldAt >= TELL_EVERY_MS) {
      toldAt = look.atTicks
      watch.tell({kind: 'waiting', position, next, look, goodMs, dwellMs, waitedMs: look.atTicks - startTicks, unknownMs: look.atTicks - answeredAt})
    }
    return false
  })
}

/** Looks until the guard says back, or until `over`: null. For the time a step out is being verified. */
export async function watchUntil(watch: Watch, over: AbortSignal): Promise<GuardLook | null> {
  const signal = AbortSignal.any([watch.signal, over])
  try {
    return await lookUntil(watch, {isLastStep: false, signal}, ({says}) => says === 'back')
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

/** Looks for so long: the look that says back, or null when none did. Nothing else decides anything here. */
export async function watchFor(watch: Watch, ms: number): Promise<GuardLook | null> {
  const endTicks = watch.clock.ticks() + ms
  const last = await lookUntil(watch, {isLastStep: false, signal: watch.signal}, ({says, atTicks}) => says === 'back' || atTicks >= endTicks)
  return last.says === 'back' ? last : null
}

async function lookUntil(
  {look, everyMs, clock, onLook}: Watch,
  {isLastStep, signal}: {readonly isLastStep: boolean; readonly signal: AbortSignal},
  isEnough: (look: GuardLook) => boolean,
): Promise<GuardLook> {
  for (;;) {
    const startTicks = clock.ticks()
    const seen = await look(isLastStep, signal)
    // A deadline that passed is an answer to a gauge ("none"); here it ends the work.
    signal.throwIfAborted()
    onLook(seen)
    if (isEnough(seen)) return seen
    await clock.sleep(Math.max(everyMs - (clock.ticks() - startTicks), 0), signal)
  }
}
