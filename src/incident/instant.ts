import type {Stamp} from './state.ts'
import {BASES, type Basis} from './words.ts'

/** A point in time with what is known about it; all of it stays with the number until it is printed. */
export interface Instant {
  readonly atMs: number
  readonly basis: Basis
  /** Printed with `~`: said so, estimated or assumed. */
  readonly approx: boolean
  /** Half-width of what is known, in milliseconds. */
  readonly precisionMs: number
  /** The event it came from; null for "now". */
  readonly entry: string | null
}

/** What is written within this time of happening was recorded; later somebody told it. */
const AT_ONCE_MS = 60_000
const RECORDED_MS = 1
/** Nobody said how exactly they know a time they told: to the minute, as people tell times. */
const TOLD_MS = 60_000

type Known = Pick<Stamp, 'at' | 'recorded' | 'basis' | 'approx' | 'precisionMs'>

export function basisOf({at, recorded, basis}: Known): Basis {
  return basis ?? (isBackdated({at, recorded}) ? 'stated' : 'recorded')
}

/** The time was given after the fact: `†` in a timeline. */
export function isBackdated({at, recorded, basis}: Known): boolean {
  return Date.parse(recorded) - Date.parse(at) > AT_ONCE_MS || isGuess(basis)
}

export function instantOf(stamp: Known & Partial<Pick<Stamp, 'entry'>>): Instant {
  const basis = basisOf(stamp)
  return {
    atMs: Date.parse(stamp.at),
    basis,
    approx: (stamp.approx ?? false) || isGuess(basis),
    precisionMs: stamp.precisionMs ?? (basis === 'recorded' ? RECORDED_MS : TOLD_MS),
    entry: stamp.entry ?? null,
  }
}

/** The present as the end of something that goes on. */
export function presently(nowMs: number): Instant {
  return {atMs: nowMs, basis: 'recorded', approx: false, precisionMs: RECORDED_MS, entry: null}
}

/** A number takes the worst basis of what it is made of. */
export function worstBasis(bases: readonly Basis[]): Basis {
  return bases.reduce<Basis>((worst, basis) => (BASES.indexOf(basis) > BASES.indexOf(worst) ? basis : worst), 'recorded')
}

export function earliest(instants: readonly (Instant | null | undefined)[]): Instant | null {
  return instants.reduce<Instant | null>((first, each) => (each && (first === null || each.atMs < first.atMs) ? each : first), null)
}

function isGuess(basis: Basis | undefined): boolean {
  return basis === 'estimated' || basis === 'assumed'
}
