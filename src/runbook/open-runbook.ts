import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import type {Find} from './calls.ts'
import {type Finding, findingLine} from './finding.ts'
import {type Loaded, loadRunbook} from './load.ts'
import {finder, type Lying, lyingIn, mayBe, readText, writtenId} from './runbook-files.ts'

/** One file of the workspace: a runbook, or what keeps it from being one. */
export type Shelved =
  | {readonly ok: true; readonly path: string; readonly loaded: Loaded}
  | {readonly ok: false; readonly path: string; readonly id: string | null; readonly findings: readonly Finding[]}

/** Every runbook of a workspace, readable or not, in the order of `findRunbooks`. Paths are relative to the folder. */
export async function shelve(folder: string): Promise<readonly Shelved[]> {
  const ours = await lyingIn(folder)
  const find = finder(folder, ours)
  return ours.map(one => shelvedHere(one, find))
}

/** One file, wherever it lies; what it calls is looked for in `folder`. @throws Fault file.not-found · file.invalid */
export async function openFile(path: string, folder: string): Promise<Shelved> {
  return openText(path, readText(path), folder)
}

/** A text that is no file yet. */
export async function openText(path: string, text: string, folder: string): Promise<Shelved> {
  return shelved(path, text, finder(folder, await lyingIn(folder)))
}

function shelved(path: string, text: string, find: Find): Shelved {
  const loading = loadRunbook(path, text, find)
  return loading.ok ? {ok: true, path, loaded: loading.loaded} : {ok: false, path, id: writtenId(text), findings: loading.findings}
}

function shelvedHere({path, text, unreadable}: Lying, find: Find): Shelved {
  if (unreadable === undefined) return shelved(path, text, find)
  return {ok: false, path, id: writtenId(text), findings: [{level: 'E', code: 'yaml', file: path, ...unreadable}]}
}

/**
 * The runbook with this id. Others need not be valid, and are not parsed.
 * @param shown what messages call a file, from its path in the workspace
 * @throws Fault runbook.not-found (nearest ids) · runbook.invalid (findings as hints; the same id in two files)
 */
export async function openRunbook(folder: string, id: string, shown = (path: string) => path): Promise<Loaded> {
  const texts = await lyingIn(folder)
  const find = finder(folder, texts)
  const named = mayBe(texts, id)
    .map(one => shelvedHere(one, find))
    .filter(one => idOf(one) === id)
  const [only, second] = named
  if (!only) {
    const ids = (await shelve(folder)).flatMap(one => idOf(one) ?? [])
    const near = nearest(id, ids)
    throw new Fault('runbook.not-found', `no runbook ${id} in ${folder}`, {hints: near ? [`scram run ${near}`] : ['scram runbook list']})
  }
  if (second) throw new Fault('runbook.invalid', `${shown(only.path)} and ${shown(second.path)} are both runbook ${id}; give one another id`)
  if (!only.ok) {
    const findings = only.findings.map(finding => findingLine({...finding, file: shown(finding.file)}))
    throw new Fault('runbook.invalid', `${shown(only.path)} cannot be run`, {hints: findings})
  }
  return only.loaded
}

/**
 * A runbook by its file, wherever that lies; what it calls is looked for in the workspace.
 * @throws Fault file.not-found · file.invalid · runbook.invalid
 */
export async function openRunbookFile(folder: string | null, file: string): Promise<Loaded> {
  const others = folder === null ? [] : await lyingIn(folder)
  const loading = loadRunbook(file, readText(file), folder === null ? undefined : finder(folder, others))
  if (!loading.ok) throw new Fault('runbook.invalid', `${file} cannot be run`, {hints: loading.findings.map(findingLine)})
  return loading.loaded
}

export function idOf(shelved: Shelved): string | null {
  return shelved.ok ? shelved.loaded.runbook.id : shelved.id
}
