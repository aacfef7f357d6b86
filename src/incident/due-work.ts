import type {Board, OnBoard, RunOnBoard} from './board-state.ts'
import type {PromiseStage} from './events.ts'
import {own} from './own.ts'
import {REMIND_MS} from './promise.ts'
import {clockOf, type TimerOnBoard} from './timers-on-board.ts'

/** A scheduled text that is later than this is no longer what its author wanted to say then: it is held for a person. */
export const HOLD_AFTER_MS = 5 * 60_000

/** Something whose time has come, and that nobody has recorded as done yet. */
export type DueWork =
  | {readonly do: 'post-update' | 'retry' | 'tell-wait'; readonly timer: TimerOnBoard; readonly lateMs: number}
  | {readonly do: 'tell-promise'; readonly incident: string; readonly promise: PromiseDue}
  /** The fallback a runbook chose, where nobody has spoken. */
  | {readonly do: 'fill-silence'; readonly incident: string}

export interface PromiseDue {
  readonly update: number
  readonly by: string
  readonly stage: PromiseStage
  /** How long ago this stage began, ms. */
  readonly lateMs: number
}

/**
 * All that is due at `nowMs`, what people wait for first. Pure and cheap: every command asks it. `origin` is this machine's:
 * the timers of another one, whose record was imported, are that one's to fire.
 */
export function dueWork(board: Board, nowMs: number, origin: string): readonly DueWork[] {
  const timers = Object.values(board.timers).filter(timer => timer.origin === origin && timer.told === null && Date.parse(timer.due) <= nowMs)
  const work = timers.sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0)).flatMap((timer): DueWork[] => workOf(board, timer, nowMs))
  const incidents = Object.values(board.open)
  return [
    ...work,
    ...incidents.flatMap((entry): DueWork[] => (isSilent(board, entry, nowMs) ? [{do: 'fill-silence', incident: entry.id}] : [])),
    ...incidents.flatMap(entry => promisesDue(board, entry, nowMs).map((promise): DueWork => ({do: 'tell-promise', incident: entry.id, promise}))),
  ]
}

function workOf(board: Board, timer: TimerOnBoard, nowMs: number): DueWork[] {
  const lateMs = nowMs - Date.parse(timer.due)
  if (timer.what === 'update') return [{do: 'post-update', timer, lateMs}]
  if (timer.what === 'retry') return [{do: 'retry', timer, lateMs}]
  // A run that is driven sees its own waits end; of a parked one people are told, and it goes on only when they say so.
  const run = timer.run === null ? undefined : own(board.runs, timer.run)
  return run?.state === 'parked' && isWaitedFor(timer, run) ? [{do: 'tell-wait', timer, lateMs}] : []
}

/** The time of an approval is nothing any more once it was given. */
export function isWaitedFor({what, run}: TimerOnBoard, waiting: Pick<RunOnBoard, 'run' | 'reason'>): boolean {
  return run === waiting.run && (what !== 'approve' || waiting.reason === 'approve')
}

const RANK = {soon: 1, due: 2, overdue: 3} as const

/**
 * The reminders of a promise that are due and not recorded: five minutes before, at its time, five minutes after. What nobody
 * was there to say earlier is not said late: only the newest is. A promise for less than five minutes has no first one.
 */
export function promisesDue(board: Board, entry: OnBoard, nowMs: number): readonly PromiseDue[] {
  const {promise, lastUpdateAt, lastUpdate, id} = entry
  const {told, policy, atMostTold} = clockOf(board, id)
  const due: PromiseDue[] = []
  if (promise) {
    const byMs = Date.parse(promise.by)
    const starts = [['overdue', byMs + REMIND_MS] as const, ['due', byMs] as const, ['soon', byMs - REMIND_MS] as const]
    const [stage, startMs] = starts.find(([name, ms]) => nowMs >= ms && !(name === 'soon' && ms <= Date.parse(lastUpdateAt ?? ''))) ?? []
    const known = told?.update === promise.update && told.by === promise.by ? RANK[told.stage] : 0
    if (stage !== undefined && startMs !== undefined && RANK[stage] > known) due.push({...promise, stage, lateMs: nowMs - startMs})
  }
  if (policy?.atMostMs !== undefined && lastUpdateAt !== null && atMostTold < lastUpdate) {
    const silentSince = Date.parse(lastUpdateAt) + policy.atMostMs
    if (nowMs >= silentSince) due.push({update: lastUpdate, by: new Date(silentSince).toISOString(), stage: 'at_most', lateMs: nowMs - silentSince})
  }
  return due
}

/** Promised, due, and the runbook chose to have its fallback posted; once, until a person has spoken again. */
export function isSilent(board: Board, {promise, id, isPrivate}: OnBoard, nowMs: number): boolean {
  const {policy, isFilled} = clockOf(board, id)
  return policy?.mode === 'auto' && policy.fallback !== undefined && !isFilled && !isPrivate && promise !== null && nowMs >= Date.parse(promise.by)
}
