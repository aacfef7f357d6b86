import type {IncidentState} from '../incident/state.ts'
import {type IncidentFact, incidentFact} from './incident-fact.ts'
import {incidentPath} from './incident-page.ts'
import type {Digest, Manifest} from './manifest.ts'
import type {Memo, PastIncident} from './memo.ts'
import type {PageModel} from './model.ts'
import {publicId} from './public-id.ts'

/** Whether it says anything to the public, be it by its components alone. */
export function isShared({isPrivate, phase}: IncidentState): boolean {
  return !isPrivate && phase !== 'none'
}

/** Over, at a known time: only its own events can change what the page says of it. */
export function isSettled({phase, merged, resolves}: IncidentState): boolean {
  if (phase === 'merged') return merged !== undefined
  return (phase === 'resolved' || phase === 'closed') && resolves.length > 0
}

/** Every component that the public texts name. */
export function namesOf(facts: readonly IncidentFact[]): readonly string[] {
  return [...new Set(facts.flatMap(({shown}) => shown?.named ?? []))].sort()
}

export interface Built {
  readonly context: string
  readonly mark: string
  readonly hasComponents: boolean
  readonly model: PageModel
  /** The states the page was built from. */
  readonly states: readonly IncidentState[]
  /** Taken over from the memo before, unchanged. */
  readonly same: readonly PastIncident[]
  readonly files: Manifest['files']
}

/** What the next build need not find out again. */
export function remember({context, mark, hasComponents, model, states, same, files}: Built): Memo {
  const shared = states.filter(isShared)
  const fresh = new Map(shared.map(state => [state.id, incidentFact(state, hasComponents)]))
  const facts = [...same.map(({fact}) => fact), ...fresh.values()]
  const shown = new Set(facts.flatMap(fact => (fact.shown ? [fact.id] : [])))
  const entries = new Map(model.incidents.map(entry => [entry.id, entry]))
  const past = shared.filter(isSettled).flatMap((state): readonly PastIncident[] => {
    const fact = fresh.get(state.id)
    if (!fact) return []
    const isIntoShown = fact.shown?.mergedInto ? shown.has(fact.shown.mergedInto) : false
    const id = publicId('incident', state.id)
    const updates = fact.shown && entries.get(id)?.updates
    if (!updates) return [{fact, ids: [], page: null, isIntoShown}]
    return [{fact, ids: [id, ...updates.map(update => update.id)], page: files[incidentPath(id)] ?? null, isIntoShown}]
  })
  const live = shared.filter(state => !isSettled(state)).map(({id}) => id)
  return {context, mark, live, past: [...same, ...past], named: namesOf(facts), months: monthsOf(files)}
}

function monthsOf(files: Manifest['files']): Readonly<Record<string, Digest>> {
  const months = Object.entries(files).flatMap(([path, digest]) => {
    const month = /^history\/([^/]+)\/index\.html$/.exec(path)?.[1]
    return month === undefined ? [] : [[month, digest] as const]
  })
  return Object.fromEntries(months)
}
