import {Fault} from '../lib/fault.ts'
import {type Finding, findingLine} from '../runbook/finding.ts'
import type {Opened} from '../runbook/load.ts'
import {finder, lyingIn, mayBe} from '../runbook/runbook-files.ts'
import {keepRunbook, recallRunbook} from '../runbook/runbook-memo.ts'
import type {Desk} from './desk.ts'
import {lintNames} from './lint-names.ts'
import {pathFromHere} from './path-from-here.ts'
import {actionTable} from './table.ts'

export interface Linted {
  readonly opened: Opened
  /** Where it lies, from here. */
  readonly path: string
  /** Of the runbook all, of those it calls the errors; with their files from here. */
  readonly lint: readonly Finding[]
}

/**
 * The runbook with this id and what lint says of it here. An unchanged one is neither parsed nor linted again.
 * @throws Fault runbook.not-found · runbook.invalid: it does not even load
 */
export async function openLinted(desk: Desk, id: string): Promise<Linted> {
  const {folder} = await desk.workspace()
  if (folder === null)
    throw new Fault('runbook.not-found', `no runbook ${id}: no scram.yaml was found here or above`, {hints: ['--workspace DIR names the folder']})
  const shown = (path: string) => pathFromHere(folder, path)
  const linted = (opened: Opened, lint: readonly Finding[]): Linted => ({
    opened,
    path: shown(opened.path),
    lint: lint.map(finding => ({...finding, file: shown(finding.file)})),
  })
  const files = await lyingIn(folder)
  const [first, second] = mayBe(files, id)
  const only = first && !second && !first.unreadable ? first : null
  const remembered = only && recallRunbook(desk.memos, id, only, finder(folder, files))
  if (remembered) {
    const {opened} = remembered
    const lint = remembered.lint(JSON.stringify(await lintNames(desk, [opened])))
    if (lint) return linted(opened, lint)
  }
  const [{openRunbook}, {lintWithCalled}] = await Promise.all([import('../runbook/open-runbook.ts'), import('../runbook/lint.ts')])
  const opened = await openRunbook(folder, id, shown)
  const names = await lintNames(desk, [opened])
  const lint = await lintWithCalled(opened, {actions: actionTable, names})
  if (only) keepRunbook(desk.memos, only, opened, {names: JSON.stringify(names), findings: lint})
  return linted(opened, lint)
}

/** @throws Fault runbook.invalid, with the first errors as hints */
export function refuseErrors({path, lint}: Pick<Linted, 'path' | 'lint'>): void {
  const errors = lint.filter(({level}) => level === 'E')
  if (errors.length > 0) throw new Fault('runbook.invalid', `${path} cannot be run`, {hints: errors.slice(0, 20).map(findingLine)})
}
