export interface Moment {
  readonly wallMs: number
  readonly ticks: number
}

/** A stretch of true samples, without a gap. */
export interface Hold {
  readonly since: Moment | null
  readonly last: Moment | null
  readonly count: number
}

export const noHold: Hold = {since: null, last: null, count: 0}

/** More missing samples than this and nobody can say that it held. */
const GAP_IN_SAMPLES = 3

/**
 * One sample more. A hold begins at a true sample and is met by a true one at least `forMs` later. The larger of wall and
 * monotonic difference counts as a gap (the monotonic clock stands still in suspend); wall time that goes back breaks it.
 */
export function observe(
  hold: Hold,
  isTrue: boolean,
  at: Moment,
  {forMs, everyMs}: {readonly forMs: number; readonly everyMs: number},
): {readonly hold: Hold; readonly news: 'begun' | 'broken' | 'met' | null} {
  if (!isTrue) return {hold: noHold, news: hold.since ? 'broken' : null}
  const {since, last} = hold
  if (since && last && isUnbroken(last, at, everyMs)) {
    const next = {since, last: at, count: hold.count + 1}
    return {hold: next, news: at.ticks - since.ticks >= forMs ? 'met' : null}
  }
  const fresh = {since: at, last: at, count: 1}
  return {hold: fresh, news: forMs === 0 ? 'met' : since ? 'broken' : 'begun'}
}

function isUnbroken(last: Moment, at: Moment, everyMs: number): boolean {
  const wall = at.wallMs - last.wallMs
  return wall >= 0 && Math.max(wall, at.ticks - last.ticks) <= GAP_IN_SAMPLES * everyMs
}
