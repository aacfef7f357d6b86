import type {Position} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {lookThrough, OBSERVE_MS} from './observe.ts'
import type {Rod} from './rod.ts'
import type {Told} from './watch-effect.ts'

/**
 * Looks once, at most 2 s, whether the responders' own way in works while the rod is in, and tells it. It decides nothing:
 * one that cannot be opened is told, too. Nothing is asked where nobody listens, for a rod without one, or on the way out.
 */
export async function tellBypass(
  rod: Rod,
  to: Position,
  {clock, signal, onFact}: {clock: Clock; signal: AbortSignal; onFact?: ((fact: Told) => void) | undefined},
  startTicks: number,
): Promise<void> {
  if (!onFact || to === 'withdrawn') return
  const line = await bypassLine(rod, signal)
  if (line !== null) onFact({fact: 'bypass', target: '', ms: Math.round(clock.ticks() - startTicks), line})
}

async function bypassLine(rod: Rod, signal: AbortSignal): Promise<string | null> {
  try {
    const bypass = await rod.bypass()
    if (bypass === null) return null
    const {position, name, evidence} = await lookThrough([bypass], signal, {withinMs: OBSERVE_MS})
    return `the responders' way in ${position === 'withdrawn' ? 'works' : 'is not known to work'}: ${name}: ${evidence}`
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return `the responders' way in cannot be looked at: ${error.message}`
  }
}
