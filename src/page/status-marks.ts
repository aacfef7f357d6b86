import type {ComponentStatus, PublicImpact, PublicStatus} from '../incident/words.ts'
import {Markup, markup} from './markup.ts'
import type {Indicator} from './roll-up.ts'

/** Status is never shown by colour alone: always word, shape and colour. The shapes differ in outline and survive grey print. */
export const STATUS_WORDS: Readonly<Record<ComponentStatus, string>> = {
  operational: 'Operational',
  under_maintenance: 'Under maintenance',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
}

export const UPDATE_WORDS: Readonly<Record<PublicStatus, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
}

export const IMPACT_WORDS: Readonly<Record<PublicImpact, string>> = {
  none: 'No impact',
  minor: 'Minor impact',
  major: 'Major impact',
  critical: 'Critical impact',
}

/** Short class names: there are hundreds of them on a page of forty components. */
export const STATUS_CLASS: Readonly<Record<ComponentStatus, string>> = {
  operational: 'op',
  under_maintenance: 'um',
  degraded_performance: 'dp',
  partial_outage: 'po',
  major_outage: 'mo',
}

/** An impact and a roll-up wear the mark of the status they are nearest to. */
export const INDICATOR_STATUS: Readonly<Record<Indicator, ComponentStatus>> = {
  none: 'operational',
  maintenance: 'under_maintenance',
  minor: 'degraded_performance',
  major: 'partial_outage',
  critical: 'major_outage',
}

/** Check in a circle, spanner in a diamond, minus in a square, bang in a triangle, cross in an octagon. Drawn once, used by reference. */
const SHAPES: Readonly<Record<ComponentStatus, string>> = {
  operational: '<circle cx="8" cy="8" r="7.5"/><path class="k" d="M4.4 8.3l2.5 2.5 4.8-5.3"/>',
  under_maintenance: '<path d="M8 0l8 8-8 8-8-8z"/><path class="k" d="M5.2 10.8l3-3M11.3 6.2a2 2 0 1 1-1.5-1.5"/>',
  degraded_performance:
    '<path d="M1 2.5a1.5 1.5 0 0 1 1.5-1.5h11a1.5 1.5 0 0 1 1.5 1.5v11a1.5 1.5 0 0 1-1.5 1.5h-11a1.5 1.5 0 0 1-1.5-1.5z"/><path class="k" d="M4.5 8h7"/>',
  partial_outage: '<path d="M8 .5l8 14.5h-16z"/><path class="k" d="M8 5.8v4M8 12.4v.2"/>',
  major_outage: '<path d="M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4h-6.2l-4.4-4.4v-6.2z"/><path class="k" d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"/>',
}

export const SPRITES = new Markup(
  `<svg class="sprites" aria-hidden="true">${Object.entries(SHAPES)
    .map(([status, shape]) => `<symbol id="${STATUS_CLASS[status as ComponentStatus]}" viewBox="0 0 16 16">${shape}</symbol>`) // keys of SHAPES
    .join('')}</svg>`,
)

/** The shape alone; the word stands beside it. */
export function shape(status: ComponentStatus): Markup {
  return markup`<svg aria-hidden="true"><use href="#${STATUS_CLASS[status]}"/></svg>`
}

/** Shape and word in the status' colour. */
export function mark(status: ComponentStatus, word: string = STATUS_WORDS[status]): Markup {
  return markup`<span class="${STATUS_CLASS[status]}">${shape(status)}&nbsp;${word}</span>`
}
