import {maybeIn, type RodState, type RodStatus} from './board-state.ts'
import type {Intent, Outcome, Position, Recorded, RodEvent, TargetReading} from './events.ts'

type RodRecord = Recorded<RodEvent>
type Outgoing = 'rod.inserted' | 'rod.withdrawn' | 'rod.unverified' | 'rod.jammed'

/** So many insertions tell how quick a rod usually is. */
const REMEMBERED = 9

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
      return {...known, status: 'held', verified: position, want: 'withdrawn', since: event.at, evidence: guard, reason, intent}
    }
    case 'rod.drifted': {
      const {expected, seen, evidence, by, targets} = event.data
      const known = state ?? {...starved(event, {...event.data, to: expected, why: ''}), verified: expected}
      const news = {since: event.at, seenAt: event.at, seen, seenBy: by === 'read' ? 'control side' : 'probe', evidence}
      return {...known, ...news, status: 'drifted', reason: `expected ${expected}, seen ${seen}`, targets: recordedAt(known.targets, targets ?? [])}
    }
    case 'rod.extended':
      return state && {...state, expiresAt: event.data.expiresAt, expirySetAt: event.at, reminded: null}
    case 'rod.reminded':
      return state && {...state, reminded: {stage: event.data.stage, n: event.data.n}}
    case 'rod.tested':
      return state
    default:
      event satisfies never
      return state
  }
}

function intend(state: RodState | undefined, status: 'inserting' | 'withdrawing', event: RodRecord, data: Intent): RodState {
  const wasIn = state !== undefined && maybeIn(state)
  const spell = wasIn ? state : {...starved(event, data), ...lasting(state), from: data.from}
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
    ...expiry(spell, event, data),
    reason: null,
    intent: event.id,
    component: data.component ?? state?.component ?? null,
    title: data.title ?? state?.title ?? null,
    note: data.note ?? state?.note ?? null,
    binds: inserts ? (data.binds ?? {}) : spell.binds,
    // What a call that may or may not arrive leaves is not known until someone reads it.
    targets: {},
    lastMove: inserts ? 'insert' : 'withdraw',
    movedAt: event.at,
    wasIn: mayBeIn,
  }
}

function settle(state: RodState, kind: Outgoing, event: RodRecord, data: Outcome): RodState {
  const seen = data.effective?.position
  const read = data.targets[0]?.readBack
  const looked: RodState = {
    ...state,
    seenAt: event.at,
    seen: seen ?? read?.position ?? null,
    seenBy: data.effective?.probe ?? (read ? 'control side' : null),
    evidence: data.effective?.evidence ?? read?.evidence ?? state.evidence,
  }
  const isOpen = state.status === 'inserting' || state.status === 'withdrawing'
  // Two people, two intents: the answer to the other one does not close this one.
  if (isOpen && state.intent !== data.intent) return looked
  // A late answer to an older move says nothing about the newer one, but that the rod is in: then it is taken to be.
  const isLate = state.intent !== null && data.intent < state.intent
  // Each was seen at its own end, and the call that arrived last may be the older one: still in by its newer word, seen out.
  if (isLate && kind === 'rod.withdrawn' && state.status === 'inserted')
    return {...looked, status: 'drifted', since: event.at, reason: `an older withdrawal ended after it was seen at ${state.verified}`, targets: {}}
  if (isLate && kind !== 'rod.inserted') return looked
  const {agree: _, ...whole} = looked
  const readings = data.targets.map(({target, readBack}) => ({target, position: readBack?.position ?? ('unknown' as const)}))
  const settled = {
    ...whole,
    since: event.at,
    movedAt: data.settles === undefined && data.already !== true ? event.at : state.movedAt,
    want: data.to,
    intent: data.intent,
    reason: data.reason ?? data.warning ?? null,
    targets: recordedAt(state.targets, readings),
  }
  switch (kind) {
    case 'rod.withdrawn':
      return {...settled, status: 'withdrawn', verified: 'withdrawn', expiresAt: null, expirySetAt: null, reminded: null, insertedAt: null, wasIn: false}
    case 'rod.inserted': {
      const verified = seen && seen !== 'unknown' ? seen : data.to
      // Asking decides nothing: a rod that waits for a person, found where it was held, goes on waiting.
      if (state.status === 'held' && data.settles !== undefined && verified === state.verified) return looked
      return {...settled, ...expiry(state, event, data), ...worth(state, event, data), status: 'inserted', verified, insertedAt: state.insertedAt ?? event.at}
    }
    case 'rod.unverified':
      return {...settled, ...expiry(state, event, data), ...(spread(data) ?? {status: 'unverified'})}
    case 'rod.jammed': {
      const isOut = seen === 'withdrawn'
      return {...settled, status: 'jammed', verified: seen === undefined || seen === 'unknown' ? state.verified : seen, wasIn: state.wasIn && !isOut}
    }
  }
}

/** A later expiry than the one that stands starts its reminders anew; the same one, told again by an outcome, does not. */
function expiry(state: RodState, event: RodRecord, {expiresAt}: {expiresAt?: string}): Pick<RodState, 'expiresAt' | 'expirySetAt' | 'reminded'> {
  const {expirySetAt, reminded} = state
  if (expiresAt === undefined || (expiresAt === state.expiresAt && expirySetAt !== null)) return {expiresAt: state.expiresAt, expirySetAt, reminded}
  return {expiresAt, expirySetAt: event.at, reminded: null}
}

/** An insertion that was verified while it was watched; one that was in already, or settled later, took no time that means anything. */
function worth(state: RodState, event: RodRecord, {already, settles, effective}: Outcome): Pick<RodState, 'exercisedAt' | 'effectiveMs'> {
  const isMeasured = state.lastMove !== 'withdraw' && already !== true && settles === undefined && effective !== undefined
  if (!isMeasured) return {exercisedAt: state.exercisedAt, effectiveMs: state.effectiveMs}
  return {exercisedAt: event.at, effectiveMs: [...state.effectiveMs, effective.ms].slice(-REMEMBERED)}
}

/** What outlives a spell. */
function lasting(state: RodState | undefined): Partial<RodState> {
  if (!state) return {}
  const {verified, exercisedAt, effectiveMs, seenAt, seen, seenBy, evidence} = state
  return {verified, exercisedAt, effectiveMs, seenAt, seen, seenBy, evidence}
}

function recordedAt(before: RodState['targets'], readings: readonly TargetReading[]): Readonly<Record<string, Position>> {
  const after = new Map(Object.entries(before))
  for (const {target, position} of readings) {
    if (position === 'unknown') after.delete(target)
    else after.set(target, position)
  }
  return Object.fromEntries(after)
}

/** `partial k/n`: an unverified move whose targets differ. */
function spread({to, targets}: Outcome): {status: RodStatus; agree: {k: number; n: number}} | undefined {
  const k = targets.filter(({wanted = to, acknowledged, readBack, error}) => (readBack ? readBack.position === wanted : acknowledged && !error)).length
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
    expirySetAt: data.expiresAt === undefined ? null : event.at,
    reminded: null,
    insertedAt: null,
    seenAt: null,
    seen: null,
    seenBy: null,
    evidence: null,
    reason: null,
    intent: data.intent ?? null,
    from: [],
    targets: {},
    component: null,
    title: null,
    note: null,
    binds: {},
    lastMove: null,
    movedAt: null,
    exercisedAt: null,
    effectiveMs: [],
    wasIn: data.to === 'withdrawn',
  }
}
