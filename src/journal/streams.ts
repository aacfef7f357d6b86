import type {Draft} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {Attempt} from './attempt.ts'
import {type ImportParts, importRecords} from './import-records.ts'
import type {Imported, Lines, StreamState} from './journal.ts'
import {recordDrafts} from './record-drafts.ts'
import type {Reading, StoppedStream, Writing} from './store.ts'

/** Every stream with its head; one that stopped at its first record has none yet and is listed with seq 0. */
export function listStreams(reading: Reading): readonly StreamState[] {
  const own = reading.meta()?.origin
  const marks = reading.stopped()
  const heads = [...reading.heads()]
  for (const {origin, epoch} of marks) {
    if (!heads.some(head => head.origin === origin && head.epoch === epoch)) heads.push({origin, epoch, seq: 0, hash: ''})
  }
  return heads.map(head => {
    const here = marks.filter(mark => mark.origin === head.origin && mark.epoch === head.epoch)
    const stopped = here.find(({state}) => state === 'stopped') ?? null
    const skipped = here.filter(({state}) => state === 'skipped').map(({seq, reason, detail}) => ({seq, reason, detail}))
    return {...head, isOwn: head.origin === own, stopped, skipped}
  })
}

/** The same record once more, from its quarantined bytes or as `lines` have it. Should it be refused again, that is a new stop. */
export async function resumeStream(parts: ImportParts, stream: string, lines?: Lines): Promise<Imported> {
  const mark = settle(parts, stream, (writing, {origin, epoch, seq}) => {
    writing.forgetStopped({origin, epoch, seq})
    return {kind: 'stream.resumed', data: {stream: origin, epoch, seq}}
  })
  if (lines) return importRecords(parts, lines)
  const bytes = parts.quarantine.read(mark.file)
  return importRecords(parts, bytes ? [bytes] : [])
}

/** That one record is left out for ever, and said so; its bytes stay in quarantine. */
export async function skipStream(parts: ImportParts, stream: string, why: string): Promise<Imported> {
  settle(parts, stream, (writing, mark) => {
    writing.saveStopped({...mark, state: 'skipped'})
    return {kind: 'stream.skipped', data: {stream: mark.origin, epoch: mark.epoch, seq: mark.seq, why}}
  })
  return {added: 0, duplicates: 0, gaps: [], stops: []}
}

/** What a person decided about a stopped stream, and the event that says so, in one transaction. */
function settle({access, keeper}: ImportParts, stream: string, change: (writing: Writing, mark: StoppedStream) => Draft): StoppedStream {
  const settled = access.write(writing => {
    const mark = stoppedStream(writing, stream)
    recordDrafts(writing, null, [change(writing, mark)], new Attempt(keeper).writer([]))
    return mark
  })
  if (!settled) throw new Fault('journal.unwritable', 'the journal cannot be written; the stream is as it was', {hints: ['scram doctor']})
  return settled.done
}

/** By its origin, or any unique beginning of it. */
function stoppedStream(reading: Reading, part: string): StoppedStream {
  const found = reading.stopped().filter(({state, origin}) => state === 'stopped' && part !== '' && origin.startsWith(part))
  const [only, another] = found
  if (only && !another) return only
  const hints = ['scram timeline streams']
  if (!only) throw new Fault('entry.not-found', `no stream of "${part.slice(0, 64)}" is stopped`, {hints})
  throw new Fault('usage.ambiguous', `"${part.slice(0, 64)}" names ${found.length} stopped streams`, {hints})
}
