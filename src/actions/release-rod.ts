import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {Rod} from '../rods/rod.ts'
import type {Progress} from '../rods/withdrawal/withdraw-guarded.ts'
import type {Desk} from './desk.ts'
import {withdrawRod} from './withdraw-rod.ts'
import {isDueForRelease} from './withdrawal-terms.ts'

/**
 * The guarded withdrawal of a rod whose expiry passed and that asked for it (`on_expiry: release`). Its guard decides, as
 * for a person; where it does not pass the rod is held, and people are reminded. Answers with what was recorded last; null
 * where there was nothing to do: another watcher or a person is at it, or it was extended or withdrawn since somebody
 * looked. `isBrief`: for a single look, which must come back; a guard that is not good within twice its dwell (at least
 * 10 s) is waited for no longer, and the next release goes on from where the rod then stands.
 * @throws Fault as `withdrawRod`, and guard.refused where a brief one is given up
 */
export async function releaseRod(desk: Desk, rod: Rod, signal: AbortSignal, {isBrief = false}: {readonly isBrief?: boolean} = {}): Promise<Recorded | null> {
  const enough = new AbortController()
  const onProgress = (progress: Progress) => {
    const isLong = progress.kind === 'waiting' && progress.waitedMs >= Math.max(2 * progress.dwellMs, SHORTEST_PATIENCE_MS)
    // Only while it waits: a step that is under way is finished.
    if (isBrief && isLong) enough.abort(new DOMException('its guard is not good', 'AbortError'))
  }
  const input = {rod: rod.id, why: 'its expiry passed, and it asked to be released then', expired: true, onProgress}
  try {
    const {outcome, held} = await withdrawRod(desk, input, AbortSignal.any([signal, enough.signal]))
    return held ?? outcome
  } catch (error) {
    if (enough.signal.aborted && !signal.aborted) throw notNow(rod.id)
    if (!(error instanceof Fault)) throw error
    if (error.code === 'rod.busy' || (error.code === 'guard.refused' && !(await isStillDue(desk, rod.id)))) return null
    throw error
  }
}

/** A wait is told when it begins and every 10 s. */
const SHORTEST_PATIENCE_MS = 10_000

function notNow(rod: string): Fault {
  return new Fault('guard.refused', `past its expiry, and its guard is not good: ${rod} stays where it is until the next look`, {
    hints: [`scram out ${shellQuote(rod)}`],
  })
}

async function isStillDue(desk: Desk, rod: string): Promise<boolean> {
  return isDueForRelease((await (await desk.journal()).fold(boardProjection)).rods[rod], desk.clock.now())
}
