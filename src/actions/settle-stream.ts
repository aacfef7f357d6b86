import {boardProjection} from '../incident/projections.ts'
import type {StreamState} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'
import {type TakenIn, takeIn} from './import-timeline.ts'

/** Every stream of the record, ours first: how far it reaches, where it stopped and what was left out of it. */
export async function listStreams(desk: Desk): Promise<readonly StreamState[]> {
  const streams = await (await desk.journal()).streams()
  return streams.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn) || (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.epoch - b.epoch))
}

/**
 * The record a stream stopped at once more, from quarantine: after an upgrade, or when the reason is gone. Refused again,
 * it stops again; what comes behind it is taken by the next import.
 * @throws Fault entry.not-found (nothing of that name is stopped) · usage.ambiguous
 */
export function resumeStream(desk: Desk, origin: string): Promise<TakenIn> {
  return takeIn(desk, journal => journal.resume(origin))
}

/** Leaves that one record out for ever; the stream is shown as incomplete from there. @throws Fault as above · text.empty */
export async function skipStream(desk: Desk, {origin, why}: {readonly origin: string; readonly why: string}): Promise<void> {
  if (why.trim() === '') throw new Fault('text.empty', 'the reason is empty')
  const journal = await desk.journal()
  await journal.skip(origin, why)
  desk.notice(await journal.fold(boardProjection))
}
