import {realpathSync} from 'node:fs'
import {dirname, relative, sep} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {readFileBounded, UnreadableFile} from '../lib/files.ts'
import {nearest} from '../lib/nearest.ts'
import {shellQuote} from '../lib/text.ts'
import type {Place} from '../lib/yaml-source.ts'
import type {Find, Found} from './calls.ts'
import {findRunbooks} from './find-runbooks.ts'
import {type Finding, findingLine} from './finding.ts'
import {type Loaded, loadRunbook} from './load.ts'
import {decodeUtf8, NotUtf8} from './utf8.ts'

/** Bounds what is read before anything looks at it; the YAML guards bound the rest. */
const LONGEST_BYTES = 256 * 1024

/** A file as it lies there; one that cannot be read has no text, one that is not UTF-8 only a likely one, and says why and where. */
interface Lying {
  readonly file: string
  readonly path: string
  readonly text: string
  readonly unreadable?: {readonly message: string} & Place
}

/** One file of the workspace: a runbook, or what keeps it from being one. */
export type Shelved =
  | {readonly ok: true; readonly path: string; readonly loaded: Loaded}
  | {readonly ok: false; readonly path: string; readonly id: string | null; readonly findings: readonly Finding[]}

/**
 * Every runbook of a workspace, readable or not, in the order of `findRunbooks`. Paths are relative to the folder. YAML
 * beside `scram.yaml` that names neither `runbook:` nor `scram:` is somebody else's and left out.
 */
export async function shelve(folder: string): Promise<readonly Shelved[]> {
  const ours = await textsOf(folder)
  const find = finder(folder, ours)
  return ours.map(one => shelvedHere(one, find))
}

/** One file, wherever it lies; what it calls is looked for in `folder`. @throws Fault file.not-found · file.invalid */
export async function openFile(path: string, folder: string): Promise<Shelved> {
  return openText(path, readText(path), folder)
}

/** A text that is no file yet. */
export async function openText(path: string, text: string, folder: string): Promise<Shelved> {
  return shelved(path, text, finder(folder, await textsOf(folder)))
}

function shelved(path: string, text: string, find: Find): Shelved {
  const loading = loadRunbook(path, text, find)
  return loading.ok ? {ok: true, path, loaded: loading.loaded} : {ok: false, path, id: writtenId(text), findings: loading.findings}
}

function shelvedHere({path, text, unreadable}: Lying, find: Find): Shelved {
  if (unreadable === undefined) return shelved(path, text, find)
  return {ok: false, path, id: writtenId(text), findings: [{level: 'E', code: 'yaml', file: path, ...unreadable}]}
}

async function textsOf(folder: string): Promise<readonly Lying[]> {
  const files = (await findRunbooks(folder)).map(file => lying(folder, file))
  return files.filter(({file, text, unreadable}) => dirname(file) !== folder || unreadable !== undefined || /^["']?(?:runbook|scram)["']?\s*:/m.test(text))
}

/** A dangling link or a foreign file must not keep the other runbooks from being found. */
function lying(folder: string, file: string): Lying {
  const path = relative(folder, file)
  try {
    return {file, path, text: readText(file)}
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const {cause, message} = error
    if (cause instanceof NotUtf8) return {file, path, text: bytesOf(file).toString('utf8'), unreadable: {message: cause.message, ...cause.place}}
    return {file, path, text: '', unreadable: {message: message.replace(file, 'the file'), line: 1, column: 1}}
  }
}

/** What a `call` in this workspace finds: one file of that id, and none that a link leads to outside. */
function finder(folder: string, files: readonly Lying[]): Find {
  const byId = Map.groupBy(files, ({text}) => writtenId(text))
  return (id): Found => {
    const [only, second] = byId.get(id) ?? []
    if (!only) return null
    if (second) return {problem: `${only.path} and ${second.path} both have this id`}
    if (only.unreadable) return {problem: `${only.path}:${only.unreadable.line}: ${only.unreadable.message}`}
    const inside = realpathSync(folder) + sep
    return realpathSync(only.file).startsWith(inside) ? {path: only.path, text: only.text} : {problem: `${only.path} leads out of the workspace`}
  }
}

/** Without parsing: a file that does not parse has an id, too. Null where it is not plainly written (`"depl\u006fy"`). */
function writtenId(text: string): string | null {
  return /^["']?runbook["']?\s*:\s*(["']?)([a-z][a-z0-9-]*)\1\s*?(?:\s#.*)?$/m.exec(text)?.[2] ?? null
}

/**
 * The runbook with this id. Others need not be valid, and are not parsed: a file that names another id is passed over, and
 * one whose id only the parser can tell is not.
 * @throws Fault runbook.not-found (nearest ids) · runbook.invalid (findings as hints; the same id in two files)
 */
export async function openRunbook(folder: string, id: string): Promise<Loaded> {
  const texts = await textsOf(folder)
  const find = finder(folder, texts)
  const mayBe = texts.filter(({text}) => [null, id].includes(writtenId(text)))
  const named = mayBe.map(one => shelvedHere(one, find)).filter(one => idOf(one) === id)
  const [only, second] = named
  if (!only) {
    const ids = (await shelve(folder)).flatMap(one => idOf(one) ?? [])
    const near = nearest(id, ids)
    throw new Fault('runbook.not-found', `no runbook ${id} in ${folder}`, {hints: near ? [`scram run ${near}`] : ['scram runbook list']})
  }
  if (second) throw new Fault('runbook.invalid', `${only.path} and ${second.path} are both runbook ${id}; give one another id`)
  if (!only.ok) throw new Fault('runbook.invalid', `${only.path} cannot be run`, {hints: only.findings.map(findingLine)})
  return only.loaded
}

/**
 * A runbook by its file, wherever that lies; what it calls is looked for in the workspace.
 * @throws Fault file.not-found · file.invalid · runbook.invalid
 */
export async function openRunbookFile(folder: string | null, file: string): Promise<Loaded> {
  const others = folder === null ? [] : await textsOf(folder)
  const loading = loadRunbook(file, readText(file), folder === null ? undefined : finder(folder, others))
  if (!loading.ok) throw new Fault('runbook.invalid', `${file} cannot be run`, {hints: loading.findings.map(findingLine)})
  return loading.loaded
}

export function idOf(shelved: Shelved): string | null {
  return shelved.ok ? shelved.loaded.runbook.id : shelved.id
}

/** @throws Fault file.not-found · file.invalid (longer than 256 KiB, not a plain file, not UTF-8) */
export function readText(file: string): string {
  const bytes = bytesOf(file)
  try {
    return decodeUtf8(bytes)
  } catch (cause) {
    if (!(cause instanceof NotUtf8)) throw cause
    const {line, column} = cause.place
    throw new Fault('file.invalid', `${file}:${line}:${column}: ${cause.message}`, {cause, hints: [`iconv -f latin1 -t utf-8 ${shellQuote(file)}`]})
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileBounded(file, LONGEST_BYTES, {follow: true})
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw new Fault('file.invalid', `${file} cannot be read: ${cause.message}`, {cause})
    throw new Fault('file.not-found', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {cause}) // Node's own errors
  }
}
