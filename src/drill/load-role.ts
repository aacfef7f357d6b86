import {monitorEventLoopDelay} from 'node:perf_hooks'
import {iso, systemClock} from '../lib/clock.ts'
import {ask} from './ask.ts'
import {makeDraw} from './draw.ts'
import {listen} from './listen.ts'
import {type AlertState, runMonitor} from './monitor.ts'
import {PARAMETERS} from './parameters.ts'
import type {Nodes, RunningRole} from './role.ts'

/** What customers met within one second since the load began; an answer counts in the second its request was sent. */
export interface Second {
  readonly routerOk: number
  readonly routerFailed: number
  readonly apiServed: number
  readonly apiRefused: number
  readonly apiFailed: number
}

export interface LoadStats {
  readonly startedAt: string | null
  /** Pairs of requests that were due by now, sent, and left out because too many were under way. */
  readonly planned: number
  readonly sent: number
  readonly dropped: number
  readonly seconds: readonly Second[]
  readonly alert: AlertState
  /** How late this process' timers were, 99th percentile, in ms: above 100 the figures say nothing. */
  readonly lagP99Ms: number
}

/**
 * The customers: ten times a second one request to the router and one write to the API, one try each, on a fresh
 * connection. Bounded in flight and in all. `GET /stats` is the platform's memory of what its users met. The monitor,
 * which looks at the router as they do, lives in this process too.
 */
export async function runLoad(): Promise<RunningRole> {
  const stopped = new AbortController()
  const {signal} = stopped
  const lag = monitorEventLoopDelay({resolution: 10})
  const seconds: {-readonly [K in keyof Second]: number}[] = []
  const counts = {planned: 0, sent: 0, dropped: 0, inFlight: 0}
  let startedMs: number | null = null
  let startTicks = 0
  let monitor: (() => AlertState) | null = null

  function arrive(nodes: Nodes, draw: () => number) {
    const due = Math.floor(((systemClock.ticks() - startTicks) * PARAMETERS.requestsPerSecond) / 1000)
    for (; counts.planned < due && counts.planned * 2 < PARAMETERS.mostRequests; counts.planned += 1) {
      if (counts.inFlight >= PARAMETERS.mostInFlight) {
        counts.dropped += 1
        continue
      }
      counts.sent += 1
      const index = Math.floor((systemClock.ticks() - startTicks) / 1000)
      while (seconds.length <= index) seconds.push({routerOk: 0, routerFailed: 0, apiServed: 0, apiRefused: 0, apiFailed: 0})
      // The slot exists: it was pushed one line above.
      const second = seconds[index] as (typeof seconds)[number]
      void visit(`${nodes.router}/app/app${1 + Math.floor(draw() * 3)}`, 'GET').then(status => {
        second[status === 200 ? 'routerOk' : 'routerFailed'] += 1
      })
      void visit(`${nodes.apiPublic}/apps`, 'POST').then(status => {
        second[status === 200 ? 'apiServed' : status === 503 ? 'apiRefused' : 'apiFailed'] += 1
      })
    }
  }

  async function visit(url: string, method: 'GET' | 'POST'): Promise<number> {
    counts.inFlight += 1
    try {
      return (await ask(url, {method, timeoutMs: PARAMETERS.requestTimeoutMs, signal})).status
    } catch {
      return 0
    } finally {
      counts.inFlight -= 1
    }
  }

  function stats(): LoadStats {
    const {planned, sent, dropped} = counts
    return {
      startedAt: startedMs === null ? null : iso(startedMs),
      planned,
      sent,
      dropped,
      seconds,
      alert: monitor?.() ?? {firstAt: null, resolvedAt: null},
      lagP99Ms: Math.round(lag.percentile(99) / 1e6),
    }
  }

  const server = await listen(({method, path}) => (`${method} ${path}` === 'GET /stats' ? {status: 200, json: stats()} : {status: 404, json: {}}))
  let timer: NodeJS.Timeout | undefined
  return {
    ports: {port: server.port},
    meet(nodes) {
      startedMs = systemClock.now()
      startTicks = systemClock.ticks()
      lag.enable()
      const draw = makeDraw(nodes.seed)
      timer = setInterval(() => arrive(nodes, draw), 1000 / PARAMETERS.requestsPerSecond)
      monitor = runMonitor(`${nodes.router}/healthz`, signal)
    },
    close() {
      stopped.abort()
      clearInterval(timer)
      lag.disable()
      server.close()
    },
  }
}
