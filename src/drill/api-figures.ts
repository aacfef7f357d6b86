import type {Opaque, Recorded} from '../incident/events.ts'
import type {PlatformStats} from './platform.ts'

/** What customers of the API met: requests, but for `dropped`, who were turned away before they could ask. */
export interface ApiFigures {
  readonly served: number
  readonly refused: number
  readonly timeouts: number
  readonly failed: number
  readonly dropped: number
  /** Of requests sent after the last withdrawal began; null while no rod was withdrawn. */
  readonly timeoutsAfterWithdrawal: number | null
  /** A rod that is withdrawn too quickly lets the next outage in. */
  readonly isSecondIncident: boolean
}

/** A few timeouts are a busy machine; a queue longer than people's patience makes hundreds. */
const MOST_TIMEOUTS = 20

export function apiFigures({load}: PlatformStats, events: readonly (Recorded | Opaque)[]): ApiFigures {
  const {served, refused, timeouts, failed, dropped} = load.customers
  const began = events.findLast(({kind}) => kind === 'rod.withdrawing')
  const after = began ? timeoutsFrom(load, Date.parse(began.at)) : null
  return {served, refused, timeouts, failed, dropped, timeoutsAfterWithdrawal: after, isSecondIncident: (after ?? 0) > MOST_TIMEOUTS}
}

/** Whole seconds, the one in which it began included. */
function timeoutsFrom({startedAt, seconds}: PlatformStats['load'], fromMs: number): number {
  const first = Math.max(Math.floor((fromMs - Date.parse(startedAt)) / 1000), 0)
  return seconds.slice(first).reduce((all, second) => all + second.apiTimeouts, 0)
}
