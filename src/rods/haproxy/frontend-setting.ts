import type {Position} from '../../incident/events.ts'
import type {ValueMap} from '../value-map.ts'
import {rowsByHeader, type Setting, type Shown, wordAt} from './setting.ts'

const can = {named: true, percent: false, rate: false, cas: false, ttl: false, survivesRestart: false}

/** Whether a frontend listens at all. Clients meet a refused connection, no 503 and no Retry-After. */
export function listeningSetting(frontend: string, stopped: Position): Setting {
  return {
    can,
    level: 'admin',
    setLine: to => `${to === 'withdrawn' ? 'enable' : 'disable'} frontend ${frontend}`,
    already: ['All sockets are already disabled.', 'All sockets are already enabled.'],
    readLine: `show stat ${frontend} 1 -1`,
    read(answer): Shown {
      const status = column(answer, 'status')
      const position = status === 'OPEN' ? 'withdrawn' : status === 'PAUSED' ? stopped : 'unknown'
      return {position, says: position === 'unknown' ? `no frontend ${frontend} is shown as open or paused` : `${frontend} is ${status}`}
    },
    advice: [
      'a reload or restart of HAProxy listens again',
      'clients meet a refused connection: no 503, no Retry-After; where HAProxy inherited the socket (bind fd@, socket activation) they hang instead',
    ],
  }
}

/**
 * How many connections a frontend serves at once; what is above waits in the kernel's queue.
 *
 * To give a frontend that is full more room hung HAProxy 2.6.12 until its own watchdog killed it, every time (haproxy#2726,
 * fixed before 3.1): there the move is refused. One that fills up between that look and the call is not caught.
 */
export function maxconnSetting(frontend: string, limits: ValueMap): Setting {
  return {
    can,
    level: 'admin',
    setLine: to => `set maxconn frontend ${frontend} ${wordAt(limits, to)}`,
    already: [],
    readLine: `show stat ${frontend} 1 -1`,
    read(answer): Shown {
      const status = column(answer, 'status')
      const limit = column(answer, 'slim')
      if (limit === null || !/^\d{1,9}$/.test(limit)) return {position: 'unknown', says: `no frontend ${frontend} is shown`}
      // Whatever its limit: one that does not listen serves nobody.
      if (status !== 'OPEN') return {position: 'unknown', says: `${frontend} has maxconn ${limit} and is not open`}
      return {position: limits.positionOf(Number(limit)), says: `${frontend} has maxconn ${limit}`}
    },
    objection({answer, release}, to) {
      const [used, limit] = [Number(column(answer, 'scur')), Number(column(answer, 'slim'))]
      const isFull = used >= limit && Number(limits.valueAt(to)) > limit
      if (!isFull || hasFix(release)) return null
      return `${frontend} is full (${used} of ${limit}), and more room would hang this HAProxy for good (haproxy#2726): reload it instead, that goes back to the configured maxconn`
    },
    advice: [
      'a reload or restart of HAProxy goes back to the maxconn of its configuration',
      'before HAProxy 3.1 a frontend that is full cannot be given more room (haproxy#2726): the rod comes out by a reload, or once connections have ended',
    ],
  }
}

/** Older branches may have the fix in later releases of theirs; which, we do not know. */
function hasFix(release: string): boolean {
  const [major = 0, minor = 0] = release.split('.').map(Number)
  return major > 3 || (major === 3 && minor >= 1)
}

/** `status`, `scur` and `slim` stand left of every column that may hold a quoted text. */
function column(answer: string, name: string): string | null {
  const row = rowsByHeader(answer, ',').find(cells => cells.get('svname') === 'FRONTEND')
  return row?.get(name) ?? null
}
