import {htmlDocument} from './document.ts'
import type {IncidentEntry} from './incident-entry.ts'
import {type Markup, markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {IMPACT_WORDS, INDICATOR_STATUS, mark, STATUS_CLASS, shape, UPDATE_WORDS} from './status-marks.ts'
import {promise, timeline} from './timeline.ts'
import {fullTime} from './times.ts'

const WHOLE = {updates: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY}

/**
 * The permanent page of one incident: everything that was said, and how long each component suffered. Nothing in it
 * depends on the day or on other incidents, so once over it stays byte for byte the same.
 */
export function incidentPage({name: pageName}: PageModel, incident: IncidentEntry): string {
  const {name, impact, isDrill, merged} = incident
  const nearest = INDICATOR_STATUS[impact]
  return htmlDocument({
    title: `${name} - ${pageName} status`,
    name: pageName,
    main: markup`${isDrill && markup`<p class="note"><strong>This is a drill.</strong> It describes no real trouble.</p>`}
<div class="top ${STATUS_CLASS[nearest]}"><h1 dir="auto">${shape(nearest)} ${name}</h1><p>${IMPACT_WORDS[impact]} · ${merged ? 'Merged' : UPDATE_WORDS[incident.status]}</p></div>
${merged && mergedNote(merged.into)}${facts(incident)}${promise(incident)}
<h2>Timeline</h2>
${timeline(incident, WHOLE)}`,
    footer: markup`<p>All times are UTC.</p>`,
  })
}

export function incidentPath(id: string): string {
  return `incidents/${id}/index.html`
}

function mergedNote(into: string | null): Markup {
  return into === null
    ? markup`<p class="note">This incident was continued as a part of another one.</p>`
    : markup`<p class="note">This incident was continued as a part of <a href="/incidents/${into}">another one</a>.</p>`
}

function facts({startedAt, resolvedAt, durations, isOpen}: IncidentEntry): Markup {
  return markup`<dl><dt>Started</dt><dd>${fullTime(startedAt)}</dd><dt>${isOpen ? 'State' : 'Resolved'}</dt><dd>${
    resolvedAt === null ? 'Open' : fullTime(resolvedAt)
  }</dd>${durations.map(({name, status, length}) => markup`<dt dir="auto">${name}</dt><dd>${mark(status)} ${length}</dd>`)}</dl>`
}
