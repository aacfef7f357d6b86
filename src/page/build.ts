import {htmlDocument} from './document.ts'
import {historyFiles} from './history.ts'
import {frontPage} from './html.ts'
import {incidentPage} from './incident-page.ts'
import {MANIFEST, manifestOf} from './manifest.ts'
import {markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {statuspageFiles} from './statuspage-v2.ts'

/**
 * The whole public page as files: path → content. Same model, same bytes. The order is the order of publication: nothing
 * points at a file that is not there yet, the front page comes after everything it links, the manifest last.
 */
export function buildPage(model: PageModel): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ...model.incidents.map(incident => [`incidents/${incident.id}/index.html`, incidentPage(model, incident)] as const),
    ...historyFiles(model),
    ['404.html', notFound(model)],
    ['robots.txt', 'User-agent: *\nDisallow:\n'],
    ...statuspageFiles(model),
    ['index.html', frontPage(model)],
  ])
  files.set(MANIFEST, `${JSON.stringify(manifestOf(model, files))}\n`)
  return files
}

function notFound({name}: PageModel): string {
  return htmlDocument({
    title: `Not found - ${name} status`,
    name,
    main: markup`<h1>There is no such page</h1><p><a href="/">Current status</a></p>`,
    footer: markup`<p>All times are UTC.</p>`,
  })
}
