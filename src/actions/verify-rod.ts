import type {RodState} from '../incident/board-state.ts'
import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {othersIn} from '../incident/rods-of.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {Rod} from '../rods/rod.ts'
import {verifyRod as askWorld} from '../rods/verify-rod.ts'
import type {Desk} from './desk.ts'
import {holdLease} from './hold-lease.ts'
import type {MovedRod, RodSettled} from './move-rod.ts'
import {propose} from './record-intention.ts'
import {shouldHaveLetGo} from './withdrawal-terms.ts'

/** Whoever moves a rod faster than it can be asked about is busy with it. */
const TRIES = 3

/**
 * Asks control side and users' path where a rod stands, moves nothing and records the answer: this settles an intent
 * that was cut off, an unverified rod and a drifted one. A rod that never moved is asked about `withdrawn`, one that is
 * held about where it is held. What is seen of a rod that somebody moves meanwhile is asked again, and never recorded:
 * an answer from before the call arrived would have the rod out while it is in.
 * @throws Fault rod.not-found · rod.unreachable (nobody answered, nothing is recorded) · rod.busy · config.invalid · secret.missing
 */
export async function verifyRod(desk: Desk, id: string, signal: AbortSignal): Promise<MovedRod> {
  const rod = await (await desk.rods()).get(id)
  const journal = await desk.journal()
  const {status} = (await journal.fold(boardProjection)).rods[id] ?? {}
  if (status !== 'inserting' && status !== 'withdrawing') return askUntilStill(desk, rod, signal)
  // An open intent: whoever wrote it may be alive, and its call on the way.
  const hold = await holdLease(desk, `rod/${id}`)
  if (!hold.held) throw busy(id, `${hold.holder} is moving ${id}, and says itself how that ends`)
  try {
    return await askUntilStill(desk, rod, signal)
  } finally {
    await hold.release()
  }
}

async function askUntilStill(desk: Desk, rod: Rod, signal: AbortSignal): Promise<MovedRod> {
  const {id} = rod
  const journal = await desk.journal()
  for (let tries = 0; tries < TRIES; tries += 1) {
    const board = await journal.fold(boardProjection)
    const known = board.rods[id]
    const settled = await askWorld(
      rod,
      {to: askedAbout(known, desk.clock.now()), why: known?.why ?? '', ...(known?.expiresAt && {expiresAt: known.expiresAt})},
      {clock: desk.clock, signal, masks: othersIn(board, id)},
    )
    const intent = known?.intent ?? ''
    const settle = {...settled.data, intent, ...(intent !== '' && {settles: intent})}
    const asOf = known ? {status: known.status, since: known.since, intent: known.intent} : null
    const {events} = await propose(desk, known?.incident ?? null, {intend: 'settle-rod', settle, as: settled.kind, asOf})
    // Before it may stand that two journals had moved the rod without knowing of each other.
    const outcome = events.at(-1)
    if (outcome) return {rod, intent: null, outcome: outcome as Recorded<RodSettled>}
  }
  throw busy(id, `${id} was moved each time it was asked about`)
}

function askedAbout(known: RodState | undefined, now: number): string {
  if (!known || shouldHaveLetGo(known, now)) return 'withdrawn'
  return known.status === 'held' ? known.verified : known.want
}

function busy(id: string, message: string): Fault {
  return new Fault('rod.busy', `${message}; nothing was recorded`, {hints: [`scram rod show ${shellQuote(id)}`]})
}
