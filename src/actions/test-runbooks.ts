import {existsSync} from 'node:fs'
import {basename, relative, resolve} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {findTests} from '../runbook/find-runbooks.ts'
import {type Finding, findingLine} from '../runbook/finding.ts'
import {lintRunbook} from '../runbook/lint.ts'
import {openRunbook} from '../runbook/open-runbook.ts'
import {readText} from '../runbook/runbook-files.ts'
import {loadTest} from '../runbook/testing/load-test.ts'
import {type CaseResult, runTest} from '../runbook/testing/run-test.ts'
import type {Desk} from './desk.ts'
import {lintNames} from './lint-names.ts'
import {rehearsals} from './rehearse-run.ts'
import {actionTable} from './table.ts'

export interface TestedRunbook {
  /** Relative to where the person stands. */
  readonly file: string
  readonly runbook: string | null
  /** Why the test or its runbook cannot be run; else empty. */
  readonly findings: readonly string[]
  readonly cases: readonly CaseResult[]
}

/**
 * Runs the tests of runbooks: `NAME.test.yaml` files, NAME alone (as `runbook lint` takes it) for the one in the workspace, or those of the whole workspace. Nothing is touched but files that
 * are read. @throws Fault file.not-found · runbook.not-found: no workspace, or no test in it
 */
export async function testRunbooks(desk: Desk, files: readonly string[]): Promise<readonly TestedRunbook[]> {
  const {folder} = await desk.workspace()
  if (folder === null)
    throw new Fault('runbook.not-found', 'no scram.yaml was found here or above, so there are no runbooks', {hints: ['--workspace DIR names the folder']})
  const tests = await findTests(folder)
  const all = files.length > 0 ? files.map(named => fileOf(named, tests, folder)) : tests
  if (all.length === 0) throw new Fault('runbook.not-found', `no test in ${folder}: NAME.test.yaml beside NAME.yaml`, {hints: ['scram runbook list']})
  const tested: TestedRunbook[] = []
  for (const file of all) tested.push(await testOne(desk, folder, file))
  return tested
}

function fileOf(named: string, tests: readonly string[], folder: string): string {
  const file = resolve(named)
  if (existsSync(file)) return file
  const test = tests.find(each => basename(each) === `${named}.test.yaml`)
  if (test !== undefined) return test
  throw new Fault('file.not-found', `there is no test ${named}: neither a file of that name, nor ${basename(named)}.test.yaml in ${folder}`, {
    hints: ['scram runbook test'],
  })
}

async function testOne(desk: Desk, folder: string, file: string): Promise<TestedRunbook> {
  const shown = relative(process.cwd(), file).startsWith('..') ? file : relative(process.cwd(), file)
  const loading = loadTest(shown, readText(file))
  if (!loading.ok) return {file: shown, runbook: null, findings: loading.findings.map(findingLine), cases: []}
  const {test} = loading
  const refused = (findings: readonly string[]) => ({file: shown, runbook: test.runbook, findings, cases: []})
  const runbook = await openRunbook(folder, test.runbook).catch((error: unknown) => {
    if (error instanceof Fault) return error
    throw error
  })
  if (runbook instanceof Fault) {
    const {line, column} = test.source.at(['runbook'])
    return refused([`${shown}:${line}:${column}  E unknown-name  ${runbook.message}`, ...runbook.hints])
  }
  const errors = (await lintRunbook(runbook, {actions: actionTable, names: await lintNames(desk, [runbook])})).filter(isError)
  if (errors.length > 0) return refused(errors.map(findingLine))
  return {file: shown, runbook: test.runbook, findings: [], cases: await runTest(runbook, test, await rehearsals(desk))}
}

function isError({level}: Finding): boolean {
  return level === 'E'
}
