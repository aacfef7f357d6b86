import type {Draft, Recorded} from '../incident/events.ts'
import {own} from '../incident/own.ts'
import {boardProjection} from '../incident/projections.ts'
import type {TimerOnBoard} from '../incident/timers-on-board.ts'
import type {Claim} from '../journal/journal.ts'
import type {Desk} from './desk.ts'
import {nextTry} from './retry-timer.ts'

/**
 * Tries the page again and sets the next try where a target is still behind, each twice as far away as the last. Twice is
 * harmless: publishing makes every target look like the record, whatever was missed.
 */
export async function retryPage(desk: Desk, {timer, due, attempt}: TimerOnBoard, claim: Claim): Promise<readonly Recorded[]> {
  const {publishPage} = await import('./publish-page.ts')
  const journal = await desk.journal()
  const published = await publishPage(desk)
  const nowMs = desk.clock.now()
  // Published: that was recorded together with the end of this timer.
  if (own((await journal.fold(boardProjection)).timers, timer) === undefined) return []
  const lateMs = Math.max(nowMs - Date.parse(due), 0)
  const isBehind = published.some(({failed}) => failed !== null)
  const fired: Draft = {kind: 'timer.fired', data: {timer, what: 'retry', outcome: 'retried', lateMs}}
  return journal.append(null, [fired, ...(isBehind ? [nextTry(timer, attempt + 1, nowMs)] : [])], {claim})
}
