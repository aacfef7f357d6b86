import {type Cadence, cadenceOf} from '../incident/cadence.ts'
import {type Opaque, type Recorded, recordOrder, timelineOrder} from '../incident/events.ts'
import {type Impact, impactOf} from '../incident/impact.ts'
import {type Measures, measuresOf} from '../incident/measures.ts'
import {own} from '../incident/own.ts'
import type {IncidentState, Stamp} from '../incident/state.ts'
import type {ComponentKind} from '../incident/words.ts'
import {type HeldRod, heldRods} from './held-rods.ts'
import {atNow} from './say.ts'
import {type StepRow, stepRows} from './step-rows.ts'
import {rolesOver, type Who} from './who.ts'

export interface ComponentName {
  readonly id: string
  readonly name: string
  readonly kind: ComponentKind
}

export interface FactsInput {
  readonly state: IncidentState
  readonly events: readonly (Recorded | Opaque)[]
  readonly components: readonly ComponentName[]
  readonly now: string
  /** The interval the workspace wants between updates, in ms. */
  readonly policyMs?: number
  /** When update 1 was first read back at a target. */
  readonly published?: Stamp | null
  /** Names of people instead of their roles, for internal files. */
  readonly names?: boolean
}

/** All that the blocks of a draft are written from, computed once. Blocks choose and word; they compute nothing twice. */
export interface Facts {
  readonly state: IncidentState
  /** Of the incident, by when they happened; those about the postmortem itself do not count. */
  readonly events: readonly (Recorded | Opaque)[]
  readonly impact: Impact
  readonly measures: Measures
  readonly cadence: Cadence
  readonly policyMs: number | null
  readonly rods: readonly HeldRod[]
  readonly steps: readonly StepRow[]
  /** Where T+ counts from; null: no impact is recorded. */
  readonly startMs: number | null
  readonly isOver: boolean
  /** What people call a component. */
  readonly name: (component: string) => string
  readonly who: Who
  readonly showsNames: boolean
}

export function factsOf({state, events, components, now, policyMs, published, names = false}: FactsInput): Facts {
  const nowMs = Date.parse(now)
  const counted = countedEvents(events)
  const sorted = counted.map(event => ({...event, at: atNow(state, event)})).sort(timelineOrder)
  const kinds = Object.fromEntries(components.map(({id, kind}) => [id, kind]))
  const called = Object.fromEntries(components.map(({id, name}) => [id, name]))
  const impact = impactOf(state, {nowMs, kinds})
  return {
    state,
    events: sorted,
    impact,
    measures: measuresOf(state, impact, {nowMs, kinds, events: sorted, ...(published && {published})}),
    cadence: cadenceOf(state, {nowMs, ...(policyMs !== undefined && {policyMs})}),
    policyMs: policyMs ?? null,
    rods: heldRods(sorted, impact, nowMs),
    steps: stepRows(sorted),
    startMs: impact.start?.atMs ?? null,
    isOver: state.phase === 'resolved' || state.phase === 'closed' || state.phase === 'merged',
    name: component => own(called, component) ?? component,
    who: names ? ({actor}) => actor.name : rolesOver(sorted),
    showsNames: names,
  }
}

/** In record order, without those about the postmortem itself: recording a draft must not make the draft stale. */
export function countedEvents(events: readonly (Recorded | Opaque)[]): readonly (Recorded | Opaque)[] {
  return events.filter(({kind}) => !kind.startsWith('postmortem.')).sort(recordOrder)
}
