import type {ValueMap} from '../value-map.ts'
import {rowsByHeader, type Setting, type Shown, wordAt} from './setting.ts'

/** HAProxy's words for the positions of a server. */
export const STATES = {withdrawn: 'ready', drain: 'drain', maint: 'maint'} as const

/** Of `srv_admin_state`: what somebody told it, and what it has from elsewhere and no command of ours takes away. */
const MAINT = 1
const DRAIN = 8
const FROM_ELSEWHERE = 2 | 16 | 32 | 64 // a tracked server's maintenance or drain, no address from DNS, name changed

const can = {named: true, percent: false, rate: false, cas: false, ttl: false, survivesRestart: false}
const advice = [
  'a reload or restart of HAProxy forgets it, unless its configuration has server-state-file and load-server-state-from-file global, and `show servers state` was written there before',
]

/** Whether one server takes requests: all, only those of sessions it already has (drain), none. */
export function serverStateSetting(backend: string, server: string): Setting {
  return {
    can,
    level: 'admin',
    setLine: to => `set server ${backend}/${server} state ${STATES[to as keyof typeof STATES]}`, // open() let no other through
    already: [],
    readLine: `show servers state ${backend}`,
    read(answer): Shown {
      const bits = column(answer, server, 'srv_admin_state')
      if (bits === null) return {position: 'unknown', says: `no server ${server} is shown`}
      const says = `${server} has admin state ${bits}`
      if (bits & MAINT) return {position: 'maint', says}
      if (bits & FROM_ELSEWHERE) return {position: 'unknown', says: `${says}: out of service, and not by a command`}
      return {position: bits & DRAIN ? 'drain' : 'withdrawn', says}
    },
    advice,
  }
}

/** The share a server gets beside its neighbours, as an absolute weight: `50%` of weight 1 would be 0. */
export function serverWeightSetting(backend: string, server: string, weights: ValueMap): Setting {
  return {
    can,
    level: 'admin',
    setLine: to => `set server ${backend}/${server} weight ${wordAt(weights, to)}`,
    already: [],
    readLine: `show servers state ${backend}`,
    read(answer): Shown {
      const weight = column(answer, server, 'srv_uweight')
      const bits = column(answer, server, 'srv_admin_state')
      if (weight === null || bits === null) return {position: 'unknown', says: `no server ${server} is shown`}
      const says = `${server} has weight ${weight}, admin state ${bits}`
      // Whatever it weighs: a server in drain or maintenance takes nothing of it.
      return {position: bits & (MAINT | DRAIN | FROM_ELSEWHERE) ? 'unknown' : weights.positionOf(weight), says}
    },
    advice,
  }
}

function column(answer: string, server: string, name: string): number | null {
  const row = rowsByHeader(answer, ' ').find(cells => cells.get('srv_name') === server)
  const cell = row?.get(name) ?? ''
  return /^\d{1,9}$/.test(cell) ? Number(cell) : null
}
