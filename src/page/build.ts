import {sha256Hex} from '../lib/sha256.ts'
import {htmlDocument} from './document.ts'
import {historyParts} from './history.ts'
import {frontPage} from './html.ts'
import {incidentPage, incidentPath} from './incident-page.ts'
import {type Digest, MANIFEST, manifestOf} from './manifest.ts'
import {markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {described, type Part} from './part.ts'
import {statuspageFiles} from './statuspage-v2.ts'

/**
 * The whole public page as files: path → content. Same model, same bytes. The order is the order of publication: nothing
 * points at a file that is not there yet, the front page comes after everything it links, the manifest last.
 * @param kept files that are known to be as they were, by their digests: they are in the manifest and not in the answer
 */
export function buildPage(model: PageModel, kept: ReadonlyMap<string, Digest> = new Map()): ReadonlyMap<string, string> {
  const entries = new Map(model.incidents.map(incident => [incident.id, incident]))
  const parts: Part[] = [
    ...model.all.map(({id}): Part => [incidentPath(id), () => incidentPage(model, described(entries.get(id), id))]),
    ...historyParts(model),
    ['404.html', () => notFound(model)],
    ['robots.txt', () => 'User-agent: *\nDisallow:\n'],
    ...statuspageFiles(model).map(([path, content]): Part => [path, () => content]),
    ['index.html', () => frontPage(model)],
  ]
  const files = new Map<string, string>()
  const digests: Record<string, Digest> = {}
  for (const [path, make] of parts) {
    const same = kept.get(path)
    const content = same ? '' : make()
    if (!same) files.set(path, content)
    digests[path] = same ?? {sha256: sha256Hex(content), bytes: Buffer.byteLength(content)}
  }
  files.set(MANIFEST, `${JSON.stringify(manifestOf(model, digests))}\n`)
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
