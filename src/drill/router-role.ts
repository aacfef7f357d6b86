import {iso, systemClock} from '../lib/clock.ts'
import {ask} from './ask.ts'
import {type Answer, type Call, listen} from './listen.ts'
import {PARAMETERS} from './parameters.ts'
import type {Nodes, RunningRole} from './role.ts'

export interface RouterStats {
  readonly mode: 'booting' | 'live' | 'crashed'
  readonly version: 'shipped' | 'patched'
  readonly crashes: number
  readonly boots: number
  readonly brokenAt: string | null
  readonly patchedAt: string | null
  /** Since when it has been live without a break; null while it is not. */
  readonly liveAt: string | null
}

/**
 * The routing tier. It boots by reading all pages of the snapshot, one after the other, and answers `GET /app/NAME` with
 * 200 once live. `POST /break` puts the unusual record into its data: the shipped version crashes on it, boots, meets it
 * again and crashes again, and each of its boots costs the platform ten pages. `POST /deploy {"version": "patched"}` ends
 * that; the patched version knows the record.
 */
export async function runRouter(): Promise<RunningRole> {
  const stopped = new AbortController()
  let boot = new AbortController()
  let nodes: Nodes | null = null
  let hasRecord = false
  let stats: RouterStats = {mode: 'booting', version: 'shipped', crashes: 0, boots: 0, brokenAt: null, patchedAt: null, liveAt: null}
  const set = (change: Partial<RouterStats>) => {
    stats = {...stats, ...change}
  }

  function start() {
    boot.abort()
    boot = new AbortController()
    const signal = AbortSignal.any([boot.signal, stopped.signal])
    // An abort ends a boot that another one replaces; nothing else can reject.
    crashLoop(signal).catch(() => undefined)
  }

  async function crashLoop(signal: AbortSignal): Promise<void> {
    while (!(await comesUp(signal))) {
      signal.throwIfAborted()
      set({mode: 'crashed', crashes: stats.crashes + 1, liveAt: null})
      await systemClock.sleep(PARAMETERS.restartMs, signal)
    }
  }

  async function comesUp(signal: AbortSignal): Promise<boolean> {
    if (!nodes) return false
    set({mode: 'booting', boots: stats.boots + 1, liveAt: null})
    for (let page = 0; page < PARAMETERS.pages; page += 1) {
      const got = await ask(`${nodes.apiAdmin}/snapshot`, {timeoutMs: 5000, signal}).catch(() => null)
      if (got?.status !== 200) return false
    }
    if (signal.aborted || (hasRecord && stats.version === 'shipped')) return false
    set({mode: 'live', liveAt: iso(systemClock.now())})
    return true
  }

  function answer({method, path, body}: Call): Answer {
    if (method === 'GET' && path.startsWith('/app/')) {
      if (stats.mode === 'live') return {status: 200, json: {app: path.slice('/app/'.length)}}
      return {status: 503, json: {error: stats.crashes > 0 ? 'crash loop' : 'booting'}}
    }
    switch (`${method} ${path}`) {
      case 'GET /healthz':
        return {status: stats.mode === 'live' ? 200 : 503, json: stats}
      case 'GET /stats':
        return {status: 200, json: stats}
      case 'POST /break':
        hasRecord = true
        set({brokenAt: stats.brokenAt ?? iso(systemClock.now())})
        if (stats.version === 'shipped' && stats.mode === 'live') {
          set({mode: 'crashed', crashes: stats.crashes + 1, liveAt: null})
          start()
        }
        return {status: 200, json: stats}
      case 'POST /deploy': {
        const version = body instanceof Object && 'version' in body ? body.version : undefined
        if (version !== 'patched') return {status: 422, json: {error: '"version" must be "patched"'}}
        if (stats.version !== 'patched') {
          set({version, patchedAt: iso(systemClock.now())})
          if (stats.mode !== 'live') start()
        }
        return {status: 200, json: stats}
      }
      default:
        return {status: 404, json: {error: 'no such path'}}
    }
  }

  const server = await listen(answer)
  return {
    ports: {port: server.port},
    meet(met) {
      nodes = met
      start()
    },
    close() {
      stopped.abort()
      server.close()
    },
  }
}
