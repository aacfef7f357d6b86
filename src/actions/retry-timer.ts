import type {Board} from '../incident/board-state.ts'
import type {Draft} from '../incident/events.ts'
import {own} from '../incident/own.ts'
import type {Journal} from '../journal/journal.ts'
import {iso} from '../lib/clock.ts'

/** The first waits are short, for most failures are; then an hour of outage costs six tries, not hundreds. */
const FIRST_MS = 30_000
const LONGEST_MS = 10 * 60_000

/** When the page is tried again after `attempt` tries that failed. */
export function nextTry(timer: string, attempt: number, nowMs: number): Draft {
  return {kind: 'timer.set', data: {timer, what: 'retry', attempt, due: iso(nowMs + Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS))}}
}

/**
 * What goes into the record beside a page that was tried: when the next try is due, or that none is needed any more. One
 * timer a machine, for a try publishes to every target; named for the machine, because its record may be imported elsewhere.
 */
export function retryDrafts(journal: Journal, board: Board, {isBehind, nowMs}: {readonly isBehind: boolean; readonly nowMs: number}): readonly Draft[] {
  const {origin} = journal
  // An emergency log is nobody's clock; once it was taken in the next command finds the page behind.
  if (journal.trouble().some(({code}) => code === 'emergency')) return []
  const timer = `retry/page/${origin.slice(0, 8)}`
  const isSet = own(board.timers, timer) !== undefined
  if (isBehind) return isSet ? [] : [nextTry(timer, 0, nowMs)]
  return isSet ? [{kind: 'timer.cancelled', data: {timer, reason: 'the page was read back'}}] : []
}
