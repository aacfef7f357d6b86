import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {parsePosition} from '../rods/position.ts'
import {checkExpiry} from './check-expiry.ts'
import type {Desk} from './desk.ts'
import {holdLease} from './hold-lease.ts'
import {incidentOfMove, type MovedRod, type MoveSaid, moveRod} from './move-rod.ts'

export interface InsertRod extends MoveSaid {
  readonly rod: string
  /** Position; absent: fully in. */
  readonly to?: string | undefined
  readonly why: string
  /** ms; absent: as the rod says. */
  readonly expires?: number | undefined
  /** Do not ask the probe: unverified at best. */
  readonly blind?: boolean | undefined
}

/**
 * Inserts a rod and answers with what the users' path showed. It waits for nobody: where someone else holds the rod's
 * lease it goes ahead, and says so in the record.
 * @throws Fault, each before anything moved: rod.not-found · config.invalid · secret.missing · usage.invalid ·
 * incident.several · guard.refused · rod.moved; `interrupted` after the intent
 */
export async function insertRod(
  desk: Desk,
  {rod: id, to: wanted, why, expires, blind, take, onBefore, ...said}: InsertRod,
  signal: AbortSignal,
): Promise<MovedRod> {
  const rod = await (await desk.rods()).get(id)
  const to = wanted === undefined ? rod.fullyIn : parsePosition(wanted, rod.positions, said.overrides)
  if (to === 'withdrawn') throw new Fault('usage.invalid', 'inserting to "withdrawn" is a withdrawal', {hints: [`scram out ${rod.id}`]})
  if (why.trim() === '') throw new Fault('usage.missing', '--why wants a reason: it is the first thing the next person asks')
  checkExpiry(expires)
  const expiresAt = new Date(desk.clock.now() + (expires ?? rod.expiresMs)).toISOString()
  const incident = await incidentOfMove(desk, rod.id, 'insert-rod')
  onBefore?.(rod, (await (await desk.journal()).fold(boardProjection)).rods[rod.id] ?? null, desk.clock.now())
  const hold = await holdLease(desk, `rod/${rod.id}`)
  try {
    const terms = {rules: rod.rules, take: take === true}
    return await moveRod(desk, rod, incident, {intend: 'insert-rod', to, why, expiresAt, blind, hold, terms, ...said}, signal)
  } finally {
    if (hold.held) await hold.release()
  }
}
