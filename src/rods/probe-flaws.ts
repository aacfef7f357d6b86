import type {Position} from '../incident/events.ts'
import {positionForm, positionNumber} from './position.ts'
import {LEAST_COUNTED, RATE_SLACK, SAMPLE_EVERY_MS} from './probes/limits.ts'
import type {Share} from './probes/share.ts'

/** What no schema can see: a share or a count that could not tell the positions of this rod apart. */
export interface Flaw {
  /** Below `http`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

interface Around {
  readonly positions: readonly Position[]
  readonly verifyMs: number
  /** The positions that `expect` names. */
  readonly expect: readonly Position[]
}

export function shareFlaws({samples, tolerance}: Share, {positions, verifyMs, expect}: Around): Flaw | null {
  if (positionForm(positions) !== 'percent') return {path: ['share'], message: `share is for percent rods; this one has ${positions.join(', ')}`}
  const other = expect.find(position => position !== 'withdrawn')
  if (other !== undefined) {
    return {path: ['expect'], message: 'beside share, expect says what an admitted request is answered: withdrawn, and nothing else'}
  }
  const shares = positions.map(position => positionNumber(position, 'percent') ?? 0)
  const step = Math.min(...shares.slice(1).map((share, i) => share - (shares[i] ?? 0)))
  if (tolerance >= step / 2) {
    const enough = Math.floor((300 / step) ** 2) + 1
    const message = `${tolerance} points reach halfway to the next position, ${step} away: both would fit; it must be below ${step / 2}, which takes ${enough} samples or more`
    return {path: ['share', 'tolerance'], message}
  }
  const longestMs = samples * SAMPLE_EVERY_MS
  if (longestMs > verifyMs) {
    const message = `${samples} samples take ${longestMs / 1000} s, at most ${1000 / SAMPLE_EVERY_MS} a second; verify.timeout is ${verifyMs / 1000} s`
    return {path: ['share', 'samples'], message}
  }
  return null
}

export function countFlaws({overMs}: {readonly overMs: number}, {positions, verifyMs, expect}: Around): Flaw | null {
  if (positionForm(positions) !== 'rate') return {path: ['count'], message: `count is for rate rods; this one has ${positions.join(', ')}`}
  const ends: readonly Position[] = positions.filter(position => position === 'withdrawn' || position === '0/s')
  const between = expect.find(position => !ends.includes(position))
  if (between !== undefined) return {path: ['expect'], message: `beside count, expect says what ${ends.join(' and ')} look like, and nothing else`}
  const missing = ends.find(end => !expect.includes(end))
  if (missing !== undefined) return {path: ['expect'], message: `expect must say what ${missing} looks like: a counter does not show it`}
  const slowest = Math.min(...positions.map(position => positionNumber(position, 'rate') ?? 0).filter(rate => rate > 0))
  const leastMs = Math.ceil((LEAST_COUNTED * 1000) / slowest)
  if (overMs < leastMs) {
    const message = `${overMs / 1000} s hold too few requests at ${slowest}/s to tell it from a rate ${RATE_SLACK} times as high; at least ${leastMs / 1000} s`
    return {path: ['count', 'over'], message}
  }
  if (overMs > verifyMs) return {path: ['count', 'over'], message: `${overMs / 1000} s are longer than verify.timeout, ${verifyMs / 1000} s`}
  return null
}
