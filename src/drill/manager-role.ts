import {systemClock} from '../lib/clock.ts'
import {timersLate} from './late-timers.ts'
import {type Answer, type Call, listen} from './listen.ts'
import {PARAMETERS} from './parameters.ts'
import type {RunningRole} from './role.ts'
import {makeWorkQueue} from './work-queue.ts'

/** What the manager answers to `GET /stats`, which is not queued: a guard reads `q`. */
export interface ManagerStats {
  /** Waiting or being worked on. */
  readonly q: number
  /** Number of the newest record; each write makes one. */
  readonly seq: number
  /** Snapshot pages and writes that were worked off, wasted ones included. */
  readonly snapshots: number
  readonly writes: number
  /** Worked off for somebody who had left. */
  readonly wasted: number
  readonly oldest_ms: number
  readonly lag_p99_ms: number
}

/**
 * The platform's manager: `POST /write` answers `{seq}`, `GET /snapshot?page=0…9` one page of the router's data. Both wait in
 * its one work queue, and whoever leaves meanwhile keeps the place: the work is done all the same, for nobody. That is how
 * a queue longer than the patience of those in it does nothing useful any more.
 */
export async function runManager(): Promise<RunningRole> {
  const queue = makeWorkQueue(systemClock, PARAMETERS.longestQueue)
  const lag = timersLate()
  const counts = {seq: 0, snapshots: 0, writes: 0, wasted: 0}

  async function work(kind: 'snapshots' | 'writes', ms: number, gone: AbortSignal): Promise<boolean> {
    if (!(await queue.work(ms))) return false
    counts[kind] += 1
    if (gone.aborted) counts.wasted += 1
    return true
  }

  async function answer({method, path, gone}: Call): Promise<Answer> {
    const {pathname, searchParams} = new URL(path, 'http://127.0.0.1')
    switch (`${method} ${pathname}`) {
      case 'POST /write': {
        if (!(await work('writes', PARAMETERS.writeMs, gone))) return full
        counts.seq += 1
        return {status: 200, json: {seq: counts.seq}}
      }
      case 'GET /snapshot': {
        const page = Number(searchParams.get('page') ?? 0)
        if (!(Number.isInteger(page) && page >= 0 && page < PARAMETERS.pages)) return {status: 422, json: {error: `pages are 0 to ${PARAMETERS.pages - 1}`}}
        if (!(await work('snapshots', PARAMETERS.pageMs, gone))) return full
        return {status: 200, json: {as_of: counts.seq, page, pages: PARAMETERS.pages}}
      }
      case 'GET /stats':
        return {status: 200, json: {q: queue.length(), ...counts, oldest_ms: queue.oldestMs(), lag_p99_ms: lag.p99Ms()} satisfies ManagerStats}
      default:
        return {status: 404, json: {error: 'no such path'}}
    }
  }

  const server = await listen(answer)
  return {
    ports: {port: server.port},
    meet: () => undefined,
    close() {
      lag.stop()
      server.close()
    },
  }
}

const full: Answer = {status: 503, json: {error: 'too many are waiting'}}
