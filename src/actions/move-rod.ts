import type {Recorded, ScramEvent} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {carryOut} from '../rods/carry-out.ts'
import {observe} from '../rods/observe.ts'
import {parsePosition} from '../rods/position.ts'
import type {Rod} from '../rods/rod.ts'
import type {Told} from '../rods/watch-effect.ts'
import type {Desk} from './desk.ts'
import {meantIncident} from './meant-incident.ts'
import {propose} from './record-intention.ts'

/** How a move can end. */
export type RodSettled = Extract<ScramEvent, {kind: 'rod.inserted' | 'rod.withdrawn' | 'rod.unverified' | 'rod.jammed'}>

export interface MovedRod {
  readonly rod: Rod
  /** Null when a move was settled by asking (`scram rod verify`) and none was open. */
  readonly intent: Recorded | null
  readonly outcome: Recorded<RodSettled>
}

export interface InsertRod {
  readonly rod: string
  /** Position; absent: fully in. */
  readonly to?: string | undefined
  readonly why: string
  /** ms; absent: as the rod says. */
  readonly expires?: number | undefined
  /** Do not ask the probe: unverified at best. */
  readonly blind?: boolean | undefined
  readonly onFact?: (fact: Told) => void
}

export interface WithdrawRod {
  readonly rod: string
  /** Position on the way out; absent: withdrawn. */
  readonly to?: string | undefined
  readonly why?: string | undefined
  readonly onFact?: (fact: Told) => void
}

/**
 * Inserts a rod and answers with what the users' path showed. `rod.inserting` is durable before the rod is touched, and
 * exactly one outcome before this returns; cut off in between, the intent stays open and `scram rod verify` settles it.
 * A journal that cannot be written does not stop it: the events go to the emergency log and the command ends with 73.
 * @throws Fault, each before anything moved: rod.not-found · config.invalid · secret.missing · usage.invalid ·
 * incident.several · guard.refused; `interrupted` after the intent
 */
export async function insertRod(desk: Desk, input: InsertRod, signal: AbortSignal): Promise<MovedRod> {
  const rod = await (await desk.rods()).get(input.rod)
  const to = input.to === undefined ? rod.fullyIn : parsePosition(input.to, rod.positions)
  if (to === 'withdrawn') throw new Fault('usage.invalid', 'inserting to "withdrawn" is a withdrawal', {hints: [`scram out ${rod.id}`]})
  if (input.why.trim() === '') throw new Fault('usage.missing', '--why wants a reason: it is the first thing the next person asks')
  const expiresAt = new Date(desk.clock.now() + (input.expires ?? rod.expiresMs)).toISOString()
  return move(desk, rod, {intend: 'insert-rod', to, why: input.why, expiresAt, blind: input.blind === true, onFact: input.onFact}, signal)
}

/** Withdraws a rod, the same way: the probe must see it out. A rod that is out already is recorded as `already`. */
export async function withdrawRod(desk: Desk, input: WithdrawRod, signal: AbortSignal): Promise<MovedRod> {
  const rod = await (await desk.rods()).get(input.rod)
  const to = input.to === undefined ? 'withdrawn' : parsePosition(input.to, rod.positions)
  return move(desk, rod, {intend: 'withdraw-rod', to, why: input.why ?? '', blind: false, onFact: input.onFact}, signal)
}

interface Moving {
  readonly intend: 'insert-rod' | 'withdraw-rod'
  readonly to: string
  readonly why: string
  readonly expiresAt?: string
  readonly blind: boolean
  readonly onFact?: ((fact: Told) => void) | undefined
}

async function move(desk: Desk, rod: Rod, {intend, to, why, expiresAt, blind, onFact}: Moving, signal: AbortSignal): Promise<MovedRod> {
  const journal = await desk.journal()
  const incident = await incidentOfMove(desk, rod.id, intend)
  const before = await observe(rod, signal, desk.clock)
  const [component] = rod.components
  const intention = {
    rod: rod.id,
    to,
    from: before.from,
    why,
    title: rod.title,
    ...(expiresAt !== undefined && {expiresAt}),
    ...(component !== undefined && {component}),
  }
  const {events} = await propose(desk, incident, {intend, move: intention, blind})
  const intent = events.find(({kind}) => kind === 'rod.inserting' || kind === 'rod.withdrawing')
  if (!intent) throw new Error(`${intend} was accepted without an intent`)
  const settled = await carryOut(
    rod,
    before,
    {to, why, fence: 0, ...(expiresAt !== undefined && {expiresAt}), blind},
    {clock: desk.clock, signal, ...(onFact && {onFact})},
  ).catch(error => {
    throw isAbort(error) || signal.aborted ? interrupted(rod.id) : error
  })
  const [outcome] = await journal.append(incident, [{kind: settled.kind, data: {...settled.data, intent: intent.id}}])
  desk.notice(await journal.fold(boardProjection))
  return {rod, intent, outcome: outcome as Recorded<RodSettled>}
}

/** A withdrawal belongs to the incident the rod went in for, whatever is current now. */
async function incidentOfMove(desk: Desk, rod: string, intend: Moving['intend']): Promise<string | null> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const held = board.rods[rod]
  if (intend === 'withdraw-rod' && held && held.status !== 'withdrawn' && desk.choice.named === null) return held.incident
  return meantIncident(desk, journal, board, 'maybe')
}

function interrupted(rod: string): Fault {
  return new Fault('interrupted', `interrupted while ${rod} was moving: recorded as an open intent, where it stands is unknown`, {
    hints: [`scram rod verify ${shellQuote(rod)}`],
  })
}
