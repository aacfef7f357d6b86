import {type CustomerStats, Customers} from './customers.ts'
import {listen} from './listen.ts'
import {type AlertState, runMonitor} from './monitor.ts'
import type {RunningRole} from './role.ts'

export interface LoadStats extends CustomerStats {
  readonly alert: AlertState
}

/**
 * The customers, and the monitor that looks at the router as they do. `GET /stats` is the platform's memory of what its
 * users met.
 */
export async function runLoad(): Promise<RunningRole> {
  const customers = new Customers()
  const stopped = new AbortController()
  let alert: () => AlertState = () => ({firstAt: null, resolvedAt: null})
  const server = await listen(({method, path}) =>
    `${method} ${path}` === 'GET /stats'
      ? {status: 200, json: {...customers.stats, alert: alert()} satisfies LoadStats}
      : {status: 404, json: {error: 'no such path'}},
  )
  return {
    ports: {port: server.port},
    meet(nodes) {
      customers.start(nodes)
      alert = runMonitor(`${nodes.router}/healthz`, stopped.signal)
    },
    close() {
      customers.stop()
      stopped.abort()
      server.close()
    },
  }
}
