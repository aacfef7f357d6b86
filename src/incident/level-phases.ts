import type {Extent} from './events.ts'
import {type Instant, instantOf, presently} from './instant.ts'
import type {Span} from './length.ts'
import type {ComponentChange, IncidentState} from './state.ts'
import type {ComponentStatus} from './words.ts'

/** A time during which one component had one status (and one extent): worse than `operational`. */
export interface Phase extends Span {
  readonly status: ComponentStatus
  readonly extent?: Extent
  /** Nobody set it back: it ends because the incident did. */
  readonly isClosedByResolve: boolean
}

export interface Phases {
  readonly phases: readonly Phase[]
  readonly warnings: readonly string[]
}

/** Where what is still going on ends: the last resolve (or merge), else now. The end is never the last event. */
export function horizon(state: IncidentState, nowMs: number): {readonly at: Instant; readonly isOpen: boolean} {
  const end = state.phase === 'merged' ? state.merged : state.phase === 'open' || state.phase === 'none' ? undefined : state.resolves.at(-1)
  return end ? {at: instantOf(end), isOpen: false} : {at: presently(nowMs), isOpen: state.phase === 'open' || state.phase === 'none'}
}

/**
 * The phases of one component, in order, half-open. Changes are in order of `at`, so no two phases overlap; neighbours with
 * the same status and extent are one phase, those with different extents stay apart.
 */
export function phasesOf(component: string, changes: readonly ComponentChange[], end: ReturnType<typeof horizon>): Phases {
  const phases: Phase[] = []
  const warnings: string[] = []
  changes.forEach((change, i) => {
    if (change.status === 'operational') return
    const next = changes[i + 1]
    const from = instantOf(change)
    const to = next ? instantOf(next) : end.at
    if (!(to.atMs > from.atMs)) {
      // Two changes at one instant: the later record decides, and that is no contradiction.
      if (!next) warnings.push(`${component} was set ${change.status} at ${change.at}, when the incident was over`)
      return
    }
    const last = phases.at(-1)
    const isSame = last && last.to.atMs === from.atMs && last.status === change.status && sameExtent(last.extent, change.extent)
    const phase: Phase = {
      from: isSame ? last.from : from,
      to,
      isOpen: !next && end.isOpen,
      status: change.status,
      isClosedByResolve: !next && !end.isOpen,
      ...(change.extent && {extent: change.extent}),
    }
    if (isSame) phases.pop()
    phases.push(phase)
  })
  return {phases, warnings}
}

function sameExtent(a: Extent | undefined, b: Extent | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.metric === b.metric && a.min === b.min && a.max === b.max)
}
