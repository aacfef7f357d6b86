import type {IncidentState} from '../incident/state.ts'
import type {StatusChange} from './component-timeline.ts'
import {isVisible} from './incident-entry.ts'
import {compare, earliest, latest} from './instants.ts'

/**
 * What one incident adds to what the page says of everything else: times and statuses, no text. The whole of it is a
 * function of the incident's own events.
 */
export interface IncidentFact {
  readonly id: string
  readonly openedAt: string
  /** Events folded: what is folded again and has another number is another incident than this was made from. */
  readonly count: number
  /** All of them, private ones too. */
  readonly components: Readonly<Record<string, readonly StatusChange[]>>
  /** Null: it has no public text, and so no page. */
  readonly shown: Shown | null
}

interface Shown {
  readonly createdAt: string
  /** When its newest public fact was recorded, but for its components: of those only the public ones count. */
  readonly latest: string
  readonly mergedInto: string | null
  /** Components its updates name, where the workspace has none: these are then what the page shows. Else empty. */
  readonly named: readonly string[]
}

/** Of one that is not private and was opened. @param hasComponents the workspace says which there are */
export function incidentFact(state: IncidentState, hasComponents: boolean): IncidentFact {
  const {id, opened, count, mergedInto, updates} = state
  const components = Object.entries(state.components).map(([key, changes]) => [key, changes.map(({at, recorded, status}) => ({at, recorded, status}))] as const)
  const named = hasComponents ? [] : [...new Set(updates.flatMap(update => Object.keys(update.components)))]
  const createdAt = earliest(updates.map(({at}) => at)) ?? ''
  return {
    id,
    openedAt: opened?.at ?? '',
    count,
    components: Object.fromEntries(components),
    shown: isVisible(state) ? {createdAt, latest: latest(publicMoments(state)) ?? '', mergedInto, named} : null,
  }
}

/** The order incidents arrive in must not matter: ties of time are settled by this one. */
export function byOpening(a: IncidentFact, b: IncidentFact): number {
  return compare(b.openedAt, a.openedAt) || compare(b.id, a.id)
}

function publicMoments(state: IncidentState): readonly string[] {
  return [
    ...state.updates.flatMap(update => [update.recorded, ...update.amendments.map(({recorded}) => recorded)]),
    ...state.resolves.map(({recorded}) => recorded),
    ...state.reopens.map(({recorded}) => recorded),
    ...(state.merged ? [state.merged.recorded] : []),
  ]
}
