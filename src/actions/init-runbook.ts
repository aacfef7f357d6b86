import {existsSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import {basename, join, relative, resolve} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'
import type {Finding} from '../runbook/finding.ts'
import {findingLine} from '../runbook/finding.ts'
import {type Imported, importMarkdown} from '../runbook/import-markdown.ts'
import {lintRunbook} from '../runbook/lint.ts'
import {idOf, openText, shelve} from '../runbook/open-runbook.ts'
import {readText} from '../runbook/runbook-files.ts'
import {RUNBOOK_ID} from '../runbook/schema-scalars.ts'
import {starter} from '../runbook/starter.ts'
import type {Desk} from './desk.ts'
import {lintNames} from './lint-names.ts'
import {actionTable} from './table.ts'

export interface InitRunbook {
  /** Absent: of the page's title, else `first-runbook`. */
  readonly name?: string | undefined
  /** A Markdown page to make it of. */
  readonly from?: string | undefined
}

export interface Initialised {
  readonly id: string
  /** From here. */
  readonly path: string
  /** There was no workspace: this one was begun. */
  readonly workspace: string | null
  readonly warnings: readonly string[]
  readonly findings: readonly Finding[]
}

const WORKSPACE = `# The workspace of scram: components, control rods, cadence. Everything is optional; \`scram help\` and docs/guide show more.
scram: 1
`

/**
 * A new runbook in the workspace, commented or made of a Markdown page; without a workspace one is begun here. Nothing is
 * overwritten: the second time is refused.
 * @throws Fault usage.invalid · guard.refused (it is there) · file.not-found · file.invalid · runbook.invalid (the page's own runbook does not check)
 */
export async function initRunbook(desk: Desk, {name, from}: InitRunbook): Promise<Initialised> {
  if (name !== undefined && !RUNBOOK_ID.test(name)) {
    throw new Fault('usage.invalid', `"${name.slice(0, 60)}" is no id of a runbook: a-z, 0-9 and -, beginning with a letter, at most 60`)
  }
  const page = from === undefined ? null : readText(resolve(from))
  const made: Imported =
    page === null
      ? {...starter(name ?? 'first-runbook'), steps: 1, isExact: false, warnings: []}
      : importMarkdown(page, basename(from ?? '').replace(/\.\w+$/, ''))
  const {isExact} = made
  if (made.steps === 0 && !isExact) {
    throw new Fault('file.invalid', `${from} has no step: a box (- [ ] …), a numbered item, or a fence sh`, {hints: ['scram runbook init NAME']})
  }
  const text = name === undefined || isExact ? made.text : made.text.replace(/^runbook: .*$/m, () => `runbook: ${name}`)
  const id = isExact ? (made.id ?? '') : (name ?? made.id ?? '')
  const known = (await desk.workspace()).folder
  const folder = known ?? process.cwd()
  const file = join(folder, 'runbooks', `${name ?? id}.yaml`)
  const path = relative(folder, file)
  const shelved = await openText(path, text, folder)
  if (!shelved.ok)
    throw new Fault('runbook.invalid', `what ${from ?? 'this'} holds does not check; nothing was written`, {
      hints: shelved.findings.slice(0, 20).map(findingLine),
    })
  const other = known === null ? undefined : (await shelve(folder)).find(one => idOf(one) === id)
  if (existsSync(file) || other) {
    throw new Fault('guard.refused', `${other?.path ?? path} is there already; nothing was written`, {hints: [`scram runbook show ${id}`]})
  }
  makeFolder(join(folder, 'runbooks'), 0o755)
  await write(file, text)
  if (known === null) await write(join(folder, 'scram.yaml'), WORKSPACE)
  const findings = await lintRunbook(shelved.loaded, {actions: actionTable, names: known === null ? null : await lintNames(desk, [shelved.loaded])})
  return {id, path: relative(process.cwd(), file), workspace: known === null ? 'scram.yaml' : null, warnings: made.warnings, findings}
}

/** Somebody else may have made it since we looked. */
async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, {flag: 'wx', mode: 0o644})
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException
    throw new Fault(code === 'EEXIST' ? 'guard.refused' : 'output.failed', `${file} could not be written (${code})`, {cause})
  }
}
