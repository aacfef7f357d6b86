import {systemClock} from '../lib/clock.ts'
import {ask} from './ask.ts'
import {makeDraw} from './draw.ts'
import {PARAMETERS} from './parameters.ts'
import type {PerSecond} from './per-second.ts'

export interface RouterClientStats {
  /** Requests that were due by now, sent, and left out because too many were under way. */
  readonly planned: number
  readonly sent: number
  readonly dropped: number
}

/**
 * Users of the applications: ten requests a second to the router, one try each, on a fresh connection. Their share of
 * 200s **is** the impact. They follow the clock, not the answers. Bounded in flight and in all.
 */
export class RouterClients {
  readonly #url: string
  readonly #draw: () => number
  readonly #ledger: PerSecond
  readonly #stopped = new AbortController()
  readonly #startTicks = systemClock.ticks()
  readonly #counts = {planned: 0, sent: 0, dropped: 0}
  readonly #timer: NodeJS.Timeout
  #inFlight = 0

  /** Begins at once. */
  constructor({url, seed, ledger}: {url: string; seed: number; ledger: PerSecond}) {
    this.#url = url
    this.#draw = makeDraw(seed)
    this.#ledger = ledger
    this.#timer = setInterval(() => this.#arrive(), 1000 / PARAMETERS.routerRequestsPerSecond)
  }

  stop(): void {
    this.#stopped.abort()
    clearInterval(this.#timer)
  }

  get stats(): RouterClientStats {
    return {...this.#counts}
  }

  #arrive(): void {
    const counts = this.#counts
    const due = Math.floor(((systemClock.ticks() - this.#startTicks) * PARAMETERS.routerRequestsPerSecond) / 1000)
    for (; counts.planned < due && counts.planned < PARAMETERS.mostRouterRequests; counts.planned += 1) {
      if (this.#inFlight >= PARAMETERS.mostInFlight) {
        counts.dropped += 1
        continue
      }
      counts.sent += 1
      void this.#visit(`${this.#url}/app/app${1 + Math.floor(this.#draw() * 3)}`)
    }
  }

  /** Never rejects. */
  async #visit(url: string): Promise<void> {
    const meet = this.#ledger.at(systemClock.ticks())
    this.#inFlight += 1
    try {
      const {status} = await ask(url, {timeoutMs: PARAMETERS.routerTimeoutMs, signal: this.#stopped.signal})
      meet(status === 200 ? 'routerOk' : 'routerFailed')
    } catch {
      meet('routerFailed')
    } finally {
      this.#inFlight -= 1
    }
  }
}
