import {copyFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'
import type {Platform} from './platform.ts'

/** The folders of one drill: nothing of the user's own record, workspace or page is touched. */
export interface DrillWorkspace {
  /** `SCRAM_WORKSPACE` */
  readonly workspace: string
  /** `SCRAM_HOME` */
  readonly home: string
  /** Where the page is published to. */
  readonly page: string
}

const RUNBOOK = 'drill-routing.yaml'

/**
 * Writes the drill's own workspace: `scram.yaml` with the real addresses of this platform, and the runbook from
 * `runbooks`, the folder we ship. Twice is once, with the newest addresses. Folders 0700.
 * @throws Fault file.not-found when the runbook is not there
 */
export async function writeDrillWorkspace(
  folder: string,
  {runbooks, platform}: {runbooks: string; platform: Pick<Platform, 'api' | 'router'>},
): Promise<DrillWorkspace> {
  const made: DrillWorkspace = {workspace: join(folder, 'workspace'), home: join(folder, 'home'), page: join(folder, 'page')}
  for (const path of [join(made.workspace, 'runbooks'), made.home, made.page]) makeFolder(path)
  await writeFile(join(made.workspace, 'scram.yaml'), workspaceText(made.page, platform), {mode: 0o600})
  const source = join(runbooks, RUNBOOK)
  await copyFile(source, join(made.workspace, 'runbooks', RUNBOOK)).catch(cause => {
    throw new Fault('file.not-found', `${source} cannot be copied into the drill`, {cause})
  })
  return made
}

/** People read this file while they practise, so it is laid out by hand; every value is JSON, which YAML reads as it is. */
function workspaceText(page: string, {api, router}: Pick<Platform, 'api' | 'router'>): string {
  const text = (value: string) => JSON.stringify(value)
  const admin = text(`${api.adminUrl}/admin/maintenance`)
  return `# Written by scram drill: the addresses are those of one platform and end with it.
scram: 1
page: {name: Drill Cloud}
components:
  production: {name: Production, kind: service}
  development: {name: Development, kind: service}
  api: {name: API, kind: service}
  status-site: {name: Status site, kind: communication}
cadence: {sev1: 20m, sev2: 30m, default: 60m}
targets:
  - {id: disk, kind: directory, path: ${text(page)}}
rods:
  api-maintenance:
    title: Lock down the platform API
    what: All requests of customers to the API; 503 with Retry-After
    spares: "Routing: ${router.url}/app/NAME goes on as it is"
    component: api
    driver: http
    with:
      set: {method: PATCH, url: ${admin}, json: {maintenance: "{value}"}}
      get: {url: ${admin}, json: "$.maintenance"}
      values: {withdrawn: false, inserted: true}
    probe:
      http:
        url: ${text(`${api.publicUrl}/apps`)}
        expect: {inserted: {status: 503, header: {x-rod: api-maintenance}}, withdrawn: {status: 200}}
    verify: {timeout: 10s, every: 100ms, consecutive: 3}
    public_note: The API is in maintenance mode on purpose while we restore applications.
banks:
  contain: {title: "Contain: stop new work", waves: [[api-maintenance]]}
`
}
