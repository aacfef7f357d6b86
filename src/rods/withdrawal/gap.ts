/** One moment on both clocks: the monotonic one measures, the wall clock goes on while the machine is suspended. */
export interface Moment {
  readonly ticks: number
  readonly wallMs: number
}

/**
 * For how long nobody looked: the larger of wall and monotonic difference. A wall clock that went back says nothing about
 * how long it was, so that counts as for ever.
 */
export function gapBetween(last: Moment, now: Moment): number {
  const wallMs = now.wallMs - last.wallMs
  return wallMs < 0 ? Number.POSITIVE_INFINITY : Math.max(wallMs, now.ticks - last.ticks)
}
