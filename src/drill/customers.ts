import {monitorEventLoopDelay} from 'node:perf_hooks'
import {iso, systemClock} from '../lib/clock.ts'
import {ask} from './ask.ts'
import {makeDraw} from './draw.ts'
import {PARAMETERS} from './parameters.ts'
import type {Nodes} from './role.ts'

/** What customers met within one second since the load began; an answer counts in the second its request was sent. */
export interface Second {
  readonly routerOk: number
  readonly routerFailed: number
  readonly apiServed: number
  readonly apiRefused: number
  readonly apiFailed: number
}

export interface CustomerStats {
  readonly startedAt: string | null
  /** Pairs of requests that were due by now, sent, and left out because too many were under way. */
  readonly planned: number
  readonly sent: number
  readonly dropped: number
  readonly seconds: readonly Second[]
  /** How late this process' timers were, 99th percentile, in ms: above 100 the figures say nothing. */
  readonly lagP99Ms: number
}

type Counting = {-readonly [K in keyof Second]: number}

/**
 * Ten times a second one request to the router and one write to the API, one try each, on a fresh connection. Arrivals
 * follow the clock, not the answers: a platform that is slow is not asked more gently. Bounded in flight and in all.
 */
export class Customers {
  readonly #stopped = new AbortController()
  readonly #lag = monitorEventLoopDelay({resolution: 10})
  readonly #seconds: Counting[] = []
  readonly #counts = {planned: 0, sent: 0, dropped: 0, inFlight: 0}
  #startedAt: string | null = null
  #startTicks = 0
  #timer: NodeJS.Timeout | undefined

  start(nodes: Nodes): void {
    const draw = makeDraw(nodes.seed)
    this.#startedAt = iso(systemClock.now())
    this.#startTicks = systemClock.ticks()
    this.#lag.enable()
    this.#timer = setInterval(() => this.#arrive(nodes, draw), 1000 / PARAMETERS.requestsPerSecond)
  }

  stop(): void {
    this.#stopped.abort()
    clearInterval(this.#timer)
    this.#lag.disable()
  }

  get stats(): CustomerStats {
    const {planned, sent, dropped} = this.#counts
    return {startedAt: this.#startedAt, planned, sent, dropped, seconds: this.#seconds, lagP99Ms: Math.round(this.#lag.percentile(99) / 1e6)}
  }

  #arrive(nodes: Nodes, draw: () => number): void {
    const passedMs = systemClock.ticks() - this.#startTicks
    const due = Math.floor((passedMs * PARAMETERS.requestsPerSecond) / 1000)
    const counts = this.#counts
    for (; counts.planned < due && counts.planned * 2 < PARAMETERS.mostRequests; counts.planned += 1) {
      if (counts.inFlight >= PARAMETERS.mostInFlight) {
        counts.dropped += 1
        continue
      }
      counts.sent += 1
      const second = this.#second(Math.floor(passedMs / 1000))
      void this.#visit(`${nodes.router}/app/app${1 + Math.floor(draw() * 3)}`, 'GET').then(status => {
        second[status === 200 ? 'routerOk' : 'routerFailed'] += 1
      })
      void this.#visit(`${nodes.apiPublic}/apps`, 'POST').then(status => {
        second[status === 200 ? 'apiServed' : status === 503 ? 'apiRefused' : 'apiFailed'] += 1
      })
    }
  }

  #second(index: number): Counting {
    while (this.#seconds.length <= index) this.#seconds.push({routerOk: 0, routerFailed: 0, apiServed: 0, apiRefused: 0, apiFailed: 0})
    // It was pushed one line above at the latest.
    return this.#seconds[index] as Counting
  }

  /** The status, or 0 without an answer. Never rejects. */
  async #visit(url: string, method: 'GET' | 'POST'): Promise<number> {
    this.#counts.inFlight += 1
    try {
      return (await ask(url, {method, timeoutMs: PARAMETERS.requestTimeoutMs, signal: this.#stopped.signal})).status
    } catch {
      return 0
    } finally {
      this.#counts.inFlight -= 1
    }
  }
}
