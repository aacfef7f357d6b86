import type {RodState} from '../incident/board-state.ts'
import type {Draft, Intent, Recorded, ScramEvent} from '../incident/events.ts'
import type {RodTerms} from '../incident/intentions.ts'
import {boardProjection} from '../incident/projections.ts'
import {othersIn} from '../incident/rods-of.ts'
import type {Journal} from '../journal/journal.ts'
import {defined} from '../lib/defined.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {carryOut} from '../rods/carry-out.ts'
import {type Before, observe} from '../rods/observe.ts'
import type {Rod} from '../rods/rod.ts'
import type {Settled} from '../rods/settle.ts'
import type {Told} from '../rods/watch-effect.ts'
import type {Desk} from './desk.ts'
import type {Hold} from './hold-lease.ts'
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

/** What a person may say about a move, whichever way it goes. */
export interface MoveSaid {
  /** Rules set aside by name; recorded, and they want a reason. */
  readonly overrides?: readonly string[] | undefined
  /** People who agreed, as stated by whoever types. */
  readonly approvedBy?: readonly string[] | undefined
  /** Accept where the rod is found, though someone else moved it there. */
  readonly take?: boolean | undefined
  /** Targets to move; absent: all of them. */
  readonly only?: readonly string[] | undefined
  readonly onFact?: ((fact: Told) => void) | undefined
  /** Before anything is sent: what is about to move, and what the record knows of it. */
  readonly onBefore?: ((rod: Rod, state: RodState | null, now: number) => void) | undefined
}

/** One move of one rod, from its intent to its outcome. */
export interface Moving extends Pick<MoveSaid, 'overrides' | 'approvedBy' | 'only' | 'onFact'> {
  readonly intend: 'insert-rod' | 'withdraw-rod'
  readonly to: string
  readonly why: string
  readonly expiresAt?: string | undefined
  readonly blind?: boolean | undefined
  /** What each target is set to, where they differ: an undo. */
  readonly each?: ReadonlyMap<string, string> | undefined
  readonly bank?: string | undefined
  readonly step?: string | undefined
  readonly terms: RodTerms
  readonly cutShort?: AbortSignal | undefined
  /** The rod's lease. Not held: an insertion goes ahead unfenced. */
  readonly hold?: Hold | undefined
}

/**
 * Moves a rod once and answers with what the users' path showed. The intent is durable before the rod is touched, and
 * exactly one outcome before this returns; cut off in between, the intent stays open and `scram rod verify` settles it.
 * A journal that cannot be written does not stop it: the events go to the emergency log and the command ends with 73.
 * @throws Fault, each before anything moved: config.invalid · secret.missing · usage.invalid · guard.refused · rod.moved ·
 * lease.lost; `interrupted` after the intent
 */
export async function moveRod(desk: Desk, rod: Rod, incident: string | null, moving: Moving, signal: AbortSignal): Promise<MovedRod> {
  const masks = othersIn(await (await desk.journal()).fold(boardProjection), rod.id)
  const before = await observe(rod, signal, desk.clock, masks, moving.blind === true)
  const move = intentOf(rod, before, moving)
  const {events} = await propose(desk, incident, {intend: moving.intend, move, blind: moving.blind === true, ...moving.terms}, undefined, fenceOf(moving.hold))
  return followIntent(desk, rod, before, moving, intentIn(events), signal)
}

/** What is recorded before the rod is touched. @throws Fault usage.invalid: no such target */
export function intentOf(rod: Rod, before: Before, moving: Moving): Intent {
  const {to, why, expiresAt, only, each, overrides, approvedBy, bank, step, hold} = moving
  checkTargets(rod, before.driver.targets, only)
  const [component] = rod.components
  const {conflicts, requires} = rod.rules
  const binds = {...(conflicts.length > 0 && {conflicts}), ...(requires.length > 0 && {requires})}
  return {
    rod: rod.id,
    to,
    from: before.from,
    why,
    title: rod.title,
    ...defined({expiresAt, component, bank, step, note: rod.publicNote, only: someOf(only), overrides: someOf(overrides), approvals: someOf(approvedBy)}),
    ...(each && {each: [...each].map(([target, position]) => ({target, position}))}),
    ...(Object.keys(binds).length > 0 && {binds}),
    ...(hold?.held === true && hold.lease.fence > 0 && {fence: hold.lease.fence}),
    ...(hold?.held === false && {unfenced: true}),
    ...(isNativeTtl(rod, before, moving) && {ttl: 'native'}),
  }
}

/** @throws Fault usage.invalid: no such target */
export function checkTargets(rod: Rod, targets: readonly string[], only: readonly string[] | undefined): void {
  const stranger = (only ?? []).find(target => !targets.includes(target))
  if (stranger !== undefined) {
    const known = targets.filter(target => target !== '')
    throw new Fault('usage.invalid', `${rod.id} has no target "${stranger}"; ${known.length > 0 ? `it has ${known.join(', ')}` : 'it has one, without a name'}`)
  }
}

/** From a durable intent to its outcome. */
export async function followIntent(desk: Desk, rod: Rod, before: Before, moving: Moving, intent: Recorded, signal: AbortSignal): Promise<MovedRod> {
  const {to, why, expiresAt, blind, only, each, onFact, hold, cutShort} = moving
  const fence = hold?.held === true ? hold.lease.fence : 0
  const ttlMs = isNativeTtl(rod, before, moving) ? Math.max(Date.parse(expiresAt ?? '') - desk.clock.now(), 1000) : undefined
  const journal = await desk.journal()
  const masks = othersIn(await journal.fold(boardProjection), rod.id)
  const settled = await carryOut(
    rod,
    before,
    {to, why, fence, ...defined({expiresAt, blind, only, each, ttlMs})},
    {clock: desk.clock, signal, masks, cutShort, ...(onFact && {onFact})},
  ).catch(error => {
    throw isAbort(error) || signal.aborted ? interrupted(rod.id) : error
  })
  const outcome = await appendOutcome(journal, intent, settled)
  desk.notice(await journal.fold(boardProjection))
  return {rod, intent, outcome}
}

/** Each waits for the lock, some seconds. */
const OUTCOME_TRIES = 3

/** The rod has moved: a journal that another process keeps locked is waited for longer than anything else, and "nothing was recorded" would be a lie. */
async function appendOutcome(journal: Journal, intent: Recorded, {kind, data}: Settled): Promise<Recorded<RodSettled>> {
  const draft: Draft = {kind, data: {...data, intent: intent.id}}
  for (let tries = 1; ; tries += 1) {
    try {
      const [outcome] = await journal.append(intent.incident, [draft])
      return outcome as Recorded<RodSettled> // what was appended
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'journal.busy') throw error
      if (tries >= OUTCOME_TRIES) throw unrecorded(data.rod, kind, error)
    }
  }
}

function unrecorded(rod: string, kind: Settled['kind'], cause: Fault): Fault {
  const message = `${rod} was moved and ended as ${kind.replace('rod.', '')}, but another process keeps the journal locked: its intent is recorded, its outcome is not`
  return new Fault('journal.busy', message, {hints: [`scram rod verify ${shellQuote(rod)}`], cause})
}

export function intentIn(events: readonly Recorded[]): Recorded {
  const intent = events.find(({kind}) => kind === 'rod.inserting' || kind === 'rod.withdrawing')
  if (!intent) throw new Error('a move was accepted without an intent')
  return intent
}

/** The lease under which an intent is written. Nobody's lease keeps a fact out: outcomes are written without. */
export function fenceOf(hold: Hold | undefined): {fence?: {name: string; fence: number}} {
  return hold?.held === true && hold.lease.fence > 0 ? {fence: hold.lease} : {}
}

/** The incident a move belongs to: a withdrawal to the one the rod went in for, whatever is current now. */
export async function incidentOfMove(desk: Desk, rod: string, intend: Moving['intend']): Promise<string | null> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const held = board.rods[rod]
  if (intend === 'withdraw-rod' && held && held.status !== 'withdrawn' && desk.choice.named === null) return held.incident
  return meantIncident(desk, journal, board, 'maybe')
}

/** The target itself lets go, without a guard: only where the rod asked for a release and the target can. */
function isNativeTtl(rod: Rod, {driver}: Before, {intend, expiresAt}: Moving): boolean {
  return intend === 'insert-rod' && rod.onExpiry === 'release' && driver.can.ttl && expiresAt !== undefined
}

const someOf = (list: readonly string[] | undefined) => (list && list.length > 0 ? list : undefined)

function interrupted(rod: string): Fault {
  return new Fault('interrupted', `interrupted while ${rod} was moving: recorded as an open intent, where it stands is unknown`, {
    hints: [`scram rod verify ${shellQuote(rod)}`],
  })
}
