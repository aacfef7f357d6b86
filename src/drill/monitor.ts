import {iso, systemClock} from '../lib/clock.ts'
import {ask} from './ask.ts'
import {PARAMETERS} from './parameters.ts'

export interface AlertState {
  /** When the first alert of this drill fired; null when none did. */
  readonly firstAt: string | null
  /** When the router was healthy again after it; null before that. */
  readonly resolvedAt: string | null
}

/**
 * Asks `/healthz` until the signal ends it. The alert fires at the second failure in a row, as one lost packet must not
 * wake anybody. Returns how to read what it knows.
 */
export function runMonitor(url: string, signal: AbortSignal): () => AlertState {
  let state: AlertState = {firstAt: null, resolvedAt: null}
  // An abort is the only way out of the loop.
  watch(url, signal, change => {
    state = change(state)
  }).catch(() => undefined)
  return () => state
}

async function watch(url: string, signal: AbortSignal, tell: (change: (state: AlertState) => AlertState) => void): Promise<void> {
  for (let failures = 0; ; ) {
    const healthy = await ask(url, {timeoutMs: PARAMETERS.monitorEveryMs, signal}).then(
      ({status}) => status === 200,
      () => false,
    )
    signal.throwIfAborted()
    failures = healthy ? 0 : failures + 1
    const at = iso(systemClock.now())
    if (failures === PARAMETERS.alertAfter) tell(state => ({firstAt: state.firstAt ?? at, resolvedAt: null}))
    if (healthy) tell(state => (state.firstAt !== null && state.resolvedAt === null ? {...state, resolvedAt: at} : state))
    await systemClock.sleep(PARAMETERS.monitorEveryMs, signal)
  }
}
