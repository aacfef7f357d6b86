import {systemClock} from '../lib/clock.ts'
import {ApiDoor, type DoorSetting, doorSettingIn} from './api-door.ts'
import {ask} from './ask.ts'
import {makeDraw} from './draw.ts'
import {timersLate} from './late-timers.ts'
import {type Answer, type Call, listen} from './listen.ts'
import {DEFAULT_SEED, PARAMETERS} from './parameters.ts'
import type {Nodes, RunningRole} from './role.ts'

/** What the API answers to `GET /stats`. Probes come through the same door and are counted as everybody is. */
export interface ApiStats {
  /** Let in by both rods; each ends as `ok` or `failed`. */
  readonly admitted: number
  /** 503s because of a rod. */
  readonly refused: number
  /** 200s. */
  readonly ok: number
  /** Who left before the answer, and whom the manager did not serve. */
  readonly failed: number
  readonly lag_p99_ms: number
}

/**
 * The platform's API. Public port: `POST /apps` is a write of the manager, `GET /apps` is answered at once; both pass the
 * rods, and a refusal is 503 with `Retry-After` and `X-Rod`, which tells one rod from the other and from a failure. A
 * client that leaves cancels its write. Admin port: `PATCH /admin/maintenance {"maintenance": 0…100, "rate": n | null}`
 * (absolute, either or both), `GET` reads both back; `GET /stats`.
 */
export async function runApi(): Promise<RunningRole> {
  const lag = timersLate()
  const counts = {admitted: 0, refused: 0, ok: 0, failed: 0}
  let door = new ApiDoor(makeDraw(DEFAULT_SEED))
  let manager: string | null = null

  async function publicAnswer({method, path, gone}: Call): Promise<Answer> {
    if (path !== '/apps' || !(method === 'GET' || method === 'POST')) return notHere
    const rod = door.refuses(systemClock.ticks())
    if (rod !== null) {
      counts.refused += 1
      return {status: 503, json: {error: 'the API does not take all requests at the moment'}, headers: {'retry-after': RETRY_AFTER, 'x-rod': rod}}
    }
    counts.admitted += 1
    const isServed = method === 'GET' || (await write(manager, gone))
    counts[isServed ? 'ok' : 'failed'] += 1
    return isServed ? {status: 200, json: {apps: ['app1', 'app2', 'app3']}} : {status: 502, json: {error: 'the manager did not take it'}}
  }

  function adminAnswer({method, path, body}: Call): Answer {
    switch (`${method} ${path}`) {
      case 'GET /admin/maintenance':
        return {status: 200, json: door.setting satisfies DoorSetting}
      case 'PATCH /admin/maintenance': {
        const wanted = doorSettingIn(body)
        if (typeof wanted === 'string') return {status: 422, json: {error: wanted}}
        door.set(wanted, systemClock.ticks())
        return {status: 200, json: door.setting}
      }
      case 'GET /stats':
        return {status: 200, json: {...counts, lag_p99_ms: lag.p99Ms()} satisfies ApiStats}
      default:
        return notHere
    }
  }

  const [open, admin] = await Promise.all([listen(publicAnswer), listen(adminAnswer)])
  return {
    ports: {port: open.port, adminPort: admin.port},
    meet(nodes: Nodes) {
      door = new ApiDoor(makeDraw(nodes.seed))
      manager = nodes.manager
    },
    close() {
      lag.stop()
      open.close()
      admin.close()
    },
  }
}

/** False when it was not carried out, or nobody is left to hear of it. */
async function write(manager: string | null, gone: AbortSignal): Promise<boolean> {
  if (manager === null) return false
  try {
    const {status} = await ask(`${manager}/write`, {method: 'POST', timeoutMs: PARAMETERS.writeTimeoutMs, signal: gone})
    return status === 200 && !gone.aborted
  } catch {
    return false
  }
}

const RETRY_AFTER = String(PARAMETERS.retryAfterSeconds)
const notHere: Answer = {status: 404, json: {error: 'no such path'}}
