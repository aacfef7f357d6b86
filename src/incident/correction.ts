import {withMovedChange} from './component-changes.ts'
import type {EventData, Recorded} from './events.ts'
import {own} from './own.ts'
import {REDACTED} from './redaction.ts'
import {stampOf} from './stamp.ts'
import type {IncidentState, PostedUpdate, Stamp} from './state.ts'

type Corrected = Extract<Recorded, {kind: 'entry.corrected'}>

/**
 * Applies a correction of text or time to whatever the state holds of the entry. A text that is written after a redaction
 * shows again: it was written knowing what had to go. The entry's own words stay in the
 * record; `corrected` keeps what it says now, for entries the state holds nothing of and for those that come later.
 */
export function correct(state: IncidentState, event: Corrected): IncidentState {
  const {entry, text, at} = event.data
  const now = {...own(state.corrected, entry), ...(text !== undefined && {text}), ...(at !== undefined && {at})}
  const noted = {...state, corrected: {...state.corrected, [entry]: now}}
  const moved = at === undefined ? noted : moveEntry(noted, entry, at)
  return text === undefined ? moved : reword(moved, event, text)
}

function moveEntry(state: IncidentState, entry: string, at: string): IncidentState {
  const move = <T extends Stamp>(stamp: T): T => (stamp.entry === entry ? {...stamp, at} : stamp)
  const moveAll = <T extends Stamp>(stamps: readonly T[]): readonly T[] => stamps.map(move)
  const milestones = Object.entries(state.milestones).map(([milestone, stamp]) => [milestone, move(stamp)] as const)
  return {
    ...state,
    opened: state.opened && move(state.opened),
    closed: state.closed && move(state.closed),
    resolves: moveAll(state.resolves),
    reopens: moveAll(state.reopens),
    components: withMovedChange(state.components, entry, at),
    updates: moveAll(state.updates).map(update => ({...update, amendments: moveAll(update.amendments)})),
    milestones: Object.fromEntries(milestones),
    measures: moveAll(state.measures),
    pinned: moveAll(state.pinned),
    causes: moveAll(state.causes),
    actions: moveAll(state.actions),
    ...(state.merged && {merged: move(state.merged)}),
  }
}

function reword(state: IncidentState, event: Corrected, text: string): IncidentState {
  const {entry} = event.data
  const say = <T extends Stamp & {readonly text: string}>(item: T): T => (item.entry === entry ? {...item, text} : item)
  return {
    ...state,
    title: state.titledBy === entry ? text : state.title,
    updates: state.updates.map(update => rewordUpdate(update, event, text, stampOf(event, state.corrected))),
    pinned: state.pinned.map(say),
    actions: state.actions.map(say),
    reopens: state.reopens.map(each => (each.entry === entry ? {...each, why: text} : each)),
    handoff: state.handoff?.offer === entry ? {...state.handoff, text} : state.handoff,
    headline: state.headlineEntry === entry ? text : state.headline,
  }
}

/** `scram amend` writes `update.amended` for a text; an imported correction of an update counts as the same. */
function rewordUpdate(update: PostedUpdate, {data}: {data: EventData['entry.corrected']}, text: string, stamp: Stamp): PostedUpdate {
  if (update.entry === data.entry) {
    const amendment = {...stamp, before: update.body, ...(data.why !== undefined && {why: data.why})}
    const {redacted: _, ...shown} = update
    return {...shown, body: text, amendments: [...update.amendments, amendment]}
  }
  const last = update.amendments.at(-1)
  return last?.entry === data.entry && update.body !== REDACTED ? {...update, body: text} : update
}
