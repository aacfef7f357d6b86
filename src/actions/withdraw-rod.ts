import {Fault} from '../lib/fault.ts'
import {parsePosition} from '../rods/position.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'
import {holdLease} from './hold-lease.ts'
import {incidentOfMove, type MovedRod, type MoveSaid, moveRod} from './move-rod.ts'

export interface WithdrawRod extends MoveSaid {
  readonly rod: string
  /** Position on the way out; absent: withdrawn. */
  readonly to?: string | undefined
  readonly why?: string | undefined
}

/**
 * Withdraws a rod: the probe must see it out. A rod that is out already is recorded as `already`.
 * @throws Fault, each before anything moved: as `insertRod`, and journal.busy: another process is moving it
 */
export async function withdrawRod(desk: Desk, {rod: id, to: wanted, why = '', take, ...said}: WithdrawRod, signal: AbortSignal): Promise<MovedRod> {
  const rod = await (await desk.rods()).get(id)
  const to = wanted === undefined ? 'withdrawn' : parsePosition(wanted, rod.positions, said.overrides)
  const incident = await incidentOfMove(desk, rod.id, 'withdraw-rod')
  return underRodLease(desk, rod, hold =>
    moveRod(desk, rod, incident, {intend: 'withdraw-rod', to, why, hold, terms: {rules: rod.rules, take: take === true}, ...said}, signal),
  )
}

/** One process at a time takes a rod out. @throws Fault rod.busy */
async function underRodLease<T>(desk: Desk, rod: Rod, work: (hold: Awaited<ReturnType<typeof holdLease>>) => Promise<T>): Promise<T> {
  const hold = await holdLease(desk, `rod/${rod.id}`)
  if (!hold.held) throw new Fault('rod.busy', `${hold.holder} is moving ${rod.id}; nothing was sent`, {hints: [`scram rod show ${rod.id}`]})
  try {
    return await work(hold)
  } finally {
    await hold.release()
  }
}
