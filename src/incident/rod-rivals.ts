import type {RivalMove, RodState} from './board-state.ts'
import type {Intent, Recorded, RodEvent, ScramEvent} from './events.ts'

/** Enough to tell who and where; a guarded withdrawal makes many moves. */
const MOST = 4

/**
 * What stands against each other after one more intent (control-rods §6). It follows another intent than the one before it
 * in the merged record, and goes elsewhere: neither knew of the other. Record order decides nothing here, clocks differ.
 */
export function rivalsAfter(state: RodState | undefined, event: Recorded<RodEvent>, {follows, to}: Intent): readonly RivalMove[] {
  if (!state) return []
  const isUnaware = state.intent !== null && state.intent !== '' && follows !== undefined && follows !== state.intent && to !== state.want
  if (!isUnaware) return state.rivals
  const first = state.rivals.length > 0 ? state.rivals : [{intent: state.intent, to: state.want, by: state.by, at: state.since}]
  return [...first, {intent: event.id, to, by: event.actor.name, at: event.at}].slice(-MOST)
}

/** What either of them says of itself settles nothing: until somebody asked who knew of both, the rod is taken to be in. */
export function keptUndecided(before: RodState | undefined, after: RodState | undefined): RodState | undefined {
  if (!before || !after || after.rivals.length === 0 || after.status === 'inserting' || after.status === 'withdrawing') return after
  return {
    ...after,
    status: 'drifted',
    reason: rivalWords(after),
    expiresAt: after.expiresAt ?? before.expiresAt,
    expirySetAt: after.expirySetAt ?? before.expirySetAt,
    insertedAt: after.insertedAt ?? before.insertedAt,
    targets: {},
    outByWordOf: null,
    wasIn: true,
  }
}

/** To be recorded before whatever is recorded of this rod next by somebody who knows of both. */
export function rivalNews(state: RodState | undefined): readonly Extract<ScramEvent, {kind: 'rod.drifted'}>[] {
  if (!state || state.rivals.length === 0) return []
  return [{kind: 'rod.drifted', data: {rod: state.rod, expected: state.want, seen: 'unknown', by: 'merge', evidence: rivalWords(state)}}]
}

function rivalWords({rivals}: RodState): string {
  const moves = rivals.map(({to, by, at}) => `${by} to ${to} at ${at}`)
  return `two journals moved it without knowing of each other: ${moves.join(', ')}`
}
