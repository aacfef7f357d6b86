import {boardProjection} from '../incident/projections.ts'
import type {StreamState} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'
import {openLines} from './read-lines.ts'
import {type TakenIn, takeIn} from './take-in.ts'

/** Every stream of the record, ours first: how far it reaches, where it stopped and what was left out of it. */
export async function listStreams(desk: Desk): Promise<readonly StreamState[]> {
  const streams = await (await desk.journal()).streams()
  return streams.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn) || (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.epoch - b.epoch))
}

/**
 * The record a stream stopped at once more: from quarantine, after an upgrade, and then what comes behind it is taken by the
 * next import; or from a `file` (`-` for stdin) that came whole, with all that is in it. Refused again, it stops again.
 * @throws Fault entry.not-found (nothing of that name is stopped) · usage.ambiguous · file.not-found · file.invalid
 */
export function resumeStream(desk: Desk, origin: string, file?: string): Promise<TakenIn> {
  return takeIn(desk, async journal => journal.resume(origin, file === undefined ? undefined : await openLines(file)))
}

/** Leaves that one record out for ever; the stream is shown as incomplete from there. @throws Fault as above · text.empty */
export async function skipStream(desk: Desk, {origin, why}: {readonly origin: string; readonly why: string}): Promise<void> {
  if (why.trim() === '') throw new Fault('text.empty', 'the reason is empty')
  const journal = await desk.journal()
  await journal.skip(origin, why)
  desk.notice(await journal.fold(boardProjection))
}
