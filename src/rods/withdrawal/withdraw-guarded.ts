import type {Position} from '../../incident/events.ts'
import type {Clock} from '../../lib/clock.ts'
import {Fault} from '../../lib/fault.ts'
import {type GuardLook, makeLookout} from './guard.ts'
import {type Waiting, type Watch, waitForGood, watchFor, watchUntil} from './watch-guard.ts'
import type {GuardedWithdrawal} from './withdrawal.ts'

/** How one recorded move ended, as `judge` says it; `partial`: its targets differ. */
export interface StepEnd {
  readonly verdict: 'effective' | 'unverified' | 'jammed' | 'partial'
  /** The control side, asked again, claims the position. */
  readonly readBackAgrees: boolean
}

/** What happens, as it happens. */
export type Progress =
  | Waiting
  | {readonly kind: 'moving'; readonly from: Position; readonly to: Position; readonly reason: string}
  | {readonly kind: 'moved'; readonly to: Position; readonly end: StepEnd}
  | {readonly kind: 'stepping-back'; readonly failed: Position; readonly stepBacks: number; readonly maxStepBacks: number; readonly look: GuardLook}

export interface WithdrawalHands {
  readonly clock: Clock
  readonly signal: AbortSignal
  /**
   * One recorded move: intent, call, probe, outcome. `cutShort` is aborted when the guard says back while the effect of a
   * step out is still looked for: the answer is then due with what is known, because the rod is about to go in.
   */
  move(to: Position, reason: string, cutShort: AbortSignal): Promise<StepEnd>
  tell(progress: Progress): void
  /** Every look, for a live line. */
  onLook?(look: GuardLook): void
}

export interface WithdrawalOptions {
  readonly withdrawal: GuardedWithdrawal
  /** Where the control side reads now; of several targets the most reduced. */
  readonly from: Position
  /** `--to`; one rung for `--step`: `ladder.out(from, 'withdrawn')`. */
  readonly to: Position
  /** Step-backs made before, by a withdrawal that was cut off and goes on now; absent: none. */
  readonly stepBacks?: number
  readonly hands: WithdrawalHands
}

export type WithdrawalEnd =
  | {readonly end: 'withdrawn'; readonly stepBacks: number}
  | {readonly end: 'stopped-at'; readonly position: Position; readonly stepBacks: number}
  | {readonly end: 'held'; readonly position: Position; readonly stepBacks: number; readonly guard: string; readonly reason: string}
  /** The move to `towards` did not end well enough to go on: a person has to look. */
  | {readonly end: 'unsettled'; readonly towards: Position; readonly verdict: Exclude<StepEnd['verdict'], 'effective'>; readonly stepBacks: number}

/** A step back that does not arrive leaves the system under what hurts it; the call is absolute, so it may be repeated. */
const TRIES_IN = 3

interface Course {
  readonly position: Position
  readonly stepBacks: number
  /** After a step back: where to go from fully in, instead of the next rung. */
  readonly retry: Position | null
}

type Work = WithdrawalOptions & {readonly watch: Watch}

/**
 * Takes a rod out step by step while its guard says that the system bears it. Every step out needs a guard that was good
 * for the whole dwell just before, at the position where the rod then stood, and the last one `release_when` as well.
 * Nothing else moves it out: no time limit, no missing answer. A guard that is never good keeps this waiting for ever, on
 * purpose, and tells so every 10 s; the person's abort or a runbook's timeout ends it.
 *
 * A guard that says back, also while a step is still being verified, takes the rod fully in. With the first look that says
 * advance it returns, to the rung before the one that failed, and dwells there anew. No dwell fully in: it was tried in the
 * simulated drill, and while the rod dwelt there so many new clients came to wait that it never got out (30/s offered, 0 of
 * 24 within 200 s; without it 24 of 24). `maxStepBacks` of these are made; where one more would be due the rod stays fully
 * in, held. After the last step the guard is watched for one more dwell: back takes the rod in again, nothing else does.
 *
 * An unverified step whose read-back agrees goes on under the guard; the last step must be effective. Jammed or partial
 * ends it, as does a move for which neither side vouches. There is no estimate of when the rod will be out: that takes a
 * backlog and two rates, and a guard is one reading.
 *
 * It knows nothing of the past but `from` and `stepBacks`: cut off anywhere and called again with the position that is read
 * and the step-backs that are recorded by then, it ends where it would have ended. From `withdrawn` it only verifies.
 * @throws Fault guard.refused (`from` is no position: nobody knows where the rod stands) · usage.invalid (`to` is more
 * inserted than `from`), both before anything moves. An abort passes through, as does whatever `move` throws.
 */
export async function withdrawGuarded(options: WithdrawalOptions): Promise<WithdrawalEnd> {
  const {withdrawal, from, to, hands} = options
  const {ladder} = withdrawal
  if (!ladder.knows(from)) throw new Fault('guard.refused', `a withdrawal begins where the rod stands, and nobody knows: it reads ${JSON.stringify(from)}`)
  if (ladder.isMoreReduced(to, from)) throw new Fault('usage.invalid', `the rod stands at ${from}; ${to} is more inserted, and no withdrawal`)
  const work = {...options, watch: watchOf(withdrawal, hands)}
  if (from === 'withdrawn') return settleWithdrawn(work)
  let course: Course | WithdrawalEnd = {position: from, stepBacks: options.stepBacks ?? 0, retry: null}
  while (!('end' in course)) course = await onward(work, course)
  return course
}

function watchOf({guard, release}: GuardedWithdrawal, hands: WithdrawalHands): Watch {
  const {clock, signal} = hands
  const look = makeLookout(guard, release, clock)
  return {look, everyMs: guard.everyMs, clock, signal, tell: waiting => hands.tell(waiting), onLook: seen => hands.onLook?.(seen)}
}

/** It reads withdrawn, and whether it is nobody has looked. Nothing is moved out by this, so no guard is asked. */
async function settleWithdrawn({hands}: Work): Promise<WithdrawalEnd> {
  const {verdict} = await move(hands, {from: 'withdrawn', to: 'withdrawn', reason: 'the control side reads withdrawn'}, new AbortController().signal)
  return verdict === 'effective' ? {end: 'withdrawn', stepBacks: 0} : {end: 'unsettled', towards: 'withdrawn', verdict, stepBacks: 0}
}

async function onward(work: Work, course: Course): Promise<Course | WithdrawalEnd> {
  const {position, retry, stepBacks} = course
  const {ladder} = work.withdrawal
  const next = retry ?? ladder.out(position, work.to)
  const dwellMs = retry === null ? work.withdrawal.dwellMs : 0
  const look = await waitForGood(work.watch, {position, next, dwellMs, mayGoBack: position !== ladder.fullyIn})
  if (look.says === 'back') return stepBack(work, course, position, look)
  if (next === null) return {end: 'stopped-at', position, stepBacks}
  return stepOut(work, course, next, `the guard ${retry === null ? `was good for ${dwellMs / 1000} s` : 'says advance again'}: ${look.evidence}`)
}

async function stepOut(work: Work, course: Course, to: Position, reason: string): Promise<Course | WithdrawalEnd> {
  const {stepBacks} = course
  const [{verdict, readBackAgrees}, backMeanwhile] = await moveUnderGuard(work, {from: course.position, to, reason})
  const isStuck = verdict === 'jammed' || verdict === 'partial'
  const isLast = to === 'withdrawn'
  const back = backMeanwhile ?? (isLast && !isStuck ? await watchFor(work.watch, work.withdrawal.dwellMs) : null)
  if (back) {
    const now = await stepBack(work, course, to, back)
    return isStuck && !('end' in now) ? {end: 'unsettled', towards: to, verdict, stepBacks: now.stepBacks} : now
  }
  if (verdict !== 'effective' && (isStuck || isLast || !readBackAgrees)) return {end: 'unsettled', towards: to, verdict, stepBacks}
  return isLast ? {end: 'withdrawn', stepBacks} : {position: to, stepBacks, retry: null}
}

async function stepBack({hands, withdrawal}: Work, {stepBacks}: Course, failed: Position, look: GuardLook): Promise<Course | WithdrawalEnd> {
  const {ladder, maxStepBacks} = withdrawal
  const isOneTooMany = stepBacks >= maxStepBacks
  const count = isOneTooMany ? stepBacks : stepBacks + 1
  hands.tell({kind: 'stepping-back', failed, stepBacks: count, maxStepBacks, look})
  const {verdict, readBackAgrees} = await moveIn(hands, {from: failed, to: ladder.fullyIn, reason: `back from ${failed}: ${look.evidence}`})
  if (verdict !== 'effective' && (verdict !== 'unverified' || !readBackAgrees)) {
    return {end: 'unsettled', towards: ladder.fullyIn, verdict, stepBacks: count}
  }
  if (isOneTooMany) {
    const reason = `${failed} did not hold, after ${maxStepBacks} step-backs`
    return {end: 'held', position: ladder.fullyIn, stepBacks: count, guard: look.evidence, reason}
  }
  const retry = ladder.in(failed)
  return {position: ladder.fullyIn, stepBacks: count, retry: retry === ladder.fullyIn ? null : retry}
}

interface Leg {
  readonly from: Position
  readonly to: Position
  readonly reason: string
}

/** Verifying a step takes seconds, and a queue that cannot bear it grows in them: the guard is watched meanwhile. */
async function moveUnderGuard({hands, watch}: Work, leg: Leg): Promise<[StepEnd, GuardLook | null]> {
  const cutShort = new AbortController()
  const moved = new AbortController()
  const watching = watchUntil(watch, moved.signal).then(back => {
    if (back) cutShort.abort()
    return back
  })
  const moving = move(hands, leg, cutShort.signal).finally(() => moved.abort())
  return Promise.all([moving, watching])
}

async function moveIn(hands: WithdrawalHands, leg: Leg): Promise<StepEnd> {
  const never = new AbortController().signal
  let end = await move(hands, leg, never)
  for (let tries = 1; tries < TRIES_IN && end.verdict !== 'effective' && !end.readBackAgrees; tries += 1) end = await move(hands, leg, never)
  return end
}

async function move(hands: WithdrawalHands, {from, to, reason}: Leg, cutShort: AbortSignal): Promise<StepEnd> {
  hands.signal.throwIfAborted()
  hands.tell({kind: 'moving', from, to, reason})
  const end = await hands.move(to, reason, cutShort)
  hands.tell({kind: 'moved', to, end})
  return end
}
