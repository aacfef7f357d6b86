import {statusAt, withChange} from './component-changes.ts'
import type {EventData, Recorded} from './events.ts'
import {own} from './own.ts'
import {REDACTED} from './redaction.ts'
import {stampOf} from './stamp.ts'
import type {Amendment, IncidentState, PostedUpdate} from './state.ts'

type Posted = Extract<Recorded, {kind: 'update.posted'}>
type Amended = Extract<Recorded, {kind: 'update.amended'}>

/**
 * A posted update. Its snapshot says what held and changes nothing, unless it contradicts the fold (merged or imported
 * records): then it counts as a `component.set` at the update's own `at` (postmortem §5, rule 2).
 */
export function postUpdate(state: IncidentState, event: Posted): IncidentState {
  const {number, status, body, components: snapshot, nextUpdateBy, promiseBasis, promises = []} = event.data
  const stamp = stampOf(event, state.corrected)
  const hidden = own(state.redacted, event.id)
  const update: PostedUpdate = {
    ...stamp,
    number,
    status,
    body: hidden === undefined ? (own(state.corrected, event.id)?.text ?? body) : REDACTED,
    components: snapshot,
    promises,
    amendments: [],
    ...(nextUpdateBy !== undefined && {nextUpdateBy}),
    ...(promiseBasis !== undefined && {promiseBasis}),
    ...(hidden !== undefined && {redacted: hidden}),
  }
  return {...state, updates: [...state.updates, update], components: withSnapshot(state, stamp, snapshot)}
}

function withSnapshot(state: IncidentState, stamp: ReturnType<typeof stampOf>, snapshot: Posted['data']['components']): IncidentState['components'] {
  let {components} = state
  for (const [component, status] of Object.entries(snapshot)) {
    if (statusAt(components, component, stamp.at) !== status) components = withChange(components, component, {...stamp, status, order: state.count})
  }
  return components
}

/** An amendment of an update that is not known changes nothing: it stays in the timeline. */
export function amendUpdate(state: IncidentState, event: Amended): IncidentState {
  const {update: entry, why} = event.data
  const isHidden = own(state.redacted, event.id) !== undefined
  const text = isHidden ? REDACTED : own(state.corrected, event.id)?.text
  return {
    ...state,
    updates: state.updates.map(update =>
      update.entry === entry ? amended(update, {...stampOf(event, state.corrected), ...(why !== undefined && {why})}, event.data, text) : update,
    ),
  }
}

function amended(update: PostedUpdate, stamp: Omit<Amendment, 'before'>, {body, nextUpdateBy}: EventData['update.amended'], instead?: string): PostedUpdate {
  const text = body === undefined ? undefined : (instead ?? body)
  // A new text after a redaction is public again: it was written knowing what had to go.
  const {redacted: _, ...shown} = update
  return {
    ...(text === undefined ? update : shown),
    body: text ?? update.body,
    amendments: [...update.amendments, {...stamp, before: update.body}],
    ...(nextUpdateBy !== undefined && {nextUpdateBy}),
  }
}
