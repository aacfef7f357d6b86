import type {Clock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import type {Rod} from './rod.ts'
import {type Move, type Settled, settle} from './settle.ts'
import {type Told, watchEffect} from './watch-effect.ts'

/**
 * Asks control side and users' path whether the rod is at `move.to`, and moves nothing: how an open intent, or an
 * unverified one, is settled. Both sides showing another position settle it as jammed; anything less clear stays
 * unverified. Ends with the first look that disagrees, or with `consecutive` ones that agree.
 *
 * @throws Fault rod.unreachable (neither side answers: there is nothing to record) · config.invalid · secret.missing.
 * An abort passes through.
 */
export async function verifyRod(
  rod: Rod,
  move: Pick<Move, 'to' | 'why' | 'expiresAt'>,
  {clock, signal, onFact}: {clock: Clock; signal: AbortSignal; onFact?: (fact: Told) => void},
): Promise<Settled> {
  signal.throwIfAborted()
  const startTicks = clock.ticks()
  const [driver, probes] = await Promise.all([rod.driver(), rod.probes()])
  const {everyMs, consecutive} = rod.verify
  const watched = await watchEffect({
    driver,
    probes,
    to: move.to,
    everyMs,
    consecutive,
    patienceMs: 0,
    startTicks,
    clock,
    signal,
    ...(onFact && {onFact}),
  })
  if (watched.readings.every(({position}) => position === 'unknown') && (watched.effective === 'unknown' || watched.effective === 'none')) {
    const evidence = [...watched.readings.map(reading => reading.evidence), watched.seen?.evidence].filter(line => line !== undefined)
    throw new Fault('rod.unreachable', `${rod.id}: neither control side nor probe tells its position: ${evidence.join('; ')}`)
  }
  return settle(rod.id, move, 'asked', [], watched)
}
