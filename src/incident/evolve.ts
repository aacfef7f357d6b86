import {withChange} from './component-changes.ts'
import {correct} from './correction.ts'
import type {EventData, Recorded} from './events.ts'
import {amendUpdate, postUpdate} from './evolve-updates.ts'
import {own} from './own.ts'
import {REDACTED, redact} from './redaction.ts'
import {stampOf} from './stamp.ts'
import {emptyIncident, type IncidentState, type Phase, type Stamp} from './state.ts'

/** The state of one incident after `events`, which are in record order. */
export function fold(id: string, events: Iterable<Recorded>): IncidentState {
  let state = emptyIncident(id)
  for (const event of events) state = evolve(state, event)
  return state
}

/**
 * One event later. Total: whatever the history (entries before the opening, after the closing, about updates nobody
 * knows), it folds what it can and never throws; a contradiction is a fact to fold, not an error. Pure: no clock, and
 * the state that came in is not touched. Rods and runs are folded by the board, over all incidents.
 */
export function evolve(state: IncidentState, event: Recorded): IncidentState {
  return {...apply(state, event), count: state.count + 1, lastAt: event.at}
}

function apply(state: IncidentState, event: Recorded): IncidentState {
  const stamp = stampOf(event, state.corrected)
  /** What the entry says now: corrected, or hidden, before it arrived. */
  const said = (text: string) => (own(state.redacted, event.id) === undefined ? (own(state.corrected, event.id)?.text ?? text) : REDACTED)
  /** A title is not hidden by a redaction. */
  const titled = (title: string) => own(state.corrected, event.id)?.text ?? title
  switch (event.kind) {
    case 'incident.opened':
      return open(state, stamp, {...event.data, title: titled(event.data.title)})
    case 'incident.retitled':
      return {...state, title: titled(event.data.title), titledBy: event.id}
    case 'incident.resolved':
      return {...state, phase: ended(state.phase, 'resolved'), resolves: [...state.resolves, stamp], leftIn: event.data.leftIn ?? []}
    case 'incident.reopened':
      return reopen(state, {...stamp, why: said(event.data.why)}, event.data)
    case 'incident.closed':
      return {...state, phase: ended(state.phase, 'closed'), closed: stamp, leftIn: event.data.leftIn ?? state.leftIn}
    case 'incident.merged':
      return {...state, phase: 'merged', mergedInto: event.data.into, merged: stamp}
    case 'severity.set':
      return {...state, severity: event.data.severity}
    case 'impact.set':
      return {...state, impact: event.data.impact}
    case 'role.assigned':
      return {...state, roles: {...state.roles, [event.data.role]: event.data.to}}
    case 'component.set': {
      const {component, status, extent} = event.data
      const change = {...stamp, status, ...(extent && {extent}), order: state.count}
      return {...state, components: withChange(state.components, component, change)}
    }
    case 'milestone.marked':
      return {...state, milestones: {...state.milestones, [event.data.milestone]: stamp}}
    case 'measure.stated':
      return {...state, measures: [...state.measures, {...stamp, ...event.data}]}
    case 'update.posted':
      return postUpdate(state, event)
    case 'update.amended':
      return amendUpdate(state, event)
    case 'headline.set':
      return {...state, headline: own(state.redacted, event.id) === undefined ? said(event.data.text) : null, headlineEntry: event.id}
    case 'note.added':
      return note(state, {...stamp, noteKind: event.data.noteKind, text: said(event.data.text)}, event.data)
    case 'entry.corrected':
      return correct(state, event)
    case 'entry.redacted':
      return redact(state, event.data.entry, event.data.why)
    case 'handoff.offered': {
      const {to, text} = event.data
      return {...state, handoff: {to, offer: event.id, ...(text !== undefined && {text: said(text)})}}
    }
    case 'handoff.taken':
      return {...state, handoff: null, roles: {...state.roles, ic: event.data.to}}
    case 'action.added':
      return {...state, actions: [...state.actions, {...stamp, ...event.data, text: said(event.data.text), links: []}]}
    case 'action.done':
      return withAction(state, event.data.action, action => ({...action, done: stamp}))
    case 'action.linked':
      return withAction(state, event.data.action, action => ({...action, links: [...action.links, event.data.url]}))
    case 'postmortem.drafted':
      return {...state, postmortem: {...state.postmortem, drafted: stamp}}
    case 'postmortem.published':
      return {...state, postmortem: {...state.postmortem, published: stamp}}
    // The rest is in the timeline and changes nothing here: rods, runs and the page are the board's.
    case 'command.ran':
    case 'rod.inserting':
    case 'rod.withdrawing':
    case 'rod.inserted':
    case 'rod.withdrawn':
    case 'rod.unverified':
    case 'rod.jammed':
    case 'rod.held':
    case 'rod.drifted':
    case 'rod.extended':
    case 'rod.reminded':
    case 'rod.tested':
    case 'run.started':
    case 'run.parked':
    case 'run.resumed':
    case 'run.taken':
    case 'run.amended':
    case 'run.finished':
    case 'step.started':
    case 'step.finished':
    case 'step.failed':
    case 'step.skipped':
    case 'step.unknown':
    case 'step.settled':
    case 'decision.recorded':
    case 'timer.set':
    case 'timer.fired':
    case 'timer.cancelled':
    case 'page.published':
    case 'page.failed':
    case 'delivery.queued':
    case 'delivery.sent':
    case 'delivery.failed':
    case 'maintenance.scheduled':
    case 'maintenance.started':
    case 'maintenance.verifying':
    case 'maintenance.completed':
    case 'maintenance.cancelled':
    case 'stream.stopped':
    case 'stream.resumed':
    case 'stream.skipped':
    case 'journal.epoch':
      return state
    default:
      event satisfies never
      return state
  }
}

/** A second opening (no legal history has one) does not rename what people already talk about. */
function open(state: IncidentState, stamp: Stamp, data: EventData['incident.opened']): IncidentState {
  if (state.opened) return state
  return {
    ...state,
    phase: state.phase === 'none' ? 'open' : state.phase,
    ...(state.title === '' && {title: data.title, titledBy: stamp.entry}),
    severity: data.severity,
    impact: data.impact ?? state.impact,
    isPrivate: data.private ?? false,
    isDrill: data.drill ?? false,
    opened: stamp,
  }
}

function reopen(state: IncidentState, reopened: Stamp & {why: string}, {title}: {title: string}): IncidentState {
  const {merged: _, ...rest} = state
  return {
    ...rest,
    phase: 'open',
    ...(state.title === '' && {title, titledBy: reopened.entry}),
    reopens: [...state.reopens, reopened],
    closed: null,
    leftIn: [],
    mergedInto: null,
  }
}

/** A later resolve of what is closed or merged already (two people, two machines) does not open the closed door. */
function ended(phase: Phase, to: 'resolved' | 'closed'): Phase {
  if (phase === 'merged') return phase
  return phase === 'closed' ? phase : to
}

function note(state: IncidentState, pinned: IncidentState['pinned'][number], data: EventData['note.added']): IncidentState {
  const {noteKind: _, text: __, ...stamp} = pinned
  return {
    ...state,
    pinned: data.pinned ? [...state.pinned, pinned] : state.pinned,
    causes: data.noteKind === 'cause' ? [...state.causes, stamp] : state.causes,
  }
}

type Action = IncidentState['actions'][number]

function withAction(state: IncidentState, id: string, change: (action: Action) => Action): IncidentState {
  return {...state, actions: state.actions.map(action => (action.action === id ? change(action) : action))}
}
