import {htmlDocument} from './document.ts'
import type {IncidentEntry} from './incident-entry.ts'
import {markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {described, type Part} from './part.ts'
import {onDay, oneDay} from './past-days.ts'
import {monthWords} from './times.ts'

type Months = readonly (readonly [month: string, incidents: PageModel['all']])[]

/** `history/index.html` and a page a month: how old incidents are found again. */
export function historyParts(model: PageModel): readonly Part[] {
  const months: Months = [...Map.groupBy(model.all, monthOf)]
  const entries = new Map(model.incidents.map(incident => [incident.id, incident]))
  return [
    ...months.map(
      ([month, incidents]): Part => [
        monthPath(month),
        () =>
          monthPage(
            model,
            month,
            incidents.map(({id}) => described(entries.get(id), id)),
          ),
      ],
    ),
    ['history/index.html', () => overview(model, months)],
  ]
}

/** On whose page an incident stands, for good: `2012-06`. */
export function monthOf({createdAt}: {readonly createdAt: string}): string {
  return createdAt.slice(0, 7)
}

export function monthPath(month: string): string {
  return `history/${month}/index.html`
}

function overview({name}: PageModel, months: Months): string {
  const lines = months.map(
    ([month, incidents]) =>
      markup`<li><a href="/history/${month}">${monthWords(month)}</a> <span class="dim">${incidents.length} ${incidents.length === 1 ? 'incident' : 'incidents'}</span></li>`,
  )
  return htmlDocument({
    title: `Incident history - ${name} status`,
    name,
    main: markup`<h1>Incident history</h1>${lines.length === 0 ? markup`<p>No incidents reported.</p>` : markup`<ul>${lines}</ul>`}`,
    footer: markup`<p>All times are UTC.</p>`,
  })
}

function monthPage({name}: PageModel, month: string, incidents: readonly IncidentEntry[]): string {
  const days = [...new Set(incidents.map(({createdAt}) => createdAt.slice(0, 10)))]
  return htmlDocument({
    title: `${monthWords(month)} - ${name} status`,
    name,
    main: markup`<h1>Incidents in ${monthWords(month)}</h1>${days.map(day => oneDay(day, onDay(incidents, day)))}`,
    footer: markup`<p>All times are UTC.</p>`,
  })
}
