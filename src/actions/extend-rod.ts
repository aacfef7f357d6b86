import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {checkExpiry} from './check-expiry.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention} from './record-intention.ts'

/**
 * Gives a rod that is in a later expiry; every extension keeps its reason. Not where the target was told when to let go:
 * there it would be out at the old time, while the record says otherwise.
 * @throws Fault rod.not-found · guard.refused
 */
export async function extendRod(
  desk: Desk,
  {rod, expires, why, id}: {readonly rod: string; readonly expires: number; readonly why: string; readonly id?: string | undefined},
): Promise<Done> {
  const state = (await (await desk.journal()).fold(boardProjection)).rods[rod]
  if (!state) throw new Fault('rod.not-found', `the record knows no rod "${rod}" that ever went in`, {hints: ['scram rod list']})
  if (await letsGoByItself(desk, rod)) {
    const until = state.expiresAt ?? 'its expiry'
    throw new Fault('guard.refused', `the target of ${rod} itself lets go at ${until}, and only another insertion moves that`, {
      hints: [`scram in ${shellQuote(rod)} --expires 1h --why TEXT`],
    })
  }
  checkExpiry(expires)
  const expiresAt = new Date(desk.clock.now() + expires).toISOString()
  return recordIntention(desk, {intend: 'extend-rod', rod, expiresAt, why}, {id}, state.incident === null ? {want: 'maybe'} : {incident: state.incident})
}

/** A rod that cannot be opened now was not told by us either, as far as anyone can say. */
async function letsGoByItself(desk: Desk, id: string): Promise<boolean> {
  try {
    const rod = await (await desk.rods()).get(id)
    return rod.onExpiry === 'release' && (await rod.driver()).can.ttl
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}
