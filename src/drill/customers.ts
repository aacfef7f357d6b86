import {systemClock} from '../lib/clock.ts'
import {isTimeout} from '../lib/deadline.ts'
import {ask} from './ask.ts'
import {PARAMETERS} from './parameters.ts'
import type {PerSecond} from './per-second.ts'

export interface CustomerStats {
  readonly perSecond: number
  /** Due by now, and come by now: fewer come only when the load has spent all its requests. */
  readonly planned: number
  readonly arrived: number
  /** Turned away because so many were under way. */
  readonly dropped: number
  /** Under way now: asking, or waiting to ask again. */
  readonly waiting: number
  readonly served: number
  readonly refused: number
  readonly timeouts: number
  readonly failed: number
}

/**
 * Who wants something of the API. They arrive by the clock, not by the answers (a platform that is slow is not asked more
 * gently), each sends one write on a fresh connection, and **tries again until it is done**: after a 503 when `Retry-After`
 * says, after silence or a failure at once. That is what keeps an overload going when its cause is gone.
 */
export class Customers {
  readonly #url: string
  readonly #rate: number
  readonly #ledger: PerSecond
  readonly #stopped = new AbortController()
  readonly #startTicks = systemClock.ticks()
  readonly #counts = {arrived: 0, dropped: 0, waiting: 0, served: 0, refused: 0, timeouts: 0, failed: 0}
  readonly #timer: NodeJS.Timeout
  #attempts = 0

  /** Begins at once. */
  constructor({url, perSecond, ledger}: {url: string; perSecond: number; ledger: PerSecond}) {
    this.#url = url
    this.#rate = perSecond
    this.#ledger = ledger
    this.#timer = setInterval(() => this.#arrive(), PARAMETERS.arriveEveryMs)
  }

  stop(): void {
    this.#stopped.abort()
    clearInterval(this.#timer)
  }

  get stats(): CustomerStats {
    return {perSecond: this.#rate, planned: this.#due(), ...this.#counts}
  }

  /** As of the last full handful: between two of them nobody is late. */
  #due(): number {
    const handfuls = Math.floor((systemClock.ticks() - this.#startTicks) / PARAMETERS.arriveEveryMs)
    return Math.floor((handfuls * PARAMETERS.arriveEveryMs * this.#rate) / 1000)
  }

  #arrive(): void {
    const counts = this.#counts
    for (const due = this.#due(); counts.arrived < due && !this.#isSpent(); counts.arrived += 1) {
      if (counts.waiting >= PARAMETERS.mostCustomers) counts.dropped += 1
      // Only the end of the load stops a customer.
      else this.#untilServed().catch(() => undefined)
    }
  }

  async #untilServed(): Promise<void> {
    const counts = this.#counts
    counts.waiting += 1
    try {
      while (!this.#isSpent()) {
        const waitMs = await this.#attempt()
        if (waitMs === null) return
        await systemClock.sleep(waitMs, this.#stopped.signal)
      }
    } finally {
      counts.waiting -= 1
    }
  }

  /** When to come again; null: served. */
  async #attempt(): Promise<number | null> {
    this.#attempts += 1
    const meet = this.#ledger.at(systemClock.ticks())
    try {
      const {status, headers} = await ask(this.#url, {method: 'POST', timeoutMs: PARAMETERS.customerTimeoutMs, signal: this.#stopped.signal})
      if (status === 200) {
        this.#counts.served += 1
        meet('apiServed')
        return null
      }
      if (status === 503) {
        this.#counts.refused += 1
        meet('apiRefused')
        return Number(headers['retry-after'] ?? PARAMETERS.retryAfterSeconds) * 1000
      }
    } catch (error) {
      this.#stopped.signal.throwIfAborted()
      if (isTimeout(error)) {
        this.#counts.timeouts += 1
        meet('apiTimeouts')
        return PARAMETERS.retryMs
      }
    }
    this.#counts.failed += 1
    meet('apiFailed')
    return PARAMETERS.retryMs
  }

  #isSpent(): boolean {
    return this.#attempts >= PARAMETERS.mostAttempts
  }
}
