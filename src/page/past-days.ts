import type {IncidentEntry} from './incident-entry.ts'
import {type Markup, markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {prose} from './prose.ts'
import {cut} from './public-text.ts'
import {IMPACT_WORDS, INDICATOR_STATUS, mark, UPDATE_WORDS} from './status-marks.ts'
import {dayBefore} from './strip.ts'
import {clockTime, dayWords} from './times.ts'

export const DAYS_SHOWN = 14
/** Of the last word on an incident; its page has the rest. */
const CHARACTERS = 600

/** Two weeks of days, the newest first; a quiet day says so. An open incident stands above and is only named here. */
export function pastDays({incidents, day}: PageModel): Markup {
  const days = Array.from({length: DAYS_SHOWN}, (_, i) => dayBefore(day, i))
  return markup`<section aria-labelledby="past"><h2 id="past">Past incidents</h2>${days.map(each => oneDay(each, onDay(incidents, each)))}
<p><a href="/history">All incidents</a></p></section>`
}

export function onDay(incidents: readonly IncidentEntry[], day: string): readonly IncidentEntry[] {
  return incidents.filter(({createdAt}) => createdAt.startsWith(day))
}

export function oneDay(day: string, incidents: readonly IncidentEntry[]): Markup {
  const heading = markup`<h3><time datetime="${day}">${dayWords(day)}</time></h3>`
  if (incidents.length === 0) return markup`\n<div class="row quiet">${heading}<p class="dim">No incidents reported.</p></div>`
  return markup`\n${heading}${incidents.map(pastIncident)}`
}

function pastIncident(incident: IncidentEntry): Markup {
  const {id, name, impact, updates, merged, resolvedAt, createdAt, isOpen} = incident
  const last = updates[0]
  const state = merged ? 'Merged into another incident' : UPDATE_WORDS[incident.status]
  return markup`<article><p><a class="name" dir="auto" href="/incidents/${id}">${name}</a> ${mark(INDICATOR_STATUS[impact], IMPACT_WORDS[impact])}</p>
<p><strong>${state}</strong> <span class="dim">${clockTime(createdAt, createdAt)}${resolvedAt !== null && markup` – ${clockTime(resolvedAt, createdAt)}`}${isOpen && ' – open'}</span></p>${
    !isOpen && last !== undefined && !last.isRedacted && prose(cut(last.body, CHARACTERS))
  }</article>`
}
