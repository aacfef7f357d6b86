import {maybeIn, type RodState} from '../../incident/board-state.ts'
import {ago, rough} from './clock-words.ts'

/** What is known of a rod, in one line. An open intent is not a state of the world: it is unknown. */
export function rodNews(state: RodState, now: number): string {
  switch (state.status) {
    case 'withdrawn':
      return `withdrawn since ${ago(state.since, now)}`
    case 'inserting':
    case 'withdrawing':
      return `UNKNOWN: ${state.status} began ${ago(state.since, now)}, no outcome; scram rod verify ${state.rod}`
    case 'inserted':
      return `inserted${at(state)} since ${ago(state.insertedAt ?? state.since, now)}, verified ${ago(state.seenAt ?? state.since, now)}`
    case 'jammed':
      return `JAMMED ${maybeIn(state) ? 'and still in' : '(it stays out)'}: ${state.reason ?? 'refused'}`
    case 'unverified':
      return `UNVERIFIED, want ${state.want}: ${state.reason ?? 'no probe agrees'}; scram rod verify ${state.rod}`
    case 'partial':
      return `PARTIAL, want ${state.want}: ${state.reason ?? 'not every target'}`
    case 'drifted':
      return `DRIFTED: want ${state.want}, seen otherwise: ${state.evidence ?? ''}`
    case 'held':
      return `HELD at ${state.verified}: ${state.reason ?? 'the guard stopped it'}`
  }
}

/** When it is due out, for a rod that may be in. */
export function rodDue(state: RodState, now: number): string | null {
  if (!maybeIn(state) || state.expiresAt === null) return null
  const late = now - Date.parse(state.expiresAt)
  return late > 0 ? `OVERDUE by ${rough(late)}: scram out ${state.rod}` : `due out ${ago(state.expiresAt, now)}`
}

function at({verified}: RodState): string {
  return verified === 'inserted' || verified === 'withdrawn' ? '' : ` at ${verified}`
}
