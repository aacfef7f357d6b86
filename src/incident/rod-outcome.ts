import type {RodState, RodStatus} from './board-state.ts'
import type {Outcome, Recorded, RodEvent, TargetOutcome} from './events.ts'
import {instancesIn, recordedAt} from './rod-readings.ts'

type RodRecord = Recorded<RodEvent>
type Outgoing = 'rod.inserted' | 'rod.withdrawn' | 'rod.unverified' | 'rod.jammed'

/** So many insertions tell how quick a rod usually is. */
const REMEMBERED = 9

/** How a move ended, or what somebody saw who asked later. */
export function settleRod(state: RodState, kind: Outgoing, event: RodRecord, data: Outcome): RodState {
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
    outByWordOf: null,
    reason: data.reason ?? data.warning ?? null,
    isNativeTtl: data.ttl === 'native' || state.isNativeTtl,
    targets: recordedAt(state.targets, readings),
    instances: instancesIn(
      state.instances,
      data.targets.map(({target, readBack}) => ({target, ...(readBack?.instance !== undefined && {instance: readBack.instance})})),
    ),
  }
  switch (kind) {
    case 'rod.withdrawn':
      return {...settled, ...SPELL_OVER, status: 'withdrawn', verified: 'withdrawn'}
    case 'rod.inserted': {
      const verified = seen && seen !== 'unknown' ? seen : data.to
      // Asking decides nothing: a rod that waits for a person, found where it was held, goes on waiting.
      if (state.status === 'held' && data.settles !== undefined && verified === state.verified) return looked
      return {...settled, ...expiry(state, event, data), ...worth(state, event, data), status: 'inserted', verified, insertedAt: state.insertedAt ?? event.at}
    }
    case 'rod.unverified':
      // A look that cannot see takes no word back.
      if (state.outByWordOf !== null && data.settles !== undefined && data.to === 'withdrawn') return looked
      if (isOutByWord(data)) return {...settled, ...SPELL_OVER, status: 'unverified', outByWordOf: event.actor.name}
      return {...settled, ...expiry(state, event, data), ...(spread(data) ?? {status: 'unverified'})}
    case 'rod.jammed': {
      const isOut = seen === 'withdrawn'
      // Whatever was known before: who is asked whether it is out, and reads otherwise, says that it is in.
      const readsIn = data.to === 'withdrawn' && readings.some(({position}) => position !== 'withdrawn' && position !== 'unknown')
      return {
        ...settled,
        status: 'jammed',
        verified: seen === undefined || seen === 'unknown' ? state.verified : seen,
        wasIn: (state.wasIn || readsIn) && !isOut,
      }
    }
  }
}

/** Nothing of the spell is left to expire, to count or to remind of. */
const SPELL_OVER = {expiresAt: null, isNativeTtl: false, expirySetAt: null, reminded: null, insertedAt: null, stepBacks: 0, wasIn: false} as const

/**
 * A person's word (`scram out --blind`) that a rod without a probe is out, and every target took the call without reading
 * otherwise. A word that the control side contradicts, or a call that may not have arrived, takes nothing out.
 */
export function isOutByWord({to, blind, targets}: Outcome): boolean {
  const isThere = ({acknowledged, readBack}: TargetOutcome) =>
    readBack?.position === 'withdrawn' || (acknowledged !== undefined && (readBack?.position ?? 'unknown') === 'unknown')
  return to === 'withdrawn' && blind === true && targets.length > 0 && targets.every(isThere)
}

/** A later expiry than the one that stands starts its reminders anew; the same one, told again by an outcome, does not. */
export function expiry(state: RodState, event: RodRecord, {expiresAt}: {expiresAt?: string}): Pick<RodState, 'expiresAt' | 'expirySetAt' | 'reminded'> {
  const {expirySetAt, reminded} = state
  if (expiresAt === undefined || (expiresAt === state.expiresAt && expirySetAt !== null)) return {expiresAt: state.expiresAt, expirySetAt, reminded}
  return {expiresAt, expirySetAt: event.at, reminded: null}
}

/** An insertion that was verified while it was watched; one that was in already, or settled later, took no time that means anything. */
function worth(state: RodState, event: RodRecord, {already, settles, effective}: Outcome): Partial<RodState> {
  const isMeasured = state.lastMove !== 'withdraw' && already !== true && settles === undefined && effective !== undefined
  if (!isMeasured) return {}
  return {exercisedAt: event.at, failedExercise: null, effectiveMs: [...state.effectiveMs, effective.ms].slice(-REMEMBERED)}
}

/** `partial k/n`: an unverified move whose targets differ. */
function spread({to, targets}: Outcome): {status: RodStatus; agree: {k: number; n: number}} | undefined {
  const k = targets.filter(({wanted = to, acknowledged, readBack, error}) => (readBack ? readBack.position === wanted : acknowledged && !error)).length
  return k > 0 && k < targets.length ? {status: 'partial', agree: {k, n: targets.length}} : undefined
}
