import {boardProjection} from '../incident/projections.ts'
import type {Imported, Journal} from '../journal/journal.ts'
import type {Desk} from './desk.ts'
import {followPage} from './follow-page.ts'

/** What was taken in, and in words what of it did not get onto this machine's page. */
export interface TakenIn extends Imported {
  readonly undelivered: readonly string[]
}

/**
 * Takes in records of another machine, whichever way they come. What is public goes to the page of this one, whatever the other
 * recorded of its own; also where nothing came in anew, for the import before may have ended between the record and the page.
 */
export async function takeIn(desk: Desk, take: (journal: Journal) => Promise<Imported>): Promise<TakenIn> {
  const journal = await desk.journal()
  const imported = await take(journal)
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  return {...imported, undelivered: await followPage(desk, board, board.page.revision > 0)}
}
