import type {Position} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import {Fault, type FaultCode} from '../lib/fault.ts'
import type {Contact} from './judge.ts'
import {type Before, readAll} from './observe.ts'
import type {Driver, Rod} from './rod.ts'
import {type Attempt, kindOf, type Move, type Settled, settle, shown} from './settle.ts'
import {tellBypass} from './tell-bypass.ts'
import {holds, type Told, type Watched, watchEffect} from './watch-effect.ts'

export interface Hands {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Narration while it happens; the record gets the same facts in the outcome. */
  readonly onFact?: (fact: Told) => void
  /** Rods that are not known to be withdrawn, as handed to `observe`: behind them nothing is believed. */
  readonly masks?: readonly string[]
  /** Aborted when the rod is about to move again: the effect is then waited for no longer. */
  readonly cutShort?: AbortSignal | undefined
}

/**
 * Moves the rod on all its targets and answers with what is so. Call it when the intent is durable and append what it
 * returns; it never sends twice. Where both sides already show the position nothing is sent. It lasts at most the rod's
 * verify timeout for the calls, the same again for the probe, and ends at once when nothing arrived. A verify timeout
 * undoes nothing.
 *
 * @throws what is neither a Fault of the port nor ours (a bug). An abort passes through: the intent stays open, and
 * `scram rod verify` settles it.
 */
export async function carryOut(rod: Rod, before: Before, move: Move, hands: Hands): Promise<Settled> {
  const {clock, signal} = hands
  signal.throwIfAborted()
  const startTicks = clock.ticks()
  const isBlind = move.blind === true && rod.noProbeBecause === undefined
  const isEach = move.each !== undefined
  // A target that lets go by itself is told the new time, also where it stands already.
  if (!isBlind && !isEach && move.ttlMs === undefined && isAlready(before, move.to)) return alreadyThere(rod, before, move, startTicks)
  const deadline = AbortSignal.timeout(rod.verify.timeoutMs)
  const targets = before.driver.targets.filter(target => move.only?.includes(target) ?? true)
  const attempts = await Promise.all(targets.map(target => send(before, move, target, {...hands, deadline, startTicks})))
  const contact = overall(attempts)
  const mayArrive = contact !== 'refused' && contact !== 'unreachable'
  if (move.each) return settle(rod.id, move, contact, attempts, await readEach(before.driver, move.to, move.each, startTicks, hands))
  const bypassTold = tellBypass(rod, move.to, hands, startTicks)
  const watching = watchEffect({
    driver: before.driver,
    probes: isBlind ? [] : before.probes,
    to: move.to,
    everyMs: rod.verify.everyMs,
    consecutive: rod.verify.consecutive,
    patienceMs: mayArrive ? rod.verify.timeoutMs : 0,
    startTicks,
    ...hands,
  })
  const [watched] = await Promise.all([watching, bypassTold])
  const outcome = settle(rod.id, move, contact, attempts, watched)
  // Of a rod without a probe: a person's word that it is out.
  const isWord = move.blind === true && move.to === 'withdrawn'
  return isBlind || isWord ? {...outcome, data: {...outcome.data, blind: true}} : outcome
}

async function send(
  {driver, from}: Before,
  {to, each, why, fence, ttlMs}: Move,
  target: string,
  {clock, signal, deadline, onFact, startTicks}: Hands & {deadline: AbortSignal; startTicks: number},
): Promise<Attempt> {
  const expect = from.find(reading => reading.target === target)?.version
  const ms = () => Math.round(clock.ticks() - startTicks)
  try {
    const call = {target, signal: AbortSignal.any([signal, deadline]), why, fence, ...(expect !== undefined && {expect}), ...(ttlMs !== undefined && {ttlMs})}
    const detail = await driver.set(each?.get(target) ?? to, call)
    onFact?.({fact: 'acknowledged', target, ms: ms(), line: detail})
    return {target, contact: 'acknowledged', acknowledged: {ms: ms(), detail}}
  } catch (error) {
    signal.throwIfAborted()
    const attempt = failed(target, error, deadline)
    onFact?.({fact: 'not-acknowledged', target, ms: ms(), line: attempt.error.reason})
    return attempt
  }
}

/** Targets at positions of their own: the control side is read once, and no probe is believed about all of them. */
async function readEach(driver: Driver, to: Position, each: ReadonlyMap<string, Position>, startTicks: number, {signal, clock}: Hands): Promise<Watched> {
  const readings = await readAll(driver, signal, clock)
  const isThere = readings.map(({target, position}) => (position === 'unknown' ? null : position === (each.get(target) ?? to)))
  const readBack = isThere.includes(false) ? 'other' : isThere.includes(null) ? 'unknown' : 'wanted'
  return {readings, readBack, effective: 'none', isMasked: false, startTicks}
}

function failed(target: string, error: unknown, deadline: AbortSignal): Attempt & {error: {code: string; reason: string}} {
  const contact = error instanceof Fault ? CONTACT[error.code] : undefined
  if (error instanceof Fault && contact) return {target, contact, error: {code: error.code, reason: error.message}}
  if (deadline.aborted) return {target, contact: 'unanswered', error: {code: 'rod.unanswered', reason: 'no answer before the verify timeout'}}
  throw error
}

/** A rod that someone else moved meanwhile refused us: nothing of ours arrived. */
const CONTACT: Partial<Record<FaultCode, Attempt['contact']>> = {
  'rod.unreachable': 'unreachable',
  'rod.unanswered': 'unanswered',
  'rod.refused': 'refused',
  'rod.moved': 'refused',
}

function overall(attempts: readonly Attempt[]): Contact {
  const all = new Set(attempts.map(({contact}) => contact))
  const [one, ...others] = all
  if (one !== undefined && others.length === 0) return one
  const mayHaveArrived = all.has('acknowledged') || all.has('unanswered')
  if (!mayHaveArrived) return 'refused'
  return all.has('refused') || all.has('unreachable') ? 'partial' : 'unanswered'
}

function isAlready({readings, look}: Before, to: Position): boolean {
  return look !== null && readings.length > 0 && readings.every(({position}) => position === to) && holds(look, to, readings)
}

/** The call that is not made: it is absolute, both sides agree, and a second one could only disturb. */
function alreadyThere({id}: Rod, {readings, look}: Before, {to, why, expiresAt}: Move, startTicks: number): Settled {
  return {
    kind: kindOf('effective', to),
    data: {
      rod: id,
      to,
      why,
      ...(expiresAt !== undefined && {expiresAt}),
      already: true,
      targets: readings.map(reading => ({target: reading.target, readBack: shown(reading, startTicks)})),
      ...(look && {effective: {position: to, probe: look.name, ms: 0, evidence: look.evidence}}),
    },
  }
}
