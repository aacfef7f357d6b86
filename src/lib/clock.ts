/**
 * The only source of time. Everything that waits or reads a clock is handed one, so that a test, a drill or a runbook
 * test can run two hours in a millisecond.
 */
export interface Clock {
  /** Wall clock, epoch milliseconds. May step; never used for durations inside one process. */
  now(): number
  /** Monotonic milliseconds, for durations inside this process. */
  ticks(): number
  /**
   * Resolves after `ms` (0 or more; above 2^31−1 it wakes in slices, because setTimeout would fire at once).
   * @throws the signal's reason when aborted
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  async sleep(ms, signal) {
    let left = Math.max(ms, 0)
    do {
      const slice = Math.min(left, LONGEST_TIMER_MS)
      await nap(slice, signal)
      left -= slice
    } while (left > 0)
  },
}

function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, {once: true})
  })
}

/** The one written form of an instant: RFC 3339, UTC, milliseconds (`2012-06-07T15:52:41.000Z`). */
export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
