import {iso} from '../lib/clock.ts'
import {type Instant, instantOf} from './instant.ts'
import {type Length, lengthOf, type Span, union} from './length.ts'
import {horizon, type Phase, phasesOf} from './level-phases.ts'
import {own} from './own.ts'
import type {IncidentState} from './state.ts'
import type {ComponentKind, ComponentStatus} from './words.ts'
import {type Impaired, type WorstSpan, worstSpans} from './worst-level.ts'

export interface ComponentImpact {
  readonly component: string
  readonly kind: ComponentKind
  /** Degraded or worse, in order. */
  readonly phases: readonly Phase[]
  /** `under_maintenance`, in order: planned, never impact. */
  readonly planned: readonly Phase[]
  /** Union of the phases; null: never impaired as far as is recorded. */
  readonly impacted: Length | null
  readonly byLevel: Readonly<Record<Impaired, Length | null>>
  readonly plannedLength: Length | null
  readonly from: Instant | null
  readonly to: Instant | null
}

export interface Impact {
  /** Components that were ever touched, in order of first touch; one never touched is absent, not zero. */
  readonly components: readonly ComponentImpact[]
  /** Over the components of kind `service`: a union, never a sum. */
  readonly spans: readonly Span[]
  readonly union: Length | null
  /** How long each level was the worst of all services; they add up to the union, exactly. */
  readonly byLevel: Readonly<Record<Impaired, Length | null>>
  /** The worst level of all services at each instant, in order. */
  readonly worst: readonly WorstSpan[]
  /** Milestone `started`, else the first recorded impact. */
  readonly start: Instant | null
  readonly isStartMarked: boolean
  /** Milestone `recovered`, else the last recorded impact; null while it goes on, or when none is recorded. */
  readonly end: Instant | null
  readonly isEndMarked: boolean
  readonly warnings: readonly string[]
}

export interface Looking {
  /** Epoch milliseconds: where what goes on ends for now. */
  readonly nowMs: number
  /** Kind per component; one that is not named is a `service`. */
  readonly kinds?: Readonly<Record<string, ComponentKind>>
}

/**
 * Who was impaired, how badly, from when to when. Planned maintenance and inserted rods are not impact; real impact
 * during them is. Pure and total.
 */
export function impactOf(state: IncidentState, {nowMs, kinds = {}}: Looking): Impact {
  const {components, warnings} = impactsOf(state, {nowMs, kinds})
  const phases = components.filter(({kind}) => kind === 'service').flatMap(each => each.phases)
  const spans = union(phases)
  const bounds = boundsOf(state, spans)
  const worst = worstSpans(phases)
  return {components, spans, union: lengthOf(spans), byLevel: perLevel(worst), worst, ...bounds, warnings: [...warnings, ...bounds.warnings]}
}

/** Component by component only: for whoever needs no union of them, and reads hundreds of incidents. */
export function impactsOf(state: IncidentState, {nowMs, kinds = {}}: Looking): Pick<Impact, 'components' | 'warnings'> {
  const end = horizon(state, nowMs)
  const warnings: string[] = []
  const components = Object.entries(state.components).map(([component, changes]) => {
    const found = phasesOf(component, changes, end)
    warnings.push(...found.warnings)
    return componentImpact(component, own(kinds, component) ?? 'service', found.phases)
  })
  return {components, warnings}
}

function componentImpact(component: string, kind: ComponentKind, all: readonly Phase[]): ComponentImpact {
  const phases = all.filter(({status}) => status !== 'under_maintenance')
  const planned = all.filter(({status}) => status === 'under_maintenance')
  const spans = union(phases)
  return {
    component,
    kind,
    phases,
    planned,
    impacted: lengthOf(spans),
    byLevel: perLevel(phases),
    plannedLength: lengthOf(union(planned)),
    from: spans[0]?.from ?? null,
    to: spans.at(-1)?.to ?? null,
  }
}

function perLevel(spans: readonly (Span & {readonly status: ComponentStatus})[]): Record<Impaired, Length | null> {
  const of = (level: Impaired) => lengthOf(spans.filter(({status}) => status === level))
  return {major_outage: of('major_outage'), partial_outage: of('partial_outage'), degraded_performance: of('degraded_performance')}
}

function boundsOf({milestones}: IncidentState, spans: readonly Span[]): Pick<Impact, 'start' | 'isStartMarked' | 'end' | 'isEndMarked' | 'warnings'> {
  const started = milestones.started ? instantOf(milestones.started) : null
  const recovered = milestones.recovered ? instantOf(milestones.recovered) : null
  const last = spans.at(-1)
  const first = spans[0]?.from ?? null
  const over = last && !last.isOpen ? last.to : null
  const warnings = [disagreement('start', started, first), disagreement('end', recovered, over)].filter(warning => warning !== null)
  return {start: started ?? first, isStartMarked: started !== null, end: recovered ?? over, isEndMarked: recovered !== null, warnings}
}

/** Marked and computed differ by more than both are uncertain: both are shown, nobody is believed. */
function disagreement(what: 'start' | 'end', marked: Instant | null, computed: Instant | null): string | null {
  if (!marked || !computed || !(Math.abs(marked.atMs - computed.atMs) > marked.precisionMs + computed.precisionMs)) return null
  return `the impact's ${what} is marked ${iso(marked.atMs)}, the components say ${iso(computed.atMs)}`
}
