import {dirname, relative} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {readFileBounded, UnreadableFile} from '../lib/files.ts'
import {nearest} from '../lib/nearest.ts'
import {findRunbooks} from './find-runbooks.ts'
import {type Finding, findingLine} from './finding.ts'
import {type Loaded, loadRunbook} from './load.ts'

/** Bounds what is read before anything looks at it; the YAML guards bound the rest. */
const LONGEST_BYTES = 256 * 1024

/** One file of the workspace: a runbook, or what keeps it from being one. */
export type Shelved =
  | {readonly ok: true; readonly path: string; readonly loaded: Loaded}
  | {readonly ok: false; readonly path: string; readonly id: string | null; readonly findings: readonly Finding[]}

/**
 * Every runbook of a workspace, readable or not, in the order of `findRunbooks`. Paths are relative to the folder. YAML
 * beside `scram.yaml` that names neither `runbook:` nor `scram:` is somebody else's and left out.
 */
export async function shelve(folder: string): Promise<readonly Shelved[]> {
  const shelf: Shelved[] = []
  for (const file of await findRunbooks(folder)) {
    const text = readText(file)
    if (dirname(file) === folder && !/^["']?(?:runbook|scram)["']?\s*:/m.test(text)) continue
    const path = relative(folder, file)
    const loading = loadRunbook(path, text)
    if (loading.ok) shelf.push({ok: true, path, loaded: loading.loaded})
    else shelf.push({ok: false, path, id: /^runbook:\s*["']?([a-z][a-z0-9-]*)/m.exec(text)?.[1] ?? null, findings: loading.findings})
  }
  return shelf
}

/**
 * The runbook with this id. Others need not be valid.
 * @throws Fault runbook.not-found (nearest ids) · runbook.invalid (findings as hints; the same id in two files)
 */
export async function openRunbook(folder: string, id: string): Promise<Loaded> {
  const shelf = await shelve(folder)
  const named = shelf.filter(one => idOf(one) === id)
  const [only, second] = named
  if (!only) {
    const ids = shelf.flatMap(one => idOf(one) ?? [])
    const near = nearest(id, ids)
    throw new Fault('runbook.not-found', `no runbook ${id} in ${folder}`, {hints: near ? [`scram run ${near}`] : ['scram runbook list']})
  }
  if (second) throw new Fault('runbook.invalid', `${only.path} and ${second.path} are both runbook ${id}; give one another id`)
  if (!only.ok) throw new Fault('runbook.invalid', `${only.path} cannot be run`, {hints: only.findings.map(findingLine)})
  return only.loaded
}

export function idOf(shelved: Shelved): string | null {
  return shelved.ok ? shelved.loaded.runbook.id : shelved.id
}

/** @throws Fault file.not-found · file.invalid (longer than 256 KiB, not a plain file) */
export function readText(file: string): string {
  try {
    return readFileBounded(file, LONGEST_BYTES, {follow: true}).toString('utf8')
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw new Fault('file.invalid', `${file} cannot be read: ${cause.message}`, {cause})
    throw new Fault('file.not-found', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {cause}) // Node's own errors
  }
}
