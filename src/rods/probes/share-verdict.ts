import type {Position} from '../../incident/events.ts'
import type {Tally} from './take-samples.ts'

/** Shares from `least` to `most`, both 0 … 1: where a measured share must lie to fit a position. */
export interface Band {
  readonly least: number
  readonly most: number
}

/** Once in a thousand looks, at most, a position is excluded before all samples are taken although it is the right one. */
const CERTAIN = Math.log(1000)
const ROUNDING = 1e-9

/** The position in percent give or take `tolerance` points; 0 % for `withdrawn`. */
export function bandOf(position: Position, tolerance: number): Band {
  const share = position === 'withdrawn' ? 0 : Number.parseFloat(position)
  return {least: Math.max(share - tolerance, 0) / 100, most: Math.min(share + tolerance, 100) / 100}
}

/** The measured share lies in the band, whatever the unclear samples would have been. */
export function liesIn({taken, refused, unclear}: Tally, {least, most}: Band): boolean {
  return taken > 0 && refused / taken >= least - ROUNDING && (refused + unclear) / taken <= most + ROUNDING
}

/**
 * Whether more samples could change nothing that matters. Most looks of a verification meet the old position, because
 * targets lag; those end within a few dozen samples, and a new look begins that the change does not run through.
 *
 * Settled is: too many unclear samples for any position; every position excluded but confirmed ones; or, with `wanted`,
 * all excluded but one other. Agreement with `wanted` is never taken on fewer samples because others are unlikely: then
 * the tolerance is no longer the one that was chosen for so many samples.
 */
export function isSettled(tally: Tally, bands: ReadonlyMap<Position, Band>, samples: number, wanted?: Position): boolean {
  const widest = Math.max(...[...bands.values()].map(({least, most}) => most - least))
  if (tally.unclear / samples > widest) return true
  const left = [...bands].filter(([, band]) => !isExcluded(tally, band))
  const [[only] = [], ...others] = left
  if (wanted !== undefined && only !== undefined && only !== wanted && others.length === 0) return true
  return left.every(([, band]) => isConfirmed(tally, band))
}

/** Too many refusals for the band, or too few. */
function isExcluded({taken, refused, unclear}: Tally, {least, most}: Band): boolean {
  const possible = refused + unclear
  return (refused > most * taken && speaksAgainst(taken, refused, most)) || (possible < least * taken && speaksAgainst(taken, possible, least))
}

/** Every share above the band is excluded, and every one below. */
function isConfirmed({taken, refused, unclear}: Tally, {least, most}: Band): boolean {
  const possible = refused + unclear
  const isBelow = most >= 1 || (possible < most * taken && speaksAgainst(taken, possible, most))
  const isAbove = least <= 0 || (refused > least * taken && speaksAgainst(taken, refused, least))
  return isBelow && isAbove
}

/**
 * Whether `refused` of `taken` are as good as impossible at `share`, however often one asks meanwhile: the likelihood
 * ratio of all other shares, equally weighted, against this one is a martingale where this one is true, and exceeds 1,000
 * with a chance below 1/1,000 over any number of samples (Ville 1939; Robbins 1970).
 */
function speaksAgainst(taken: number, refused: number, share: number): boolean {
  const others = logFactorial(refused) + logFactorial(taken - refused) - logFactorial(taken + 1)
  const one = times(refused, Math.log(share)) + times(taken - refused, Math.log(1 - share))
  return others - one >= CERTAIN
}

/** 0 · log 0 is 0 here: what never happened needs no chance. */
const times = (count: number, log: number) => (count === 0 ? 0 : count * log)

const LOG_FACTORIALS = [0]
function logFactorial(n: number): number {
  for (let i = LOG_FACTORIALS.length; i <= n; i++) LOG_FACTORIALS.push((LOG_FACTORIALS[i - 1] ?? 0) + Math.log(i))
  return LOG_FACTORIALS[n] ?? 0
}
