import {shortEntry} from '../../lib/ids.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {sinceStart, textNow, time} from '../say.ts'
import {isKind} from '../who.ts'

const QUOTED: ReadonlySet<string> = new Set(['finding', 'hypothesis', 'cause', 'decision'])

/** What people wrote down while it happened, in their words. The tool concludes nothing from it. */
export function evidenceNotes({events, state, startMs, who}: Facts, pen: Pen): readonly Part[] {
  const quotes = events.flatMap(event => {
    if (!isKind(event, 'note.added') || !QUOTED.has(event.data.noteKind)) return []
    const since = sinceStart(event.at, startMs)
    const head = `${event.data.noteKind}, ${time(event.at)}${since ? ` (T+ ${since})` : ''}, ${who(event)}, ${shortEntry(event.id)}:`
    return [pen.quote({strong: head}, textNow(state, event.id, event.data.text))]
  })
  if (quotes.length === 0) return [pen.paragraph('No finding, hypothesis, cause or decision was recorded.')]
  return [pen.paragraph('Notes as they were written, quoted; times are UTC.'), ...quotes]
}
