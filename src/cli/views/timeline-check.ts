import {headText} from '../../actions/check-timeline.ts'
import type {TakenIn} from '../../actions/take-in.ts'
import type {StreamState, Verified} from '../../journal/journal.ts'
import {shellQuote} from '../../lib/text.ts'
import type {View} from '../view.ts'

/** The first flaw of each stream, or the heads to note elsewhere: only those show a tail that was cut off. */
export function verifiedView({ok, events, heads, flaws}: Verified): View {
  return {
    text: [
      ok
        ? `the record holds: ${events} ${events === 1 ? 'event' : 'events'} in ${heads.length} ${heads.length === 1 ? 'stream' : 'streams'}`
        : 'THE RECORD DOES NOT HOLD',
      ...flaws.map(({origin, epoch, seq, problem}) => `flaw  ${origin === '' ? '' : `${origin}/${epoch} at ${seq}: `}${problem}`),
      ...heads.map(head => `head  ${headText(head)}`),
    ],
    json: {ok, events, heads, flaws},
    exit: ok ? 0 : 1,
  }
}

/** A stream that stopped is a question to a person: 1. Gaps close with the next import. */
export function importedView({added, duplicates, gaps, stops, left = [], undelivered}: TakenIn): View {
  return {
    text: [
      `${added} added, ${duplicates} known already`,
      ...gaps.map(({origin, epoch, seq}) => `gap   ${origin}/${epoch} ends at ${seq}: what comes next was not in this file`),
      ...stops.map(({origin, epoch, seq, reason, detail}) => `STOP  ${origin}/${epoch} at ${seq} (${reason}): ${detail}`),
      ...left.map(
        ({origin, epoch, seq, records}) => `LEFT  ${origin}/${epoch} stands stopped at ${seq}: ${records} ${records === 1 ? 'record' : 'records'} not taken`,
      ),
      ...(stops.length + left.length > 0 ? ['see: scram timeline streams'] : []),
    ],
    json: {added, duplicates, gaps, stops, left, undelivered},
    exit: stops.length + left.length > 0 ? 1 : undelivered.length > 0 ? 3 : 0,
    narration: undelivered,
  }
}

export function exportedView({file, records}: {readonly file: string; readonly records: number}): View {
  return {text: [`${records} ${records === 1 ? 'record' : 'records'} in ${file}, readable by you alone`], json: {file, records}, exit: 0}
}

/** Ours first; a stopped one is a question to a person: 1. */
export function streamsView(streams: readonly StreamState[]): View {
  const stopped = streams.filter(stream => stream.stopped !== null)
  return {
    text: [
      ...streams.flatMap(({origin, epoch, seq, isOwn, stopped: stop, skipped}) => [
        `${origin}/${epoch}  ${seq === 0 ? 'nothing taken yet' : `up to ${seq}`}${isOwn ? ', our own' : ''}`,
        ...(stop ? [`  STOPPED at ${stop.seq} (${stop.reason}): ${stop.detail}`, `  its bytes are in quarantine, SHA-256 ${stop.digest}`] : []),
        ...skipped.map(({seq: at, reason, detail}) => `  incomplete since ${at} (${reason}): ${detail}`),
      ]),
      ...stopped.flatMap(({origin}) => [
        `again: scram timeline resume ${shellQuote(origin)}    # with FILE: as it came whole`,
        `without it: scram timeline skip ${shellQuote(origin)} --why TEXT`,
      ]),
      ...(streams.length === 0 ? ['the record is empty'] : []),
    ],
    json: {streams},
    exit: stopped.length > 0 ? 1 : 0,
  }
}

export function skippedView(origin: string): View {
  return {text: ['left out, and the stream goes on; import again for what comes behind it'], json: {origin, skipped: true}, exit: 0}
}
