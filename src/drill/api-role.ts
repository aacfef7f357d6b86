import {systemClock} from '../lib/clock.ts'
import {type Answer, type Call, listen} from './listen.ts'
import {PARAMETERS} from './parameters.ts'
import type {RunningRole} from './role.ts'
import {makeWorkQueue} from './work-queue.ts'

export interface ApiStats {
  readonly maintenance: boolean
  /** 200s to customers and probes. */
  readonly served: number
  /** 503s because of the rod. */
  readonly refused: number
  /** 503s because the queue was full. */
  readonly overloaded: number
  /** Waiting in the work queue now. */
  readonly queue: number
  /** Snapshot pages made for the router. */
  readonly pages: number
}

/**
 * The platform's API. Public port: `GET|POST /apps`, 200, or 503 with `Retry-After` and `X-Rod` while in maintenance: the
 * mark tells the rod's refusal from any other. Admin port: `GET|PUT|PATCH /admin/maintenance {"maintenance": boolean}`
 * (absolute, so twice is once), `GET /stats`, and `GET /snapshot`, a page of the router's data.
 */
export async function runApi(): Promise<RunningRole> {
  const queue = makeWorkQueue(systemClock, PARAMETERS.longestQueue)
  const counts = {served: 0, refused: 0, overloaded: 0, pages: 0}
  let maintenance = false

  async function publicAnswer({method, path}: Call): Promise<Answer> {
    if (path !== '/apps' || !(method === 'GET' || method === 'POST')) return notHere
    if (maintenance) {
      counts.refused += 1
      return {status: 503, json: {error: 'the API is in maintenance mode'}, headers: {...wait, 'x-rod': 'api-maintenance'}}
    }
    if (method === 'POST' && !(await queue.work(PARAMETERS.writeMs))) {
      counts.overloaded += 1
      return {status: 503, json: {error: 'too many requests are waiting'}, headers: wait}
    }
    counts.served += 1
    return {status: 200, json: {apps: ['app1', 'app2', 'app3']}}
  }

  async function adminAnswer({method, path, body}: Call): Promise<Answer> {
    switch (`${method} ${path}`) {
      case 'GET /admin/maintenance':
        return {status: 200, json: {maintenance}}
      case 'PUT /admin/maintenance':
      case 'PATCH /admin/maintenance': {
        const wanted = body instanceof Object && 'maintenance' in body ? body.maintenance : undefined
        if (typeof wanted !== 'boolean') return {status: 422, json: {error: '"maintenance" must be true or false'}}
        maintenance = wanted
        return {status: 200, json: {maintenance}}
      }
      case 'GET /stats':
        return {status: 200, json: {maintenance, ...counts, queue: queue.length()} satisfies ApiStats}
      case 'GET /snapshot':
        if (!(await queue.work(PARAMETERS.pageMs))) return {status: 503, json: {error: 'too many requests are waiting'}, headers: wait}
        counts.pages += 1
        return {status: 200, json: {routes: 1}}
      default:
        return notHere
    }
  }

  const [open, admin] = await Promise.all([listen(publicAnswer), listen(adminAnswer)])
  return {
    ports: {port: open.port, adminPort: admin.port},
    meet: () => undefined,
    close() {
      open.close()
      admin.close()
    },
  }
}

const notHere: Answer = {status: 404, json: {error: 'no such path'}}
const wait = {'retry-after': String(PARAMETERS.retryAfterSeconds)}
