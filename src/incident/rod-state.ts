import {maybeIn, type RodState, type RodStatus} from './board-state.ts'
import type {Intent, Outcome, Recorded, RodEvent} from './events.ts'

type RodRecord = Recorded<RodEvent>
type Outgoing = 'rod.inserted' | 'rod.withdrawn' | 'rod.unverified' | 'rod.jammed'

/**
 * One rod after one more event, over all incidents (control-rods §4). Total: an outcome carries all the fold needs, so a
 * merged history that lacks the intent still folds. `undefined` before the first move, and after an event that is no
 * move (a test, a reminder). Until a probe has spoken a rod is taken to be in.
 */
export function evolveRod(state: RodState | undefined, event: RodRecord): RodState | undefined {
  switch (event.kind) {
    case 'rod.inserting':
      return intend(state, 'inserting', event, event.data)
    case 'rod.withdrawing':
      return intend(state, 'withdrawing', event, event.data)
    case 'rod.inserted':
    case 'rod.withdrawn':
    case 'rod.unverified':
    case 'rod.jammed':
      return settle(state ?? starved(event, event.data), event.kind, event, event.data)
    case 'rod.held': {
      const {position, guard, reason, intent} = event.data
      const known = state ?? starved(event, {...event.data, to: 'withdrawn', why: reason})
      return {...known, status: 'held', verified: position, since: event.at, seenAt: event.at, evidence: guard, reason, intent}
    }
    case 'rod.drifted': {
      const {expected, seen, evidence} = event.data
      const known = state ?? {...starved(event, {...event.data, to: expected, why: ''}), verified: expected}
      return {...known, status: 'drifted', since: event.at, seenAt: event.at, evidence, reason: `expected ${expected}, seen ${seen}`}
    }
    case 'rod.extended':
      return state && {...state, expiresAt: event.data.expiresAt}
    case 'rod.reminded':
    case 'rod.tested':
      return state
    default:
      event satisfies never
      return state
  }
}

function intend(state: RodState | undefined, status: 'inserting' | 'withdrawing', event: RodRecord, data: Intent): RodState {
  const wasIn = state !== undefined && maybeIn(state)
  const spell = wasIn ? state : {...starved(event, data), verified: state?.verified ?? 'withdrawn', from: data.from}
  const inserts = status === 'inserting'
  // Somebody withdraws a rod of which we know nothing: it was in, as far as anyone can say.
  const mayBeIn = wasIn || (state === undefined && !inserts)
  return {
    ...spell,
    status,
    want: data.to,
    since: event.at,
    // Who inserts it further answers for it; a withdrawal from elsewhere does not take it from its incident.
    incident: inserts ? (event.incident ?? spell.incident) : (spell.incident ?? event.incident),
    by: event.actor.name,
    why: data.why,
    expiresAt: data.expiresAt ?? spell.expiresAt,
    reason: null,
    intent: event.id,
    component: data.component ?? state?.component ?? null,
    title: data.title ?? state?.title ?? null,
    wasIn: mayBeIn,
  }
}

function settle(state: RodState, kind: Outgoing, event: RodRecord, data: Outcome): RodState {
  const seen = data.effective?.position
  const looked: RodState = {
    ...state,
    seenAt: event.at,
    evidence: data.effective?.evidence ?? data.targets[0]?.readBack?.evidence ?? state.evidence,
  }
  const isOpen = state.status === 'inserting' || state.status === 'withdrawing'
  // Two people, two intents: the answer to the other one does not close this one.
  if (isOpen && state.intent !== data.intent) return looked
  // Nothing of an older move arrived: that says nothing about the newer one.
  if (kind === 'rod.jammed' && state.intent !== data.intent) return looked
  const {agree: _, ...whole} = looked
  const settled = {...whole, since: event.at, want: data.to, intent: data.intent, reason: data.reason ?? data.warning ?? null}
  switch (kind) {
    case 'rod.withdrawn':
      return {...settled, status: 'withdrawn', verified: 'withdrawn', expiresAt: null, insertedAt: null, wasIn: false}
    case 'rod.inserted': {
      const expiresAt = data.expiresAt ?? state.expiresAt
      return {...settled, status: 'inserted', verified: seen && seen !== 'unknown' ? seen : data.to, expiresAt, insertedAt: state.insertedAt ?? event.at}
    }
    case 'rod.unverified':
      return {...settled, ...(spread(data) ?? {status: 'unverified'}), expiresAt: data.expiresAt ?? state.expiresAt}
    case 'rod.jammed': {
      const isOut = seen === 'withdrawn'
      return {...settled, status: 'jammed', verified: seen === undefined || seen === 'unknown' ? state.verified : seen, wasIn: state.wasIn && !isOut}
    }
  }
}

/** `partial k/n`: an unverified move whose targets differ. */
function spread({to, targets}: Outcome): {status: RodStatus; agree: {k: number; n: number}} | undefined {
  const k = targets.filter(({acknowledged, readBack, error}) => (readBack ? readBack.position === to : acknowledged && !error)).length
  return k > 0 && k < targets.length ? {status: 'partial', agree: {k, n: targets.length}} : undefined
}

/** A rod of which nothing is known but this event. */
function starved(event: RodRecord, data: {rod: string; to: string; why: string; intent?: string; expiresAt?: string}): RodState {
  return {
    rod: data.rod,
    status: 'unverified',
    want: data.to,
    verified: 'withdrawn',
    since: event.at,
    incident: event.incident,
    by: event.actor.name,
    why: data.why,
    expiresAt: data.expiresAt ?? null,
    insertedAt: null,
    seenAt: null,
    evidence: null,
    reason: null,
    intent: data.intent ?? null,
    from: [],
    component: null,
    title: null,
    wasIn: data.to === 'withdrawn',
  }
}
