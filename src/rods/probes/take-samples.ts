import type {Clock} from '../../lib/clock.ts'
import {isTimeout} from '../../lib/deadline.ts'
import {SAMPLE_EVERY_MS} from './limits.ts'

/** What one request met. `unclear`: no answer, or one that is neither. */
export type Sample = 'refused' | 'admitted' | 'unclear'

export interface Tally {
  readonly taken: number
  readonly refused: number
  readonly unclear: number
}

export interface Sampling {
  readonly samples: number
  readonly sample: (signal: AbortSignal) => Promise<Sample>
  /** Asked after every tenth: what has been seen settles it, however the others would end. */
  readonly isSettled: (tally: Tally) => boolean
  /** Stops there, with what it has. */
  readonly longestMs: number
  readonly clock: Clock
}

/** One that answers slowly gets fewer a second. */
const MOST_AT_ONCE = 50

/**
 * Sends samples, at most 50 a second, until all are taken or the tally settles it. They count in the order in which they
 * were sent: refusals answer sooner than work that is done, so the first to arrive are not a fair sample. A deadline ends
 * it with what it has; a person's abort passes through. Nothing is under way any more when this returns.
 */
export async function takeSamples({samples, sample, isSettled, longestMs, clock}: Sampling, signal: AbortSignal): Promise<Tally> {
  const enough = new AbortController()
  const ending = AbortSignal.any([signal, enough.signal])
  const ended: (Sample | undefined)[] = []
  const underWay = new Set<Promise<void>>()
  const broken: {error?: unknown} = {}
  let tally: Tally = {taken: 0, refused: 0, unclear: 0}
  const count = (sample: Sample, index: number) => {
    ended[index] = sample
    for (let next = ended[tally.taken]; next !== undefined && !enough.signal.aborted; next = ended[tally.taken]) {
      tally = {taken: tally.taken + 1, refused: tally.refused + Number(next === 'refused'), unclear: tally.unclear + Number(next === 'unclear')}
      if (tally.taken === samples || (tally.taken % 10 === 0 && isSettled(tally))) enough.abort()
    }
  }
  const launch = (index: number) => {
    const run = sample(ending).then(
      one => {
        if (!signal.aborted) count(one, index) // cut off by a deadline, it would look like silence
      },
      error => {
        if (enough.signal.aborted) return
        broken.error = error
        enough.abort()
      },
    )
    const tracked: Promise<void> = run.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }
  try {
    const startTicks = clock.ticks()
    let nextTicks = startTicks
    for (let index = 0; index < samples && !enough.signal.aborted; index++) {
      await clock.sleep(Math.max(nextTicks - clock.ticks(), 0), ending)
      while (underWay.size >= MOST_AT_ONCE) await Promise.race(underWay)
      if (ending.aborted || clock.ticks() - startTicks >= longestMs) break
      nextTicks = Math.max(nextTicks, clock.ticks()) + SAMPLE_EVERY_MS
      launch(index)
    }
    await Promise.all(underWay)
  } catch (error) {
    if (!ending.aborted) throw error
  } finally {
    enough.abort()
    await Promise.all(underWay)
  }
  if (signal.aborted && !isTimeout(signal.reason)) throw signal.reason
  if ('error' in broken) throw broken.error
  return tally
}
