import type {Clock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import type {Rod} from './rod.ts'
import {type Move, type Settled, settle} from './settle.ts'
import {tellBypass} from './tell-bypass.ts'
import {type Told, watchEffect} from './watch-effect.ts'

/**
 * Asks control side and users' path whether the rod is at `move.to`, and moves nothing: how an open intent, or an
 * unverified one, is settled. Both sides showing another position settle it as jammed; anything less clear stays
 * unverified. Ends with the first look that disagrees, or with `consecutive` ones that agree. `masks`: rods that are not
 * known to be withdrawn.
 *
 * @throws Fault rod.unreachable (neither side answers: there is nothing to record) · config.invalid · secret.missing.
 * An abort passes through.
 */
export async function verifyRod(
  rod: Rod,
  move: Pick<Move, 'to' | 'why' | 'expiresAt'>,
  {clock, signal, onFact, masks}: {clock: Clock; signal: AbortSignal; onFact?: (fact: Told) => void; masks?: readonly string[]},
): Promise<Settled> {
  signal.throwIfAborted()
  const startTicks = clock.ticks()
  const [driver, probes] = await Promise.all([rod.driver(), rod.probes()])
  const {everyMs, consecutive} = rod.verify
  const bypassTold = tellBypass(rod, move.to, {clock, signal, onFact}, startTicks)
  const watching = watchEffect({
    driver,
    probes,
    to: move.to,
    everyMs,
    consecutive,
    patienceMs: 0,
    startTicks,
    clock,
    signal,
    masks,
    ...(onFact && {onFact}),
  })
  const [watched] = await Promise.all([watching, bypassTold])
  if (watched.readings.every(({position}) => position === 'unknown') && (watched.effective === 'unknown' || watched.effective === 'none')) {
    const evidence = [...watched.readings.map(reading => reading.evidence), watched.seen?.evidence].filter(line => line !== undefined)
    throw new Fault('rod.unreachable', `${rod.id}: neither control side nor probe tells its position: ${evidence.join('; ')}`)
  }
  return settle(rod.id, move, 'asked', [], watched)
}
