import {Fault} from '../lib/fault.ts'
import type {Finding} from '../runbook/finding.ts'
import {lintRunbook} from '../runbook/lint.ts'
import type {Loaded} from '../runbook/load.ts'
import {idOf, openRunbook, shelve} from '../runbook/open-runbook.ts'
import type {Desk} from './desk.ts'
import {lintNames} from './lint-names.ts'
import {actionTable} from './table.ts'

export interface ListedRunbook {
  readonly id: string | null
  readonly title: string | null
  readonly severity: string | null
  readonly path: string
  readonly findings: readonly Finding[]
}

/** Every runbook of the workspace with what lint says; only one, when named. @throws Fault runbook.not-found */
export async function listRunbooks(desk: Desk, only?: string): Promise<readonly ListedRunbook[]> {
  const folder = await workspaceFolder(desk)
  const names = await lintNames(desk)
  const shelf = (await shelve(folder)).filter(one => only === undefined || idOf(one) === only || one.path === only)
  if (only !== undefined && shelf.length === 0) throw new Fault('runbook.not-found', `no runbook ${only} in ${folder}`, {hints: ['scram runbook list']})
  return Promise.all(
    shelf.map(async one => {
      if (!one.ok) return {id: one.id, title: null, severity: null, path: one.path, findings: one.findings}
      const {id, title, severity} = one.loaded.runbook
      return {id, title, severity: severity ?? null, path: one.path, findings: await lintRunbook(one.loaded, {actions: actionTable, names})}
    }),
  )
}

export async function showRunbook(desk: Desk, id: string): Promise<Loaded> {
  return openRunbook(await workspaceFolder(desk), id)
}

async function workspaceFolder(desk: Desk): Promise<string> {
  const {folder} = await desk.workspace()
  if (folder === null)
    throw new Fault('runbook.not-found', 'no scram.yaml was found here or above, so there are no runbooks', {hints: ['--workspace DIR names the folder']})
  return folder
}
