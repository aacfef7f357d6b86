import {evolveBoard} from './board.ts'
import {emptyBoard} from './board-state.ts'
import type {Opaque, Recorded} from './events.ts'
import {stampOf} from './stamp.ts'
import type {Stamp} from './state.ts'

/**
 * When the page was read back with this incident's first update on it, for the first time; null without a target.
 * @param events of all incidents, in record order: at least the kinds in `boardKinds`, because a revision counts them all
 */
export function firstPublication(incident: string, events: Iterable<Recorded | Opaque>): Stamp | null {
  let board = emptyBoard()
  let needed: number | null = null
  for (const event of events) {
    if ('opaque' in event) continue
    board = evolveBoard(board, event)
    if (needed === null && event.kind === 'update.posted' && event.incident === incident) needed = board.page.revision
    if (needed !== null && event.kind === 'page.published' && event.data.revision >= needed) return stampOf(event, {})
  }
  return null
}
