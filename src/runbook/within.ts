import type {Clock} from '../lib/clock.ts'
import {isAbort} from '../lib/fault.ts'

/** A work that ignores its signal is given up after this: SIGTERM, 10 s, SIGKILL take longer than a polite end. */
const GRACE_MS = 15_000

/**
 * Runs `work` with a signal that fires after `limitMs` (null: never) or when `outer` does. Answers with its result even
 * when it comes late; `timeout` or `aborted` when it ended by the signal, or did not end at all within the grace.
 */
export async function within<T>(
  clock: Clock,
  limitMs: number | null,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{readonly end: 'done'; readonly value: T} | {readonly end: 'timeout' | 'aborted'}> {
  const inner = new AbortController()
  const over = new AbortController()
  let timedOut = false
  const cut = () => inner.abort(new DOMException('interrupted', 'AbortError'))
  if (outer.aborted) return {end: 'aborted'}
  outer.addEventListener('abort', cut, {once: true})
  const gaveUp = giveUp(clock, limitMs, inner, over.signal, () => {
    timedOut = true
  })
  try {
    const value = await Promise.race([work(inner.signal), gaveUp])
    return {end: 'done', value}
  } catch (error) {
    if (!inner.signal.aborted || !(error === inner.signal.reason || isAbort(error))) throw error
    return {end: timedOut ? 'timeout' : 'aborted'}
  } finally {
    outer.removeEventListener('abort', cut)
    over.abort()
  }
}

/** Never resolves: rejects once the signal fired and the grace is over. Silent when the work ended first. */
async function giveUp(clock: Clock, limitMs: number | null, inner: AbortController, over: AbortSignal, late: () => void): Promise<never> {
  const forever = new Promise<never>(() => {})
  try {
    if (limitMs === null) await aborted(inner.signal)
    else await Promise.race([clock.sleep(limitMs, over), aborted(inner.signal)])
    if (!inner.signal.aborted) {
      late()
      inner.abort(new DOMException('timed out', 'TimeoutError'))
    }
    await clock.sleep(GRACE_MS, over)
  } catch {
    return forever // the work ended first
  }
  throw inner.signal.reason
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), {once: true})
  })
}
