import type {Outcome, Position, TargetOutcome} from '../incident/events.ts'
import {type Contact, contradiction, judge, type Verdict} from './judge.ts'
import type {ReadBack} from './observe.ts'
import type {Watched} from './watch-effect.ts'

/** How one rod shall move: what the intent recorded. */
export interface Move {
  readonly to: Position
  readonly why: string
  /** The lease's number, passed on to the target; 0 without one. */
  readonly fence: number
  readonly expiresAt?: string
  /** Only these targets are moved; the others are read all the same. */
  readonly only?: readonly string[]
  /** What each target is set to, where they differ: an undo. */
  readonly each?: ReadonlyMap<string, Position>
  /** The target itself withdraws it after this long (`on_expiry: release` and a driver that can). */
  readonly ttlMs?: number
  /** A person lets it go in without asking the probe: the outcome is unverified at best. */
  readonly blind?: boolean
}

/** The outcome as it is appended, but for `intent`, which only the journal knows. */
export interface Settled {
  readonly kind: 'rod.inserted' | 'rod.withdrawn' | 'rod.unverified' | 'rod.jammed'
  readonly data: Omit<Outcome, 'intent'>
}

/** One call of a driver, and how it ended. */
export interface Attempt {
  readonly target: string
  readonly contact: Exclude<Contact, 'partial' | 'asked'>
  readonly acknowledged?: {readonly ms: number; readonly detail: string}
  readonly error?: {readonly code: string; readonly reason: string}
}

/** From the facts of a move, or of asking about one (`verifyRod`), to the outcome that is recorded. */
export function settle(
  rod: string,
  {to, why, expiresAt, each, ttlMs}: Omit<Move, 'fence'>,
  contact: Contact,
  attempts: readonly Attempt[],
  watched: Watched,
): Settled {
  const facts = {contact, readBack: watched.readBack, effective: watched.effective}
  const verdict = judge(facts)
  const warning = contradiction(facts)
  const error = attempts.find(attempt => attempt.error)?.error
  const reason = error?.reason ?? (verdict === 'effective' ? undefined : each ? EACH_ITS_OWN : doubt(watched, to))
  const targets: TargetOutcome[] = watched.readings.map(reading => {
    const attempt = attempts.find(({target}) => target === reading.target)
    const wanted = each?.get(reading.target)
    return {
      target: reading.target,
      ...(wanted !== undefined && wanted !== to && {wanted}),
      ...(attempt?.acknowledged && {acknowledged: attempt.acknowledged}),
      readBack: shown(reading, watched.startTicks),
      ...(attempt?.error && {error: attempt.error}),
    }
  })
  return {
    kind: kindOf(verdict, to),
    data: {
      rod,
      to,
      why,
      ...(expiresAt !== undefined && {expiresAt}),
      ...(ttlMs !== undefined && {ttl: 'native' as const}),
      targets,
      ...(watched.seen && {effective: watched.seen}),
      ...(watched.isMasked && {masked: true}),
      ...(verdict !== 'effective' && error && {code: error.code}),
      ...(verdict !== 'effective' && reason !== undefined && {reason}),
      ...(warning !== null && {warning: error ? `${warning} (${error.reason})` : warning}),
    },
  }
}

const EACH_ITS_OWN = 'each target was set to where it was seen before; no one look shows all of that'

/** A withdrawal verified at an intermediate position leaves the rod in. */
export function kindOf(verdict: Verdict, to: Position): Settled['kind'] {
  if (verdict !== 'effective') return `rod.${verdict}`
  return to === 'withdrawn' ? 'rod.withdrawn' : 'rod.inserted'
}

function doubt({effective, seen, readings, readBack, isMasked}: Watched, to: Position): string {
  const control = readings.find(({position}) => position !== to)
  if (isMasked && readBack !== 'other') return `the probe cannot see through another rod that is in: ${seen?.evidence ?? 'masked'}`
  if (effective === 'other') return `the probe sees ${seen?.position}, not ${to}`
  if (effective === 'unknown') return `the probe cannot tell: ${seen?.evidence ?? 'no answer'}`
  if (readBack === 'other') return `the control side reads ${control?.position}, not ${to}`
  return 'no probe looked'
}

export function shown({position, instance, evidence, atTicks}: ReadBack, startTicks: number): NonNullable<TargetOutcome['readBack']> {
  return {position, ms: Math.max(Math.round(atTicks - startTicks), 0), evidence, ...(instance !== undefined && {instance})}
}
