import {printLength} from '../../incident/durations-print.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {clock, dayOf, percent} from '../say.ts'

/** The facts of the day on one screen. */
export function summaryFacts({impact, rods, name}: Facts, pen: Pen): readonly Part[] {
  const {start, components, union, byLevel} = impact
  const impaired = components.filter(({impacted}) => impacted !== null)
  const services = impaired.filter(({kind}) => kind === 'service')
  const lines = [
    start ? `Impact began on ${dayOf(start.atMs)} at ${clock(start, start.atMs)} UTC (${start.basis}).` : 'The start of the impact is not recorded.',
    ...services.map(({component, impacted}) => `${name(component)}: impacted ${printLength(impacted)}.`),
    byLevel.major_outage ? `Complete outage: ${printLength(byLevel.major_outage)}.` : null,
    services.length > 1 ? `Over all services: ${printLength(union)} (a union, not a sum).` : null,
    ...rods.map(rod => {
      const share = rod.share === null ? '' : `, ${percent(rod.share, rod.held?.approx ?? false)} of the impact`
      return `Control rod ${rod.rod}: held ${printLength(rod.held)}${share}.`
    }),
    ...impaired
      .filter(({kind}) => kind !== 'service')
      .map(({component, kind, impacted}) => `${name(component)}, a component of kind ${kind}, was itself impaired: ${printLength(impacted)}.`),
  ]
  return [pen.bullets(lines.filter(line => line !== null))]
}
