import type {RodState} from '../incident/board-state.ts'
import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {parsePosition} from '../rods/position.ts'
import type {Rod} from '../rods/rod.ts'
import {makeLadder} from '../rods/withdrawal/ladder.ts'
import type {Progress} from '../rods/withdrawal/withdraw-guarded.ts'
import type {Withdrawal} from '../rods/withdrawal/withdrawal.ts'
import type {Desk} from './desk.ts'
import {type Hold, holdLease} from './hold-lease.ts'
import {incidentOfMove, type MovedRod, type MoveSaid, moveRod} from './move-rod.ts'
import {previousPositions} from './previous-positions.ts'
import {settleHandOver, takeOver} from './take-over.ts'
import {standsAt, withdrawInSteps} from './withdraw-in-steps.ts'
import {firstTerms, isDueForRelease} from './withdrawal-terms.ts'

export interface WithdrawRod extends MoveSaid {
  readonly rod: string
  /** Position on the way out; absent: withdrawn. */
  readonly to?: string | undefined
  readonly why?: string | undefined
  /** One step only. */
  readonly step?: boolean | undefined
  /** Without steps and guard; recorded as override `steps`, and wants a reason. */
  readonly atOnce?: boolean | undefined
  /** The second half of a hand-over: the first one's withdrawal is what keeps others out. */
  readonly isHandOver?: boolean | undefined
  /** A person's word that it is out, of a rod that has no probe to ask; recorded, and wants a reason. */
  readonly blind?: boolean | undefined
  /** Each target back to where it was seen before the rod went in. */
  readonly toPrevious?: boolean | undefined
  /** Because its expiry passed: stops where somebody extends it, or moves it, meanwhile. */
  readonly expired?: boolean | undefined
  /** Of a guarded withdrawal, as it goes. `rod`: which one, for a hand-over moves two. */
  readonly onProgress?: ((progress: Progress, rod: string) => void) | undefined
}

export interface WithdrawnRod extends MovedRod {
  /** The guard stopped it for a person; null where it did not. */
  readonly held: Extract<Recorded, {kind: 'rod.held'}> | null
  readonly stepBacks: number
}

/**
 * Withdraws a rod: the probe must see it out. A rod with a guard goes out in steps, each only when its guard was good for
 * long enough, and may come back in or be held for a person; no time limit ever takes it a step further. Cut off anywhere
 * it goes on, when called again, from where the control side then reads.
 * @throws Fault, each before anything moved: as `insertRod`, and rod.busy: another process is moving it; `interrupted`
 * at any time, saying where the rod stands
 */
export async function withdrawRod(desk: Desk, input: WithdrawRod, signal: AbortSignal): Promise<WithdrawnRod> {
  const rod = await (await desk.rods()).get(input.rod)
  // A person's word needs no guard: a secret of it that cannot be had must not stand in the way.
  const withdrawal = input.atOnce ? {ladder: makeLadder(rod.positions), guarded: null, via: null, reaches: []} : await rod.withdrawal()
  const incident = await incidentOfMove(desk, rod.id, 'withdraw-rod')
  const state = await stateOf(desk, rod.id)
  input.onBefore?.(rod, state ?? null, desk.clock.now())
  const course = courseOf(rod, withdrawal, state, input)
  if (course.each && rod.isGuarded && !input.atOnce) throw apart(rod.id)
  return underRodLease(desk, rod, input, async hold => {
    const began = await stateOf(desk, rod.id)
    if (input.expired && !isDueForRelease(began, desk.clock.now())) throw new Fault('guard.refused', `${rod.id} is not due for its release any more`)
    const task = {rod, withdrawal, incident, hold, input, began, ...course}
    if (course.each || input.atOnce || (withdrawal.guarded === null && withdrawal.via === null))
      return {...(await atOnce(desk, task, signal)), held: null, stepBacks: 0}
    if (withdrawal.via === null) return withdrawInSteps(desk, task, signal)
    await takeOver(desk, withdrawal.via, task, signal)
    const handed = await withdrawInSteps(desk, {...task, isHandOver: true}, signal)
    return handed.held || handed.outcome.data.to !== 'withdrawn' ? handed : settleHandOver(desk, withdrawal.via, handed, input, withdrawRod, signal)
  })
}

/** Where it goes, all targets alike or each to its own. */
interface Course {
  readonly to: string
  readonly each: ReadonlyMap<string, string> | null
}

export interface WithdrawTask extends Course {
  readonly rod: Rod
  readonly withdrawal: Withdrawal
  readonly incident: string | null
  readonly hold: Hold
  readonly input: WithdrawRod
  /** What the record said when its lease was taken: whoever moves it after that has the last word. */
  readonly began: RodState | undefined
  /** The other rod already refuses what this one does: its own probe cannot see through. */
  readonly isHandOver?: boolean
}

function courseOf(
  rod: Rod,
  {ladder}: Withdrawal,
  state: RodState | undefined,
  {to, toPrevious, overrides, atOnce, blind, why = '', step}: WithdrawRod,
): Course {
  if (blind) checkWord(rod, {to, toPrevious, step, why})
  if (atOnce && step) throw new Fault('usage.invalid', '--at-once and --step are two different things: leave one out')
  if (atOnce && rod.isGuarded && why.trim() === '')
    throw new Fault('usage.missing', '--at-once wants --why: without its steps the waiting load comes back all at once')
  if (toPrevious && (to !== undefined || step)) throw new Fault('usage.invalid', '--to-previous says where to go: leave out --to and --step')
  if (!toPrevious) return {to: to === undefined ? 'withdrawn' : parsePosition(to, rod.positions, overrides), each: null}
  const previous = previousPositions(rod, state)
  const [first = 'withdrawn', ...others] = new Set(previous.values())
  if (others.length === 0) return {to: first, each: null}
  const most = others.reduce((far, position) => (ladder.isMoreReduced(position, far) ? position : far), first)
  return {to: most, each: previous}
}

/** A word is about a rod that nobody can ask about, and about its being out altogether. */
function checkWord(rod: Rod, {to, toPrevious, step, why = ''}: Pick<WithdrawRod, 'to' | 'toPrevious' | 'step' | 'why'>): void {
  if (rod.noProbeBecause === undefined) {
    throw new Fault('usage.invalid', `${rod.id} has a probe, and nobody's word stands for what it sees`, {
      hints: [`scram out ${shellQuote(rod.id)}`, `scram rod verify ${shellQuote(rod.id)}`],
    })
  }
  if ((to !== undefined && to !== 'withdrawn') || toPrevious || step)
    throw new Fault('usage.invalid', '--blind is your word that the rod is out: leave out --to, --step and --to-previous')
  if (why.trim() === '') throw new Fault('usage.missing', '--blind wants --why: how you know that it is out')
}

/** One move, without a guard: how a rod without one comes out, and any rod with a person's word for it. */
async function atOnce(desk: Desk, {rod, withdrawal: {ladder}, incident, hold, input, began, to, each}: WithdrawTask, signal: AbortSignal): Promise<MovedRod> {
  const {why = '', step, atOnce: isAsked, blind, overrides = [], approvedBy, only, onFact} = input
  const skips = isAsked === true && rod.isGuarded
  if (skips) desk.narrate(`${rod.id}: without its steps. Released at once, the load that waits has made a second incident; watch the queue behind it`)
  const next = step ? (ladder.out(await standsAt(desk, rod, ladder, signal), to) ?? to) : to
  const terms = firstTerms(rod, input, began)
  const said = {overrides: skips ? [...overrides, 'steps'] : overrides, approvedBy, only, onFact}
  return moveRod(desk, rod, incident, {intend: 'withdraw-rod', to: next, why, blind, hold, terms, ...said, ...(each && {each})}, signal)
}

async function stateOf(desk: Desk, rod: string): Promise<RodState | undefined> {
  return (await (await desk.journal()).fold(boardProjection)).rods[rod]
}

/** Steps are of the whole rod. Past its guard it goes by a person's word only, and that is recorded. */
function apart(rod: string): Fault {
  const name = shellQuote(rod)
  const message = `the targets of ${rod} stood at different positions before, and going back there is one move past its guard; nothing was sent`
  return new Fault('guard.refused', message, {hints: [`scram out ${name} --to-previous --at-once --why TEXT`, `scram out ${name}`]})
}

/** A journal that cannot be written keeps nobody else out: then a withdrawal takes a typed reason. */
function noLease(rod: string): Fault {
  const message = `the journal cannot be written, so nothing keeps a second person from moving ${rod} at the same time; a withdrawal wants --why then`
  return new Fault('usage.missing', message, {hints: [`scram out ${shellQuote(rod)} --why TEXT`]})
}

/** One process at a time takes a rod out, and one rod of a component at a time comes out. @throws Fault rod.busy · usage.missing */
async function underRodLease<T>(desk: Desk, rod: Rod, {why = '', isHandOver}: WithdrawRod, work: (hold: Hold) => Promise<T>): Promise<T> {
  const holds: Hold[] = []
  const take = async (name: string, what: string) => {
    const hold = await holdLease(desk, name)
    if (!hold.held) throw new Fault('rod.busy', `${hold.holder} is ${what}; nothing was sent`, {hints: [`scram rod show ${shellQuote(rod.id)}`]})
    holds.push(hold)
    return hold
  }
  try {
    const hold = await take(`rod/${rod.id}`, `moving ${rod.id}`)
    // The rod that took over comes out within the withdrawal of the one it took over from.
    if (!isHandOver) for (const component of rod.components) await take(`withdraw/${component}`, `withdrawing another rod of ${component}`)
    if (hold.held && hold.lease.fence === 0 && why.trim() === '') throw noLease(rod.id)
    return await work(hold)
  } catch (error) {
    throw isAbort(error) ? await interruptedBetweenSteps(desk, rod.id) : error
  } finally {
    for (const hold of holds) if (hold.held) await hold.release()
  }
}

async function interruptedBetweenSteps(desk: Desk, rod: string): Promise<Fault> {
  const state = await stateOf(desk, rod)
  const where = state?.status === 'inserted' ? `verified at ${state.verified}` : (state?.status ?? 'where it was')
  return new Fault('interrupted', `interrupted: ${rod} is ${where}, and nothing is under way`, {hints: [`scram out ${shellQuote(rod)}`]})
}
