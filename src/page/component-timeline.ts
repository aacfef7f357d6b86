import type {ComponentStatus} from '../incident/words.ts'
import type {IncidentFact} from './incident-fact.ts'
import {compare} from './instants.ts'

export interface StatusChange {
  readonly at: string
  readonly recorded: string
  readonly status: ComponentStatus
}

/**
 * What happened to each of these components, all incidents together, by the time it happened. One value per component whatever the
 * number of incidents: the last change decides (two at one instant: the one recorded later).
 */
export function componentTimelines(
  incidents: readonly Pick<IncidentFact, 'components'>[],
  ids: ReadonlySet<string>,
): ReadonlyMap<string, readonly StatusChange[]> {
  const timelines = new Map<string, StatusChange[]>()
  for (const {components} of incidents) {
    for (const [component, changes] of Object.entries(components)) {
      if (!ids.has(component)) continue
      const timeline = timelines.get(component)
      if (timeline) timeline.push(...changes)
      else timelines.set(component, [...changes])
    }
  }
  for (const timeline of timelines.values()) timeline.sort(byTime)
  return timelines
}

// The sort is stable: changes of one incident keep the order its fold gave them.
function byTime(a: StatusChange, b: StatusChange): number {
  return compare(a.at, b.at) || compare(a.recorded, b.recorded)
}
