import {iso, systemClock} from '../lib/clock.ts'
import {type CustomerStats, Customers} from './customers.ts'
import {timersLate} from './late-timers.ts'
import {listen} from './listen.ts'
import {type AlertState, runMonitor} from './monitor.ts'
import {PerSecond, type Second} from './per-second.ts'
import type {Nodes, RunningRole} from './role.ts'
import {type RouterClientStats, RouterClients} from './router-clients.ts'

export interface LoadStats {
  readonly startedAt: string
  readonly customers: CustomerStats
  /** Null without a router. */
  readonly routerClients: RouterClientStats | null
  readonly seconds: readonly Second[]
  readonly alert: AlertState
  readonly lagP99Ms: number
}

interface Load {
  stats(): Omit<LoadStats, 'lagP99Ms'>
  stop(): void
}

/**
 * Customers of the API, users of the applications, and the monitor that looks at the router as they do. `GET /stats` is
 * the platform's memory of what they met; 503 before the load has begun.
 */
export async function runLoad(): Promise<RunningRole> {
  const lag = timersLate()
  let load: Load | null = null
  const server = await listen(({method, path}) => {
    if (`${method} ${path}` !== 'GET /stats') return {status: 404, json: {error: 'no such path'}}
    if (load === null) return {status: 503, json: {error: 'the load has not begun'}}
    return {status: 200, json: {...load.stats(), lagP99Ms: lag.p99Ms()} satisfies LoadStats}
  })
  return {
    ports: {port: server.port},
    meet(nodes) {
      load ??= begin(nodes)
    },
    close() {
      load?.stop()
      lag.stop()
      server.close()
    },
  }
}

function begin({apiPublic, router, seed, customersPerSecond}: Nodes): Load {
  const startedAt = iso(systemClock.now())
  const ledger = new PerSecond(systemClock.ticks())
  const stopped = new AbortController()
  const customers = new Customers({url: `${apiPublic}/apps`, perSecond: customersPerSecond, ledger})
  const routerClients = router === null ? null : new RouterClients({url: router, seed, ledger})
  const alert = router === null ? () => ({firstAt: null, resolvedAt: null}) : runMonitor(`${router}/healthz`, stopped.signal)
  return {
    stats: () => ({startedAt, customers: customers.stats, routerClients: routerClients?.stats ?? null, seconds: ledger.seconds, alert: alert()}),
    stop() {
      customers.stop()
      routerClients?.stop()
      stopped.abort()
    },
  }
}
