import {maybeIn, type RodState} from './board-state.ts'
import type {EventData, Intent, Recorded, RodEvent} from './events.ts'
import {expiry, settleRod} from './rod-outcome.ts'
import {instancesIn, recordedAt} from './rod-readings.ts'
import {keptUndecided, rivalsAfter} from './rod-rivals.ts'

type RodRecord = Recorded<RodEvent>

/**
 * One rod after one more event, over all incidents (control-rods §4). Total: an outcome carries all the fold needs, so a
 * merged history that lacks the intent still folds. `undefined` before the first move, and after an event that is no
 * move (a test, a reminder). Until a probe has spoken a rod is taken to be in.
 */
export function evolveRod(state: RodState | undefined, event: RodRecord): RodState | undefined {
  return keptUndecided(state, apply(state, event))
}

function apply(state: RodState | undefined, event: RodRecord): RodState | undefined {
  switch (event.kind) {
    case 'rod.inserting':
      return intend(state, 'inserting', event, event.data)
    case 'rod.withdrawing':
      return intend(state, 'withdrawing', event, event.data)
    case 'rod.inserted':
    case 'rod.withdrawn':
    case 'rod.unverified':
    case 'rod.jammed':
      return settleRod(state ?? starved(event, event.data), event.kind, event, event.data)
    case 'rod.held': {
      const {position, guard, reason, intent} = event.data
      const known = state ?? starved(event, {...event.data, to: 'withdrawn', why: reason})
      return {...known, status: 'held', stepBacks: 0, verified: position, want: 'withdrawn', since: event.at, evidence: guard, reason, intent}
    }
    case 'rod.drifted': {
      const {expected, seen, evidence, by, targets} = event.data
      const known = state ?? {...starved(event, {...event.data, to: expected, why: ''}), verified: expected}
      const where = {targets: recordedAt(known.targets, targets ?? []), instances: instancesIn(known.instances, targets ?? [])}
      // Another process answers, and it still stands where it should: worth telling, and no drift.
      if (seen === expected) return {...known, ...where, seenAt: event.at, evidence}
      const news = {since: event.at, seenAt: event.at, seen, seenBy: by === 'read' ? 'control side' : 'probe', evidence}
      // Noticed: whoever looks from here on knows of both.
      if (by === 'merge') return {...known, rivals: [], status: 'drifted', since: event.at, seen, reason: evidence, evidence, targets: {}, wasIn: true}
      return {...known, ...news, status: 'drifted', reason: `expected ${expected}, seen ${seen}`, ...where}
    }
    case 'rod.extended':
      return state && {...state, expiresAt: event.data.expiresAt, expirySetAt: event.at, reminded: null}
    case 'rod.reminded':
      return state && {...state, reminded: {stage: event.data.stage, n: event.data.n}}
    case 'rod.tested':
      return state && event.data.mode === 'exercise' ? exercised(state, event.at, event.data) : state
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
    // Whatever is sent replaces what the target was told before.
    isNativeTtl: data.ttl === 'native',
    reason: null,
    intent: event.id,
    component: data.component ?? state?.component ?? null,
    title: data.title ?? state?.title ?? null,
    note: data.note ?? state?.note ?? null,
    binds: inserts ? (data.binds ?? {}) : spell.binds,
    outByWordOf: null,
    rivals: rivalsAfter(state, event, data),
    // What a call that may or may not arrive leaves is not known until someone reads it.
    targets: {},
    stepBacks: stepBacksAfter(spell, inserts, data),
    lastMove: inserts ? 'insert' : 'withdraw',
    movedAt: event.at,
    wasIn: mayBeIn,
  }
}

/** A step back that has to be repeated is one; whoever inserts it otherwise begins a new count. */
function stepBacksAfter({stepBacks, lastMove}: RodState, inserts: boolean, {step}: Intent): number {
  if (!inserts) return stepBacks
  if (step !== 'back') return 0
  return lastMove === 'withdraw' ? stepBacks + 1 : stepBacks
}

/** Practice is over: it is no move that a cooldown counts from, and a failed one is what the rod is worth now. */
function exercised(state: RodState, at: string, {result, detail}: EventData['rod.tested']): RodState {
  return {...state, lastMove: null, movedAt: null, failedExercise: result === 'failed' ? {at, detail: detail ?? ''} : null}
}

/** What outlives a spell. */
function lasting(state: RodState | undefined): Partial<RodState> {
  if (!state) return {}
  const {verified, exercisedAt, failedExercise, effectiveMs, seenAt, seen, seenBy, evidence} = state
  return {verified, exercisedAt, failedExercise, effectiveMs, seenAt, seen, seenBy, evidence}
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
    isNativeTtl: false,
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
    instances: {},
    component: null,
    title: null,
    note: null,
    binds: {},
    stepBacks: 0,
    lastMove: null,
    movedAt: null,
    exercisedAt: null,
    failedExercise: null,
    effectiveMs: [],
    outByWordOf: null,
    rivals: [],
    wasIn: data.to === 'withdrawn',
  }
}
