import type {Board} from '../incident/board-state.ts'
import {type DueWork, dueWork, HOLD_AFTER_MS} from '../incident/due-work.ts'
import type {Recorded} from '../incident/events.ts'
import type {Act} from '../incident/intentions.ts'
import {boardProjection} from '../incident/projections.ts'
import type {TimerOnBoard} from '../incident/timers-on-board.ts'
import type {AppendOptions} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {shortEntry} from '../lib/ids.ts'
import type {Desk} from './desk.ts'
import {followPage} from './follow-page.ts'
import {propose} from './record-intention.ts'
import {retryPage} from './retry-page.ts'
import {workspaceMark} from './workspace-mark.ts'

export interface FireDue {
  /** Post the fallback a runbook chose: for `watch` and runs that nobody attends, never for a command typed in passing. */
  readonly fillsSilence: boolean
  /** So many things at once; the rest is due the next time, too. */
  readonly most: number
}

export interface FiredDue {
  /** What was recorded, in order. */
  readonly events: readonly Recorded[]
  /** What could not be done and is still due, one line each; and what did not reach the outside. */
  readonly problems: readonly string[]
}

/**
 * Does what is due now: posts scheduled updates or holds them, reminds of promises and of waits of parked runs, tries the
 * page again, fills a silence where a runbook chose that. Whoever comes first does it and records it in the transaction in
 * which it looked; anybody else finds it recorded, so that any number of processes may call this as often as they like. A thing that
 * fails delays no other and stays due.
 * @throws what is no Fault, and the reason of `signal`
 */
export async function fireDue(desk: Desk, {fillsSilence, most}: FireDue, signal?: AbortSignal): Promise<FiredDue> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const work = dueWork(board, desk.clock.now(), journal.origin).filter(due => fillsSilence || due.do !== 'fill-silence')
  const events: Recorded[] = []
  const problems: string[] = []
  for (const due of work.slice(0, most)) {
    signal?.throwIfAborted()
    try {
      events.push(...(await fireOne(desk, due)))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      // Somebody else was quicker: that is what claims are for.
      if (error.code !== 'lease.lost') problems.push(`${nameOf(due)}: ${error.message}`)
    }
  }
  if (events.some(({kind}) => kind === 'update.posted')) problems.push(...(await followPage(desk, await foldAgain(desk))))
  return {events, problems}
}

async function foldAgain(desk: Desk): Promise<Board> {
  const board = await (await desk.journal()).fold(boardProjection)
  desk.notice(board)
  return board
}

function fireOne(desk: Desk, due: DueWork): Promise<readonly Recorded[]> {
  switch (due.do) {
    case 'post-update':
      return postDue(desk, due.timer, due.lateMs)
    case 'retry':
      return underClaim(desk, due.timer, claim => retryPage(desk, due.timer, claim))
    case 'tell-wait':
      return underClaim(desk, due.timer, claim => recorded(desk, due.timer.incident, {intend: 'tell-wait', timer: due.timer.timer}, claim))
    case 'tell-promise':
      return recorded(desk, due.incident, {intend: 'remind-of-promise'})
    case 'fill-silence':
      return recorded(desk, due.incident, {intend: 'fill-silence'})
    default:
      return due satisfies never
  }
}

/** On time only where it is meant to appear; too late anybody may say so. */
async function postDue(desk: Desk, timer: TimerOnBoard, lateMs: number): Promise<readonly Recorded[]> {
  if (lateMs <= HOLD_AFTER_MS && timer.update?.workspace !== (await workspaceMark(desk))) return []
  return underClaim(desk, timer, claim => recorded(desk, timer.incident, {intend: 'post-scheduled', timer: timer.timer, isAsked: false}, claim))
}

/** Only while nobody else is at it. What fails gives the timer back at once. */
async function underClaim(
  desk: Desk,
  {timer}: TimerOnBoard,
  fire: (claim: NonNullable<AppendOptions['claim']>) => Promise<readonly Recorded[]>,
): Promise<readonly Recorded[]> {
  const journal = await desk.journal()
  const claim = await journal.claim(timer)
  if (!claim) return []
  try {
    return await fire(claim)
  } catch (error) {
    await journal.unclaim(claim)
    throw error
  }
}

async function recorded(desk: Desk, incident: string | null, act: Act, claim?: AppendOptions['claim']): Promise<readonly Recorded[]> {
  return (await propose(desk, incident, act, undefined, claim ? {claim} : {})).events
}

function nameOf(due: DueWork): string {
  if ('incident' in due) return `the promise of ${due.incident}`
  return due.do === 'post-update' ? `the scheduled update ${shortEntry(due.timer.timer)}` : due.timer.timer
}
