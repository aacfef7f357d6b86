/** Numbers that both the probes and the checks of the workspace need; nothing is loaded for them. */

/** Samples are load on a system in trouble: at most 50 a second. */
export const SAMPLE_EVERY_MS = 20

/** Three standard deviations of a share of one half, in points: the least tolerance so many samples allow. */
export function leastTolerance(samples: number): number {
  return 150 / Math.sqrt(samples)
}

/** A window of seconds holds a request more or less than its share; more than a fifth too many is another rate. */
export const RATE_SLACK = 1.2
/** So many requests a window must hold: a fifth of five is the one that its edge may add. */
export const LEAST_COUNTED = 5
