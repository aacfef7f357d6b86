import {htmlDocument} from './document.ts'
import type {IncidentEntry} from './incident-entry.ts'
import {markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {onDay, oneDay} from './past-days.ts'
import {monthWords} from './times.ts'

/** `history/index.html` and a page a month, path → content: how old incidents are found again. */
export function historyFiles(model: PageModel): readonly (readonly [path: string, content: string])[] {
  const months = [...Map.groupBy(model.incidents, ({createdAt}) => createdAt.slice(0, 7))]
  return [
    ...months.map(([month, incidents]) => [`history/${month}/index.html`, monthPage(model, month, incidents)] as const),
    ['history/index.html', overview(model, months)],
  ]
}

function overview({name}: PageModel, months: readonly (readonly [month: string, incidents: readonly IncidentEntry[]])[]): string {
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
