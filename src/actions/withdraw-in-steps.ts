import {decide} from '../incident/decide.ts'
import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {DEFAULT_CADENCE_MS} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import {Fault} from '../lib/fault.ts'
import {observe} from '../rods/observe.ts'
import type {Rod} from '../rods/rod.ts'
import type {Ladder} from '../rods/withdrawal/ladder.ts'
import {type StepEnd, withdrawGuarded} from '../rods/withdrawal/withdraw-guarded.ts'
import {accept} from './accept.ts'
import type {Desk} from './desk.ts'
import {checkTargets, type MovedRod, type Moving, moveRod} from './move-rod.ts'
import {propose} from './record-intention.ts'
import type {WithdrawnRod, WithdrawTask} from './withdraw-rod.ts'
import {firstTerms} from './withdrawal-terms.ts'

/** The guarded withdrawal of one rod: the engine says when, each move is recorded, and whoever moves it meanwhile ends it. */
export async function withdrawInSteps(desk: Desk, task: WithdrawTask, signal: AbortSignal): Promise<WithdrawnRod> {
  const {rod, withdrawal, input, to} = task
  const {ladder, guarded} = withdrawal
  const from = await standsAt(desk, rod, ladder, signal)
  const target = input.step ? (ladder.out(from, to) ?? to) : to
  await checkRules(desk, task, target)
  const steps: MovedRod[] = []
  const move = async (position: string, reason: string, cutShort?: AbortSignal): Promise<StepEnd> => {
    const moved = await moveRod(desk, rod, task.incident, stepMove(task, position, reason, steps, cutShort), signal)
    steps.push(moved)
    return endOf(rod, moved, task.isHandOver === true)
  }
  if (guarded === null) {
    // A hand-over without a guard of its own: the other rod's guard is what protects.
    await move(target, input.why ?? '')
    return {...lastOf(steps), held: null, stepBacks: 0}
  }
  const tell = (progress: Parameters<NonNullable<typeof input.onProgress>>[0]) => input.onProgress?.(progress, rod.id)
  const end = await withdrawGuarded({
    withdrawal: guarded,
    from,
    to: target,
    stepBacks: task.began?.stepBacks ?? 0,
    hands: {clock: desk.clock, signal, move, tell},
  })
  if (steps.length === 0) await move(target, input.why ?? 'it stands there already')
  const held = end.end === 'held' ? await recordHeld(desk, task, end, lastOf(steps)) : null
  // What went wrong is the answer, also when a step back that went well came after it.
  const failed = end.end === 'unsettled' ? steps.findLast(({outcome}) => outcome.data.to === end.towards) : undefined
  if (failed) return {...failed, held, stepBacks: end.stepBacks}
  return {...lastOf(steps), held, stepBacks: end.stepBacks}
}

/**
 * What the first step would be refused for, before anybody waits for a guard; the step itself is held to it again.
 * @throws Fault as the move
 */
async function checkRules(desk: Desk, {rod, input, began}: WithdrawTask, to: string): Promise<void> {
  const {why = '', overrides, approvedBy, only} = input
  const {targets} = await rod.driver()
  checkTargets(rod, targets, only)
  const board = await (await desk.journal()).fold(boardProjection)
  const world = {incident: null, board, now: desk.clock.now(), actor: desk.actor.name, components: [], cadenceMs: DEFAULT_CADENCE_MS}
  const move = {rod: rod.id, to, from: [], why, ...defined({overrides, approvals: approvedBy})}
  // The cooldown is over by the time the guard was good for its dwell, or the first step says that it is not.
  const terms = firstTerms(rod, input, began)
  accept(decide(world, {intend: 'withdraw-rod', move, ...terms, ...(terms.rules && {rules: {...terms.rules, cooldownMs: 0}})}))
}

/** The first step answers to the rod's rules; each further one only to whether the rod is still ours to move. */
function stepMove(
  {rod, withdrawal: {ladder}, hold, input, began}: WithdrawTask,
  to: string,
  reason: string,
  before: readonly MovedRod[],
  cutShort: AbortSignal | undefined,
): Moving {
  const {why = '', expired, blind, overrides, approvedBy, only, onFact} = input
  const last = before.at(-1)
  // Each step out goes further; whatever does not is a step back, a repeated one too.
  const isBack = last !== undefined && !ladder.isMoreReduced(last.outcome.data.to, to)
  const said = why.trim() === '' ? reason : `${why} (${reason})`
  const common = {to, why: said, hold, only, onFact, cutShort, step: isBack ? 'back' : String(before.length + 1), blind: blind === true && to === 'withdrawn'}
  if (last?.intent) {
    const after = last.intent.id
    return {...common, ...(isBack ? {intend: 'insert-rod', terms: {after}} : {intend: 'withdraw-rod', terms: {after, expired: expired === true}})}
  }
  return {...common, intend: 'withdraw-rod', overrides, approvedBy, terms: firstTerms(rod, input, began)}
}

function endOf({onPartialWithdraw}: Rod, {outcome: {kind, data}}: MovedRod, isHandOver: boolean): StepEnd {
  const there = data.targets.filter(({readBack}) => readBack?.position === data.to).length
  const readBackAgrees = data.targets.length > 0 && there === data.targets.length
  if (kind === 'rod.inserted' || kind === 'rod.withdrawn') return {verdict: 'effective', readBackAgrees}
  if (kind === 'rod.jammed') return {verdict: 'jammed', readBackAgrees}
  // Behind the rod that took over nobody can see: what is read back has to do, and is verified once the mask is gone.
  if (isHandOver && data.masked === true && readBackAgrees) return {verdict: 'effective', readBackAgrees}
  // Of a rod without a probe the last step stands on a person's word.
  if (data.blind === true && data.to === 'withdrawn' && readBackAgrees) return {verdict: 'effective', readBackAgrees}
  const isPartial = there > 0 && there < data.targets.length
  if (isPartial && onPartialWithdraw === 'stop') return {verdict: 'partial', readBackAgrees}
  return {verdict: 'unverified', readBackAgrees: readBackAgrees || isPartial}
}

async function recordHeld(
  desk: Desk,
  {rod, incident}: WithdrawTask,
  {position, stepBacks, guard, reason}: {readonly position: string; readonly stepBacks: number; readonly guard: string; readonly reason: string},
  {intent}: MovedRod,
): Promise<WithdrawnRod['held']> {
  const {events} = await propose(desk, incident, {intend: 'hold-rod', held: {rod: rod.id, intent: intent?.id ?? '', position, stepBacks, guard, reason}})
  const held = events.find((event): event is Extract<Recorded, {kind: 'rod.held'}> => event.kind === 'rod.held')
  if (!held) throw new Error('a hold was accepted and not recorded')
  return held
}

/** Of several targets the most reduced; where none tells, what a probe saw last, else fully in: nobody may take it to be further out than it is. */
export async function standsAt(desk: Desk, rod: Rod, ladder: Ladder, signal: AbortSignal): Promise<string> {
  const {readings} = await observe(rod, signal, desk.clock)
  const known = readings.map(({position}) => position).filter(position => ladder.knows(position))
  if (known.length > 0) return known.reduce((far, position) => (ladder.isMoreReduced(position, far) ? position : far))
  const state = (await (await desk.journal()).fold(boardProjection)).rods[rod.id]
  return state?.status === 'inserted' || state?.status === 'held' ? state.verified : ladder.fullyIn
}

function lastOf(steps: readonly MovedRod[]): MovedRod {
  const last = steps.at(-1)
  if (!last) throw new Fault('bug', 'a withdrawal ended without a move')
  return last
}
