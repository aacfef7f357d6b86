import type {RodHistory} from '../../actions/rod-history.ts'
import {describeEvent} from '../../incident/describe.ts'
import {shortId} from '../../lib/ids.ts'
import type {View} from '../view.ts'
import {oneLine, table} from './clock-words.ts'

const WIDEST = 160

/** One line an event, oldest first: when, in which incident, by whom, what. */
export function rodHistoryView({rod, events}: RodHistory): View {
  const rows = events.map(event => [
    event.at.slice(0, 19).replace('T', ' '),
    event.incident === null ? '-' : shortId(event.incident),
    event.actor.kind === 'person' ? event.actor.name : `${event.actor.name} (${event.actor.kind})`,
    oneLine(describeEvent(event), WIDEST),
  ])
  return {
    text: rows.length === 0 ? [`${rod} never moved and was never tested`] : table(rows),
    json: {rod, events: events.map(({id, incident, kind, at, actor, data}) => ({id, incident, kind, at, actor, data}))},
    exit: 0,
  }
}
