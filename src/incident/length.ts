import {type Instant, worstBasis} from './instant.ts'
import type {Basis} from './words.ts'

/** A duration with what is known about it. Whole milliseconds; rounded only when it is printed. */
export interface Length {
  readonly ms: number
  readonly basis: Basis
  readonly approx: boolean
  /** The worst half-width of its ends: it is never printed finer. */
  readonly precisionMs: number
  /** Sum of the half-widths of its ends: a value that is not larger than this is not known. */
  readonly slackMs: number
  /** Its end is "now". */
  readonly isSoFar: boolean
}

/** Half-open: from the first instant up to, and without, the second. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
  /** It was still going on when it was looked at. */
  readonly isOpen: boolean
}

/** Null when there is no span: nothing recorded is not a length of zero. */
export function lengthOf(spans: readonly Span[]): Length | null {
  if (spans.length === 0) return null
  const ends = spans.flatMap(({from, to}) => [from, to])
  return {
    ms: spans.reduce((sum, {from, to}) => sum + to.atMs - from.atMs, 0),
    basis: worstBasis(ends.map(({basis}) => basis)),
    approx: ends.some(({approx}) => approx),
    precisionMs: worstPrecision(ends),
    slackMs: ends.reduce((sum, {precisionMs}) => sum + precisionMs, 0),
    isSoFar: spans.some(({isOpen}) => isOpen),
  }
}

/** Folded, not spread into `Math.max`: a long history has more ends than a call takes arguments. */
export function worstPrecision(ends: readonly {readonly precisionMs: number}[]): number {
  return ends.reduce((worst, {precisionMs}) => Math.max(worst, precisionMs), 0)
}

export function between(from: Instant, to: Instant, isOpen = false): Length {
  return {
    ms: to.atMs - from.atMs,
    basis: worstBasis([from.basis, to.basis]),
    approx: from.approx || to.approx,
    precisionMs: Math.max(from.precisionMs, to.precisionMs),
    slackMs: from.precisionMs + to.precisionMs,
    isSoFar: isOpen,
  }
}

/** Whether its ends are too uncertain to say anything: an alert at ~15:52:51 ±1m was not "10s after" 15:52:41. */
export function isUncertain({ms, slackMs}: Length): boolean {
  return Math.abs(ms) <= slackMs
}

/** Overlapping and touching spans made one each, in order: a union, never a sum. */
export function union(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => a.from.atMs - b.from.atMs)) {
    const last = merged.at(-1)
    if (!last || span.from.atMs > last.to.atMs) merged.push(span)
    else if (span.to.atMs > last.to.atMs) merged[merged.length - 1] = {from: last.from, to: span.to, isOpen: last.isOpen || span.isOpen}
  }
  return merged
}
