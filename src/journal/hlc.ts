/** Hybrid logical clock: wall milliseconds and a counter, so that order survives a clock that stands still or steps back. */
export type Hlc = readonly [ms: number, count: number]

/** A record further ahead of our wall clock than this is stored, but does not drag our own clock along. */
export const MAX_SKEW_MS = 60_000

/** The next reading: the larger of the wall and what was last seen; never one that was given out before. */
export function nextHlc(wallMs: number, last: Hlc | undefined): Hlc {
  if (!last || last[0] < wallMs) return [wallMs, 0]
  return [last[0], last[1] + 1]
}

export function laterHlc(a: Hlc | undefined, b: Hlc | undefined): Hlc | undefined {
  if (!a || !b) return a ?? b
  return (a[0] - b[0] || a[1] - b[1]) >= 0 ? a : b
}
