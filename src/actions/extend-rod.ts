import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
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
  checkExpiry(expires)
  const expiresAt = new Date(desk.clock.now() + expires).toISOString()
  return recordIntention(desk, {intend: 'extend-rod', rod, expiresAt, why}, {id}, state.incident === null ? {want: 'maybe'} : {incident: state.incident})
}
