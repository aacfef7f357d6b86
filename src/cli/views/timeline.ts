import type {Opaque, Recorded} from '../../incident/events.ts'
import type {IncidentState} from '../../incident/state.ts'
import {timelineRows} from '../../incident/timeline.ts'
import {shortEntry, shortId} from '../../lib/ids.ts'
import type {View} from '../view.ts'
import {oneLine} from './clock-words.ts'

/** Every event, by the time it happened: UTC, who, what, and the id `amend` and `redact` take. */
export function timelineView({state, events}: {readonly state: IncidentState; readonly events: readonly (Recorded | Opaque)[]}): View {
  const rows = timelineRows(events)
  let day = ''
  const lines = rows.flatMap(({at, who, text, entry, isBackdated, isCorrected}) => {
    const date = at.slice(0, 10)
    const heading = date === day ? [] : [`${date} UTC`]
    day = date
    const what = oneLine(isCorrected ? `${text} (corrected)` : text, 160)
    return [...heading, `${at.slice(11, 19)}${isBackdated ? '†' : ' '}  ${shortEntry(entry)}  ${who.padEnd(10)}  ${what}`]
  })
  const marked = rows.some(({isBackdated}) => isBackdated) ? ['† time given after the fact'] : []
  return {
    text: [`${shortId(state.id)}  ${oneLine(state.title)}  ${state.phase}`, ...lines, ...marked],
    json: {incident: state.id, title: state.title, phase: state.phase, entries: rows},
    exit: 0,
  }
}
