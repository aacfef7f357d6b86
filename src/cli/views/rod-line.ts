import {maybeIn, type RodState} from '../../incident/board-state.ts'
import {shellQuote} from '../../lib/text.ts'
import {ago, rough} from './clock-words.ts'

/** What is known of a rod, in one line. An open intent is not a state of the world: it is unknown. */
export function rodNews(state: RodState, now: number): string {
  const rod = shellQuote(state.rod)
  switch (state.status) {
    case 'withdrawn':
      return `withdrawn since ${ago(state.since, now)}`
    case 'inserting':
    case 'withdrawing':
      return `UNKNOWN: ${state.status} began ${ago(state.since, now)}, no outcome; scram rod verify ${rod}`
    case 'inserted':
      return `inserted${at(state)} since ${ago(state.insertedAt ?? state.since, now)}, ${seen(state, now)}`
    case 'jammed':
      return `JAMMED ${maybeIn(state) ? 'and still in' : '(it stays out)'}: ${state.reason ?? 'refused'}`
    case 'unverified':
      if (state.outByWordOf !== null) return `UNVERIFIED, out by the word of ${state.outByWordOf} ${ago(state.since, now)}, ${seen(state, now)}`
      return `UNVERIFIED, want ${state.want}, ${seen(state, now)}: ${state.reason ?? 'no probe agrees'}; scram rod verify ${rod}`
    case 'partial':
      return `PARTIAL ${state.agree ? `${state.agree.k}/${state.agree.n}` : ''}, want ${state.want}: ${state.reason ?? 'not every target'}; scram in ${rod} --only TARGET`
    case 'drifted':
      return `DRIFTED: want ${state.want}, ${seen(state, now)}; scram rod verify ${rod}`
    case 'held':
      return `HELD at ${state.verified}: ${state.reason ?? 'the guard stopped it'}; scram out ${rod} goes on`
  }
}

/** When it is due out, for a rod that may be in. */
export function rodDue(state: RodState, now: number): string | null {
  if (!maybeIn(state) || state.expiresAt === null) return null
  const late = now - Date.parse(state.expiresAt)
  return late > 0 ? `OVERDUE by ${rough(late)}: scram out ${shellQuote(state.rod)}` : `due out ${ago(state.expiresAt, now)}`
}

/** What the rod is worth: when it was last seen to work, and how soon it usually does. Null: never moved. */
export function rodWorth(state: RodState | null, now: number): string {
  if (state?.failedExercise) {
    const before = state.exercisedAt === null ? 'it never worked before' : `it last worked ${ago(state.exercisedAt, now)}`
    return `its exercise FAILED ${ago(state.failedExercise.at, now)}${state.failedExercise.detail === '' ? '' : ` (${state.failedExercise.detail})`}, ${before}`
  }
  if (state?.exercisedAt == null) return 'never exercised'
  const usual = median(state.effectiveMs)
  return `last exercised ${ago(state.exercisedAt, now)}${usual === null ? '' : `, usually effective in ${usual < 1000 ? `${usual} ms` : `${(usual / 1000).toFixed(1)} s`}`}`
}

/** What was observed, apart from what is wanted: position, how old that is, and who looked. */
function seen({seen, seenAt, seenBy}: RodState, now: number): string {
  if (seenAt === null) return 'nobody has looked'
  return `seen ${seen ?? 'unknown'} (${ago(seenAt, now)}${seenBy === null ? '' : `, ${seenBy}`})`
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

function at({verified}: RodState): string {
  return verified === 'inserted' || verified === 'withdrawn' ? '' : ` at ${verified}`
}
