import type {ComponentStatus, PublicImpact} from '../incident/words.ts'

export type Indicator = PublicImpact | 'maintenance'

export interface RollUp {
  readonly indicator: Indicator
  /** Matched word for word by other people's programs: never translated, never reworded. */
  readonly description: string
}

const WITHOUT_COMPONENTS: Readonly<Record<PublicImpact, string>> = {
  none: 'All Systems Operational',
  minor: 'Minor Service Outage',
  major: 'Partial System Outage',
  critical: 'Major System Outage',
}

/**
 * One line for the whole page from the statuses of its components, groups left out; the first rule that fits wins.
 * `impact` is the worst impact of the open incidents: it counts only where there is no component at all.
 * Source: Atlassian's one-component rules and vocabulary, Freshstatus' rules for several (status-page reference §5.4).
 */
export function rollUp(statuses: readonly ComponentStatus[], impact: PublicImpact = 'none'): RollUp {
  if (statuses.length === 0) return {indicator: impact, description: WITHOUT_COMPONENTS[impact]}
  const any = (status: ComponentStatus) => statuses.includes(status)
  const all = (status: ComponentStatus) => statuses.every(each => each === status)
  const isOne = statuses.length === 1
  if (all('major_outage')) return {indicator: 'critical', description: 'Major System Outage'}
  if (any('major_outage') || all('partial_outage')) return {indicator: 'major', description: 'Partial System Outage'}
  if (any('partial_outage')) return {indicator: 'minor', description: 'Minor Service Outage'}
  if (!isOne && all('degraded_performance')) return {indicator: 'minor', description: 'Degraded System Service'}
  if (any('degraded_performance')) return {indicator: 'minor', description: 'Partially Degraded Service'}
  if (any('under_maintenance')) return {indicator: 'maintenance', description: 'Service Under Maintenance'}
  return {indicator: 'none', description: 'All Systems Operational'}
}
