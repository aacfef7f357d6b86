import {copyFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'
import type {WriteUrls} from './write-path.ts'

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
export async function writeDrillWorkspace(folder: string, {runbooks, platform}: {runbooks: string; platform: WriteUrls}): Promise<DrillWorkspace> {
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
function workspaceText(page: string, {manager, api}: WriteUrls): string {
  const text = (value: string) => JSON.stringify(value)
  const apps = text(`${api.publicUrl}/apps`)
  const admin = text(`${api.adminUrl}/admin/maintenance`)
  const apiStats = text(`${api.adminUrl}/stats`)
  const guard = `{http: {url: ${text(`${manager.url}/stats`)}, json: "$.q"}, every: 250ms, advance: {lte: 10}, back: {gt: 40}}`
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
  # A share of all attempts is refused: quick to insert. Who is refused comes back after 5 s, so near the limit the load
  # pushes the share about when it is withdrawn, and it may have to go back.
  api-maintenance:
    title: Lock down the platform API
    what: The given share of customers' requests to the API; 503 with Retry-After
    spares: "Routing: applications go on as they are"
    component: api
    driver: http
    positions: {percent: {step: 25}}
    with:
      set: {method: PATCH, url: ${admin}, json: {maintenance: "{value}"}}
      get: {url: ${admin}, json: "$.maintenance"}
    probe:
      http:
        url: ${apps}
        masked_by: [api-admit-rate]
        share: {status: 503, samples: 150, tolerance: 12.4}
        expect: {withdrawn: {status: 200}}
    verify: {timeout: 30s, every: 100ms, consecutive: 1}
    withdraw:
      dwell: 4s
      max_step_backs: 3
      guard: ${guard}
    public_note: The API is in maintenance mode on purpose while we restore applications.
  # So many requests a second are let in, whatever comes: steady below the 50 that the manager can do. It drains a backlog
  # only while it admits more than arrive.
  api-admit-rate:
    title: Admit API requests at a fixed rate
    what: Requests of customers to the API above the rate; 503 with Retry-After
    spares: "Routing: applications go on as they are"
    component: api
    driver: http
    positions: {rate: [0, 10, 25, 42, none]}
    with:
      set: {method: PATCH, url: ${admin}, json: {rate: "{value}"}}
      get: {url: ${admin}, json: "$.rate"}
      values: {none: null}
    probe:
      http:
        url: ${apps}
        count: {url: ${apiStats}, json: "$.admitted", over: 4s}
        masked_by: [api-maintenance]
        expect: {0/s: {status: 503, header: {x-rod: api-admit-rate}}, withdrawn: {status: 200}}
    verify: {timeout: 30s, every: 100ms, consecutive: 1}
    withdraw:
      dwell: 4s
      max_step_backs: 3
      guard: ${guard}
      # Nobody is refused any more: who still waits would come all at once.
      release_when: {http: {url: ${apiStats}, json: "$.refused", change_over: 4s}, lte: 8}
    public_note: The API takes requests slowly on purpose while we restore applications.
banks:
  contain: {title: "Contain: stop new work", waves: [[api-maintenance]]}
`
}
