import type {Span} from './length.ts'
import type {Phase} from './level-phases.ts'
import {COMPONENT_STATUSES, type ComponentStatus} from './words.ts'

/** What counts as impact: `under_maintenance` is planned. */
export type Impaired = Exclude<ComponentStatus, 'operational' | 'under_maintenance'>

export function isImpaired(status: ComponentStatus): status is Impaired {
  return badness(status) >= badness('degraded_performance')
}

/** Higher is worse. */
export function badness(status: ComponentStatus): number {
  return COMPONENT_STATUSES.indexOf(status)
}

export interface WorstSpan extends Span {
  readonly status: Impaired
}

/**
 * The worst status at each instant over overlapping phases, as spans that do not overlap; stretches of one level are one
 * span. A sweep over the ends: each instant at which a phase begins or ends is looked at once.
 */
export function worstSpans(phases: readonly Phase[]): readonly WorstSpan[] {
  const edges = phases
    .flatMap(phase => [
      {at: phase.from, phase, isStart: true},
      {at: phase.to, phase, isStart: false},
    ])
    .sort((a, b) => a.at.atMs - b.at.atMs)
  const active = new Set<Phase>()
  const spans: WorstSpan[] = []
  edges.forEach(({at, phase, isStart}, i) => {
    if (isStart) active.add(phase)
    else active.delete(phase)
    const next = edges[i + 1]
    const worst = worstOf(active)
    if (!next || !worst || next.at.atMs === at.atMs) return
    const last = spans.at(-1)
    const isOpen = [...active].some(each => each.isOpen && each.to.atMs === next.at.atMs)
    if (last && last.to.atMs === at.atMs && last.status === worst) spans[spans.length - 1] = {...last, to: next.at, isOpen}
    else spans.push({from: at, to: next.at, status: worst, isOpen})
  })
  return spans
}

function worstOf(active: ReadonlySet<Phase>): Impaired | null {
  let worst: Impaired | null = null
  for (const {status} of active) {
    if (isImpaired(status) && (worst === null || badness(status) > badness(worst))) worst = status
  }
  return worst
}
