import {existsSync} from 'node:fs'
import {dirname, resolve} from 'node:path'
import {Fault} from '../lib/fault.ts'
import type {Finding} from '../runbook/finding.ts'
import {lintRunbook} from '../runbook/lint.ts'
import type {Loaded} from '../runbook/load.ts'
import {idOf, openFile, openRunbook, type Shelved, shelve} from '../runbook/open-runbook.ts'
import type {Desk} from './desk.ts'
import {lintNames} from './lint-names.ts'
import {pathFromHere} from './path-from-here.ts'
import {actionTable} from './table.ts'

export interface ListedRunbook {
  readonly id: string | null
  readonly title: string | null
  readonly severity: string | null
  readonly path: string
  readonly findings: readonly Finding[]
}

/** Every runbook of the workspace with what lint says. @throws Fault runbook.not-found: there is no workspace */
export async function listRunbooks(desk: Desk): Promise<readonly ListedRunbook[]> {
  const shelf = await shelve(await workspaceFolder(desk))
  return listed(desk, shelf, shelf, path => path)
}

/**
 * The same for those named by id, by path in the workspace, or by path from here; none named: all. A file outside any
 * workspace is checked without the names one would have. Findings name their file as it is opened from here.
 * @throws Fault runbook.not-found · file.invalid
 */
export async function lintRunbooks(desk: Desk, named: readonly string[]): Promise<readonly ListedRunbook[]> {
  const folder = named.length === 0 ? await workspaceFolder(desk) : (await desk.workspace()).folder
  const shelf = folder === null ? [] : await shelve(folder)
  const chosen = named.length === 0 ? shelf : (await Promise.all(named.map(name => choose(shelf, folder, name)))).flat()
  const inWorkspace = new Set(shelf.map(({path}) => path))
  // A path that is none of the workspace's was typed here, and leads to its file as it is.
  const fromHere = (path: string) => (folder !== null && inWorkspace.has(path) ? pathFromHere(folder, path) : path)
  return listed(desk, [...new Set(chosen)], shelf, fromHere)
}

async function choose(shelf: readonly Shelved[], folder: string | null, name: string): Promise<readonly Shelved[]> {
  const file = resolve(name)
  const known = shelf.filter(one => idOf(one) === name || one.path === name || (folder !== null && resolve(folder, one.path) === file))
  if (known.length > 0) return known
  if (existsSync(file)) return [await openFile(name, folder ?? dirname(file))]
  throw new Fault('runbook.not-found', `there is no runbook ${name}${folder === null ? '' : ` in ${folder}`}, nor a file of that name`, {
    hints: ['scram runbook list'],
  })
}

/** `shown`: what a file is called, from its path in the workspace. */
async function listed(desk: Desk, chosen: readonly Shelved[], shelf: readonly Shelved[], shown: (path: string) => string): Promise<readonly ListedRunbook[]> {
  const names = await lintNames(
    desk,
    chosen.flatMap(one => (one.ok ? one.loaded : [])),
  )
  return Promise.all(
    chosen.map(async one => {
      const path = shown(one.path)
      const placed = (findings: readonly Finding[]) => findings.map(finding => ({...finding, file: shown(finding.file)}))
      if (!one.ok) return {id: one.id, title: null, severity: null, path, findings: placed(one.findings)}
      const {id, title, severity} = one.loaded.runbook
      const findings = [...sameId(one.loaded, shelf, shown), ...(await lintRunbook(one.loaded, {actions: actionTable, names}))]
      return {id, title, severity, path, findings: placed(findings)}
    }),
  )
}

/** `scram run ID` would not know which. */
function sameId({runbook, path, source}: Loaded, shelf: readonly Shelved[], shown: (path: string) => string): readonly Finding[] {
  const other = shelf.find(one => idOf(one) === runbook.id && one.path !== path)
  if (!other || !shelf.some(one => one.path === path)) return []
  const message = `${shown(other.path)} is runbook \`${runbook.id}\`, too; give one another id`
  return [{level: 'E', code: 'duplicate-id', file: path, message, ...source.at(['runbook'])}]
}

/** @throws Fault runbook.not-found · runbook.invalid */
export async function showRunbook(desk: Desk, id: string): Promise<Loaded> {
  const folder = await workspaceFolder(desk)
  return openRunbook(folder, id, path => pathFromHere(folder, path))
}

async function workspaceFolder(desk: Desk): Promise<string> {
  const {folder} = await desk.workspace()
  if (folder === null)
    throw new Fault('runbook.not-found', 'no scram.yaml was found here or above, so there are no runbooks', {hints: ['--workspace DIR names the folder']})
  return folder
}
