import {printLength, printPhase} from '../../incident/durations-print.ts'
import type {ComponentImpact} from '../../incident/impact.ts'
import {lengthOf} from '../../incident/length.ts'
import type {Phase} from '../../incident/level-phases.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {clock, dayOf, NOTHING} from '../say.ts'

const HEADER = ['Component', 'Impacted', 'Complete outage', 'Partial', 'Degraded', 'From (UTC)', 'To (UTC)', 'Basis']

/** Who was impaired, how badly, from when to when. Planned time has a row of its own and no impact. */
export function impactTable(facts: Facts, pen: Pen): readonly Part[] {
  const {impact, measures, startMs, name} = facts
  const rows = impact.components.flatMap(component => rowsOf(component, facts))
  const table =
    rows.length > 0
      ? [...(startMs === null ? [] : [pen.paragraph(`Times are UTC, ${dayOf(startMs)} unless a date is given.`)]), pen.table(HEADER, rows)]
      : [pen.paragraph('No impact interval was recorded.')]
  const of = (measure: string) => measures.rows.find(row => row.measure === measure)?.printed ?? printLength(null)
  const others = impact.components.filter(({kind, impacted}) => kind !== 'service' && impacted !== null)
  const lines = [
    `Impact, the union over all services (not a sum): ${printLength(impact.union)}.`,
    others.length > 0 ? `Not in the union: ${others.map(({component, kind}) => `${name(component)} (${kind})`).join(', ')}.` : null,
    `Declared, opened → resolved: ${of('declared')}.`,
    `Response, first alert → resolved: ${of('response')}.`,
    ...impact.warnings.map(warning => `Warning: ${warning}.`),
  ]
  return [...table, pen.bullets(lines.filter(line => line !== null))]
}

function rowsOf(component: ComponentImpact, {name, startMs}: Facts): readonly (readonly string[])[] {
  const {phases, planned, impacted, plannedLength, from, to} = component
  const called = name(component.component)
  const rows: string[][] = []
  if (impacted) {
    const end = phases.at(-1)
    const closing = end?.isOpen ? 'so far' : `${clock(to, startMs)}${end?.isClosedByResolve ? ' (closed by resolve)' : ''}`
    const levels = (['major_outage', 'partial_outage', 'degraded_performance'] as const).map(level => levelCell(phases.filter(({status}) => status === level)))
    rows.push([called, printLength(impacted), ...levels, clock(from, startMs), closing, impacted.basis])
  }
  if (plannedLength) {
    const [first, last] = [planned[0], planned.at(-1)]
    const until = last?.isOpen ? 'so far' : clock(last?.to ?? null, startMs)
    const basis = `planned: ${printLength(plannedLength)} (${plannedLength.basis})`
    rows.push([impacted ? `${called} (planned)` : called, NOTHING, NOTHING, NOTHING, NOTHING, clock(first?.from ?? null, startMs), until, basis])
  }
  return rows
}

/** Phases of one level; those with different extents stay apart, because a range is not a mean of ranges. */
function levelCell(phases: readonly Phase[]): string {
  if (phases.length === 0) return NOTHING
  const byExtent = new Map<string, Phase[]>()
  for (const phase of phases) {
    const key = JSON.stringify(phase.extent ?? null)
    byExtent.set(key, [...(byExtent.get(key) ?? []), phase])
  }
  return [...byExtent.values()].map(same => printPhase(lengthOf(same), same[0]?.extent)).join(', ')
}
