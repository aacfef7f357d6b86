import {own} from './own.ts'
import type {ComponentChange, IncidentState} from './state.ts'
import type {ComponentStatus} from './words.ts'

type Components = IncidentState['components']

/** Adds a change where its `at` puts it; of several at one instant the one recorded last decides. */
export function withChange(components: Components, component: string, change: ComponentChange): Components {
  return {...components, [component]: [...(own(components, component) ?? []), change].sort(byTime)}
}

/** Moves whatever `entry` changed to another instant. */
export function withMovedChange(components: Components, entry: string, at: string): Components {
  const moved = Object.entries(components).map(([component, changes]) => {
    const isMeant = changes.some(change => change.entry === entry)
    return [component, isMeant ? changes.map(change => (change.entry === entry ? {...change, at} : change)).sort(byTime) : changes] as const
  })
  return Object.fromEntries(moved)
}

/** The status at an instant: the latest change with `at` not after it, `operational` before the first. */
export function statusAt(components: Components, component: string, at: string): ComponentStatus {
  return own(components, component)?.findLast(change => change.at <= at)?.status ?? 'operational'
}

/** `at` has one written form, so text comparison is time comparison. */
function byTime(a: ComponentChange, b: ComponentChange): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : (a.order ?? 0) - (b.order ?? 0)
}
