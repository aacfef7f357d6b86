import {boardProjection} from '../incident/projections.ts'
import type {Desk} from './desk.ts'
import {openLines} from './read-lines.ts'
import {settleRivals} from './settle-rivals.ts'
import {type TakenIn, takeIn} from './take-in.ts'

/**
 * Takes the records of another journal, `-` for stdin. The same file again adds nothing. Rods that both had moved, neither
 * knowing of the other, are asked where they stand. @throws Fault file.not-found · file.invalid
 */
export function importTimeline(desk: Desk, file: string, signal: AbortSignal): Promise<TakenIn> {
  return takeIn(desk, async journal => {
    const imported = await journal.import(await openLines(file))
    await settleRivals(desk, await journal.fold(boardProjection), signal)
    return imported
  })
}
