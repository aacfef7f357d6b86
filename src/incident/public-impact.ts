import {own} from './own.ts'
import type {ComponentChange, IncidentState} from './state.ts'
import {type ComponentStatus, PUBLIC_IMPACTS, type PublicImpact} from './words.ts'
import {isImpaired} from './worst-level.ts'

/** The status of a component as this incident last set it. */
export function statusNow({components}: IncidentState, component: string): ComponentStatus {
  return own(components, component)?.at(-1)?.status ?? 'operational'
}

/** The same for several, in their order. */
export function componentStatuses(state: IncidentState, components: readonly string[]): Readonly<Record<string, ComponentStatus>> {
  return Object.fromEntries(components.map(component => [component, statusNow(state, component)]))
}

/**
 * As someone said, else the roll-up over the components at its worst moment (status-page §5.5): only those that were
 * impaired by then count, and planned maintenance counts as operational. It never falls while the incident goes on.
 */
export function publicImpact(state: IncidentState): PublicImpact {
  if (state.impact !== null) return state.impact
  const changes = Object.entries(state.components)
    .flatMap(([component, each]) => each.map(change => ({component, change})))
    .sort((a, b) => byTime(a.change, b.change))
  const touched = new Map<string, ComponentStatus>()
  let worst = 0
  changes.forEach(({component, change}, i) => {
    if (touched.has(component) || isImpaired(change.status)) touched.set(component, change.status)
    // Several changes at one instant are one moment: what stood between them was never so.
    if (changes[i + 1]?.change.at !== change.at) worst = Math.max(worst, PUBLIC_IMPACTS.indexOf(rollUp([...touched.values()])))
  })
  return PUBLIC_IMPACTS[worst] ?? 'none'
}

function byTime(a: ComponentChange, b: ComponentChange): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : (a.order ?? 0) - (b.order ?? 0)
}

/** The roll-up indicator (status-page §5.4), first match wins. */
function rollUp(statuses: readonly ComponentStatus[]): PublicImpact {
  const every = (status: ComponentStatus) => statuses.length > 0 && statuses.every(each => each === status)
  const some = (status: ComponentStatus) => statuses.includes(status)
  if (every('major_outage')) return 'critical'
  if (some('major_outage') || every('partial_outage')) return 'major'
  return some('partial_outage') || some('degraded_performance') ? 'minor' : 'none'
}
