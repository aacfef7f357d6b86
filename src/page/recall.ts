import type {IncidentState} from '../incident/state.ts'
import {monthOf, monthPath} from './history.ts'
import {type IncidentFact, incidentFact} from './incident-fact.ts'
import {incidentPath} from './incident-page.ts'
import {earliest} from './instants.ts'
import type {Digest} from './manifest.ts'
import type {Memo, PastIncident} from './memo.ts'
import {DAYS_SHOWN} from './past-days.ts'
import {isSettled, isShared, namesOf} from './remember.ts'
import {NEWEST} from './statuspage-v2.ts'
import {dayBefore} from './strip.ts'

export interface Recall {
  /** Unchanged, and all the same to be folded: their texts stand in a file that is written anew. */
  readonly again: readonly PastIncident[]
  /** Unchanged, and not looked at. */
  readonly rest: readonly PastIncident[]
  /** Files that are as they were: path → digest. */
  readonly kept: ReadonlyMap<string, Digest>
  /** As they were, too, and rendered all the same: with another digest the memo is not believed. */
  readonly proofs: ReadonlyMap<string, Digest>
}

/** Each costs a page; a program that renders otherwise than the one that wrote the memo shows at the first. */
const PROOFS = 2

/**
 * What of a memo can be used, now that the changed incidents are folded. Null where anything is in doubt: then all is
 * built anew.
 * @param fresh states of all that changed, and of `memo.live`
 */
export function recall(
  memo: Memo,
  fresh: readonly IncidentState[],
  {day, hasComponents}: {readonly day: string; readonly hasComponents: boolean},
): Recall | null {
  const changed = new Set(fresh.map(({id}) => id))
  const [same, gone] = [memo.past.filter(({fact}) => !changed.has(fact.id)), memo.past.filter(({fact}) => changed.has(fact.id))]
  const now = fresh.filter(isShared).map(state => incidentFact(state, hasComponents))
  const facts = [...same.map(({fact}) => fact), ...now]
  const shown = new Set(facts.flatMap(fact => (fact.shown ? [fact.id] : [])))
  const isLinkRight = ({fact, isIntoShown}: PastIncident) => !fact.shown?.mergedInto || shown.has(fact.shown.mergedInto) === isIntoShown
  const isRight = same.every(isLinkRight) && namesOf(facts).join() === memo.named.join()
  if (!isRight) return null
  const touched = new Set([...now, ...gone.map(({fact}) => fact)].flatMap(({shown: page}) => (page ? monthOf(page) : [])))
  const from = earliestInText(facts, day)
  const isNeeded = ({fact: {shown: page}}: PastIncident) => page !== null && (page.createdAt >= from || touched.has(monthOf(page)))
  const again = same.filter(isNeeded)
  const rest = same.filter(each => !isNeeded(each))
  const months = Object.entries(memo.months).filter(([month]) => !touched.has(month))
  const known = new Set(months.map(([month]) => month))
  const isTold = ({fact: {shown: page}}: PastIncident) => page === null || touched.has(monthOf(page)) || known.has(monthOf(page))
  if (!same.every(isTold)) return null
  const pages = same.flatMap(({ids: [id], page}) => (id !== undefined && page ? [[incidentPath(id), page] as const] : []))
  const proofs = new Map(again.slice(0, PROOFS).flatMap(({ids: [id], page}) => (id !== undefined && page ? [[incidentPath(id), page] as const] : [])))
  const kept = new Map([...pages.filter(([path]) => !proofs.has(path)), ...months.map(([month, digest]) => [monthPath(month), digest] as const)])
  return {again, rest, kept, proofs}
}

/** Whether what was folded again, a moment later, is still what the memo speaks of. */
export function isUnchanged({again}: Recall, states: readonly IncidentState[]): boolean {
  const counts = new Map(states.map(({id, count}) => [id, count]))
  return again.every(({fact}) => counts.get(fact.id) === fact.count) && states.every(state => isShared(state) && isSettled(state))
}

/** From when on incidents stand with their texts on the front page or in the list of the newest ones. */
function earliestInText(facts: readonly IncidentFact[], day: string): string {
  const listed = facts.flatMap(({shown}) => (shown && shown.mergedInto === null ? [shown.createdAt] : [])).sort()
  const newest = listed.at(-NEWEST) ?? ''
  const front = dayBefore(day, DAYS_SHOWN - 1)
  return earliest([newest, front]) ?? ''
}
