import {printLength} from '../incident/durations-print.ts'
import {impactsOf} from '../incident/impact.ts'
import {publicImpact} from '../incident/public-impact.ts'
import type {IncidentState} from '../incident/state.ts'
import type {ComponentStatus, PublicImpact, PublicStatus} from '../incident/words.ts'
import type {ComponentRow} from './component-rows.ts'
import {latest} from './instants.ts'
import {publicId} from './public-id.ts'
import {publicLine} from './public-text.ts'
import {touchedKeys, type UpdateEntry, updateEntries} from './update-entry.ts'

/** One incident as the public sees it. Nothing in here comes from notes, roles, people, rods or commands. */
export interface IncidentEntry {
  readonly id: string
  readonly name: string
  readonly isDrill: boolean
  readonly isOpen: boolean
  readonly status: PublicStatus
  readonly impact: PublicImpact
  readonly createdAt: string
  readonly updatedAt: string
  readonly startedAt: string
  readonly monitoringAt: string | null
  readonly resolvedAt: string | null
  /** By when the next update is due; null: none promised, or the incident is over. */
  readonly nextUpdateAt: string | null
  /** What the operator says about the page while this is open, instead of the computed line. */
  readonly headline: string | null
  /** The incident this one became a part of; null in it: that one is not public. */
  readonly merged: {readonly into: string | null} | null
  /** Newest first. */
  readonly updates: readonly UpdateEntry[]
  /** Components it touched, as they are now, in page order. */
  readonly components: readonly ComponentRow[]
  readonly durations: readonly Duration[]
}

export interface Duration {
  readonly name: string
  readonly status: ComponentStatus
  /** As printed: `2h16m`, `~30m`, `40m so far`. */
  readonly length: string
}

const IMPAIRED = ['major_outage', 'partial_outage', 'degraded_performance'] as const

/** Public from its first public text on, unless it is private. */
export function isVisible({isPrivate, updates, phase}: IncidentState): boolean {
  return !isPrivate && phase !== 'none' && updates.length > 0
}

export interface Around {
  readonly byKey: ReadonlyMap<string, ComponentRow>
  /** Whether the incident with this id has a public page to point at. */
  readonly isShown: (id: string) => boolean
  readonly asOf: string | null
}

export function incidentEntry(whole: IncidentState, {byKey, isShown, asOf}: Around): IncidentEntry {
  const state = ofPublicComponents(whole, byKey)
  const updates = updateEntries(state, byKey)
  const createdAt = updates[0]?.displayAt ?? state.opened?.at ?? ''
  const end = ended(state)
  const name = publicLine(state.title, 'Untitled incident')
  return {
    id: publicId('incident', state.id),
    name: state.isDrill ? `[Drill] ${name}` : name,
    isDrill: state.isDrill,
    isOpen: state.phase === 'open',
    status: publicStatus(state, updates),
    impact: publicImpact(state),
    createdAt,
    updatedAt: lastPublicChange(state, createdAt),
    startedAt: state.milestones.started?.at ?? createdAt,
    monitoringAt: updates.find(({status, createdAt: at}) => status === 'monitoring' && at >= (state.reopens.at(-1)?.recorded ?? ''))?.displayAt ?? null,
    resolvedAt: end === null ? null : (updates.findLast(({status}) => status === 'resolved')?.displayAt ?? end),
    nextUpdateAt: end === null ? (lastPosted(state)?.nextUpdateBy ?? null) : null,
    headline: state.phase === 'open' && state.headline !== null ? publicLine(state.headline, '') || null : null,
    merged: state.mergedInto === null ? null : {into: isShown(state.mergedInto) ? publicId('incident', state.mergedInto) : null},
    updates: updates.toReversed(),
    components: touchedKeys(state, byKey).flatMap(key => byKey.get(key) ?? []),
    durations: durations(state, byKey, Date.parse(asOf ?? createdAt)),
  }
}

/** When it left `open`; null while it has not. */
function ended({phase, resolves, closed, merged}: IncidentState): string | null {
  if (phase === 'open' || phase === 'none') return null
  if (phase === 'merged') return merged?.at ?? null
  return resolves.at(-1)?.at ?? closed?.at ?? null
}

/** The newest update's word, unless the record knows better: resolved without a text, or reopened after one. */
function publicStatus({phase}: IncidentState, updates: readonly UpdateEntry[]): PublicStatus {
  const said = updates.at(-1)?.status ?? 'investigating'
  if (phase === 'resolved' || phase === 'closed') return 'resolved'
  return phase === 'open' && said === 'resolved' ? 'investigating' : said
}

/** The update posted last, whatever time it speaks of: a back-dated one does not take a promise back. */
function lastPosted({updates, reopens}: IncidentState) {
  const last = updates.reduce<IncidentState['updates'][number] | undefined>((a, b) => (a && a.number > b.number ? a : b), undefined)
  const reopened = reopens.at(-1)?.recorded ?? ''
  return last && last.status === 'resolved' && last.recorded < reopened ? undefined : last
}

function lastPublicChange(state: IncidentState, createdAt: string): string {
  const moments = [
    ...state.updates.flatMap(update => [update.recorded, update.at, ...update.amendments.map(({recorded}) => recorded)]),
    ...state.resolves.flatMap(({at, recorded}) => [at, recorded]),
    ...state.reopens.map(({recorded}) => recorded),
  ]
  return latest(moments) ?? createdAt
}

/** How long each component was impaired, worst level first; one never impaired is not in the list. */
function durations(state: IncidentState, byKey: ReadonlyMap<string, ComponentRow>, nowMs: number): readonly Duration[] {
  return impactsOf(state, {nowMs}).components.flatMap(({component, byLevel}) =>
    IMPAIRED.flatMap(status => {
      const length = byLevel[status]
      const name = byKey.get(component)?.fullName
      return length && name !== undefined ? [{name, status, length: printLength(length)}] : []
    }),
  )
}

/** Impact and durations are told of what is public alone: a component that is not shown must not show through. */
function ofPublicComponents(state: IncidentState, byKey: ReadonlyMap<string, ComponentRow>): IncidentState {
  if (Object.keys(state.components).every(key => byKey.has(key))) return state
  return {...state, components: Object.fromEntries(Object.entries(state.components).filter(([key]) => byKey.has(key)))}
}
