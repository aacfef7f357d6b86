import {describeEvent} from '../../incident/describe.ts'
import type {Opaque, Recorded} from '../../incident/events.ts'
import {timelineOrder, visibilityOf} from '../../incident/events.ts'
import type {IncidentState} from '../../incident/state.ts'
import {shortEntry, shortId} from '../../lib/ids.ts'
import type {View} from '../view.ts'
import {oneLine} from './clock-words.ts'

/** An entry given this long after it happened is marked as back-dated. */
const LATE_MS = 60_000

/** Every event, by the time it happened: UTC, who, what, and the id `amend` and `redact` take. */
export function timelineView({state, events}: {readonly state: IncidentState; readonly events: readonly (Recorded | Opaque)[]}): View {
  const rows = [...events].sort(timelineOrder).map(event => ({...rowOf(event), what: whatIn(event, state)}))
  let day = ''
  const lines = rows.flatMap(({at, who, what, entry, mark}) => {
    const date = at.slice(0, 10)
    const heading = date === day ? [] : [`${date} UTC`]
    day = date
    return [...heading, `${at.slice(11, 19)}${mark}  ${entry}  ${who.padEnd(10)}  ${oneLine(what, 160)}`]
  })
  const marked = rows.some(({mark}) => mark !== ' ') ? ['† time given after the fact'] : []
  return {
    text: [`${shortId(state.id)}  ${oneLine(state.title)}  ${state.phase}`, ...lines, ...marked],
    json: {incident: state.id, title: state.title, phase: state.phase, entries: rows},
    exit: 0,
  }
}

function rowOf(event: Recorded | Opaque) {
  const {id, at, recorded, actor, kind} = event
  const isLate = Date.parse(recorded) - Date.parse(at) > LATE_MS
  return {id, entry: shortEntry(id), at, recorded, who: actor.name, kind, visibility: visibilityOf(event), mark: isLate ? '†' : ' '}
}

/** Corrections and redactions apply here as everywhere. */
function whatIn(event: Recorded | Opaque, {redacted, corrected}: IncidentState): string {
  const why = redacted[event.id]
  if (why !== undefined) return `[redacted] ${why}`
  if ('opaque' in event) return `${event.kind}: not known to this version of scram`
  const {text} = corrected[event.id] ?? {}
  return text === undefined ? describeEvent(event) : `${text} (corrected)`
}
