import type {Done} from '../../actions/desk.ts'
import {describeEvent} from '../../incident/describe.ts'
import type {Recorded} from '../../incident/events.ts'
import {shortEntry, shortId} from '../../lib/ids.ts'
import type {View} from '../view.ts'
import {ONLY_WHILE_SCRAM_RUNS} from './clock-words.ts'

export interface DoneJson {
  readonly incident: string | null
  /** When it was written: RFC 3339 UTC. */
  readonly recorded: string | null
  readonly events: readonly Pick<Recorded, 'id' | 'kind' | 'at' | 'data'>[]
  /** What did not reach the outside; with any the exit code is 3. */
  readonly undelivered: readonly string[]
}

/** What was recorded, one line an event; the first carries the incident and the absolute time of the record. */
export function doneView({events, undelivered}: Done): View<DoneJson> {
  const [first] = events
  const incident = first?.incident ?? null
  const head = first ? `${incident === null ? 'no incident' : shortId(incident)}  ${first.recorded}  ` : ''
  // A milestone often says what its event said already.
  const news = events.map(newsOf).filter((line, i, all) => line !== `milestone ${all[i + 1]}`)
  // Who schedules a text is told how to take it back, and that somebody has to be there.
  const scheduled = events.flatMap(({kind, data}) => (kind === 'timer.set' && data.update ? [shortEntry(data.timer)] : []))
  const lines = news.map((line, i) => (i === 0 ? head : ' '.repeat(head.length)) + line)
  return {
    text: [...lines, ...scheduled.map(id => `cancel: scram update --cancel ${id}; it goes out ${ONLY_WHILE_SCRAM_RUNS}`)],
    json: {
      incident,
      recorded: first?.recorded ?? null,
      events: events.map(({id, kind, at, data}) => ({id, kind, at, data}) as DoneJson['events'][number]),
      undelivered,
    },
    exit: undelivered.length > 0 ? 3 : 0,
    narration: undelivered,
  }
}

/** An echo, so that a person sees what was taken; a log that was piped into a note is not shown to them again. */
const LONGEST_ECHO = 2000

/** Back-dated entries show both times. */
function newsOf(event: Recorded): string {
  const said = describeEvent(event)
  const news = said.length > LONGEST_ECHO ? `${said.slice(0, LONGEST_ECHO).toWellFormed()}… (${said.length} characters recorded)` : said
  return event.at.slice(0, 19) === event.recorded.slice(0, 19) || event.basis === undefined ? news : `${news}  (happened ${event.at})`
}
