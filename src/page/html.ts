import {componentList} from './component-list.ts'
import {htmlDocument} from './document.ts'
import type {IncidentEntry} from './incident-entry.ts'
import {type Markup, markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {pastDays} from './past-days.ts'
import {IMPACT_WORDS, INDICATOR_STATUS, mark, STATUS_CLASS, shape} from './status-marks.ts'
import {promise, timeline} from './timeline.ts'
import {fullTime} from './times.ts'
import {WINDOW_DAYS} from './uptime.ts'

/** 25,000 characters of one update, or a hundred updates, must not cost the first look its speed. */
const ON_THE_FRONT = {updates: 20, characters: 2000}

/** The front page: what is so now, what is being done about it, what was so before. Complete without a script. */
export function frontPage(model: PageModel): string {
  const {name, status, open, revision, asOf} = model
  const title = open.find(({headline}) => headline !== null)?.headline ?? status.description
  return htmlDocument({
    title: `${title} - ${name} status`,
    name,
    build: {revision, asOf},
    main: markup`${top(model, title)}
${open.map(activeIncident)}
${componentList(model)}
${pastDays(model)}`,
    footer: markup`<p><a href="/api/v2/summary.json">This page as JSON</a> (Statuspage v2)</p>
<p>All times are UTC. Uptime covers at most the ${WINDOW_DAYS} UTC days up to the last one shown: 100 × (1 − (time in major outage + 0.3 × time in partial outage) / time covered), rounded down. Degraded performance and maintenance count 0.</p>`,
  })
}

function top({status, revision, asOf, open, stopped}: PageModel, title: string): Markup {
  const nearest = INDICATOR_STATUS[status.indicator]
  const isDrill = open.some(each => each.isDrill)
  return markup`${isDrill && markup`<p class="note"><strong>This is a drill.</strong> What is marked [Drill] is an exercise and describes no real trouble.</p>`}${
    stopped && markup`<p class="note"><strong>This page may be incomplete.</strong> A part of its record could not be read and is being looked at.</p>`
  }
<div class="top ${STATUS_CLASS[nearest]}"><h1 dir="auto">${shape(nearest)} ${title}</h1>${title !== status.description && markup`<p>${status.description}</p>`}
<p>${asOf === null ? 'Nothing was reported yet' : markup`As of ${fullTime(asOf, 'seconds')}`} · revision ${revision}</p></div>`
}

function activeIncident(incident: IncidentEntry): Markup {
  const {id, name, impact, startedAt} = incident
  return markup`
<section class="incident" aria-labelledby="${id}"><h2 id="${id}"><a dir="auto" href="/incidents/${id}">${name}</a></h2>
<p>${mark(INDICATOR_STATUS[impact], IMPACT_WORDS[impact])} <span class="dim">since ${fullTime(startedAt)}</span></p>${promise(incident)}
${timeline(incident, ON_THE_FRONT)}</section>`
}
