import {realpathSync} from 'node:fs'
import {dirname, relative, sep} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {readFileBounded, UnreadableFile} from '../lib/files.ts'
import {shellQuote} from '../lib/text.ts'
import type {Place} from '../lib/yaml-source.ts'
import type {Find, Found} from './calls.ts'
import {findRunbooks} from './find-runbooks.ts'
import {decodeUtf8, NotUtf8} from './utf8.ts'

/** Bounds what is read before anything looks at it; the YAML guards bound the rest. */
const LONGEST_BYTES = 256 * 1024

/** A file as it lies there; one that cannot be read has no text, one that is not UTF-8 only a likely one, and says why and where. */
export interface Lying {
  readonly file: string
  readonly path: string
  readonly text: string
  readonly unreadable?: {readonly message: string} & Place
}

/**
 * Every file of a workspace that may be a runbook, unparsed, in the order of `findRunbooks`. YAML beside `scram.yaml` that
 * names neither `runbook:` nor `scram:` is somebody else's and left out. Paths are relative to the folder.
 */
export async function lyingIn(folder: string): Promise<readonly Lying[]> {
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
export function finder(folder: string, files: readonly Lying[]): Find {
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
export function writtenId(text: string): string | null {
  return /^["']?runbook["']?\s*:\s*(["']?)([a-z][a-z0-9-]*)\1\s*?(?:\s#.*)?$/m.exec(text)?.[2] ?? null
}

/**
 * Those of them that may be the runbook with this id: a file that names another id is passed over, one whose id only the
 * parser can tell is not.
 */
export function mayBe(files: readonly Lying[], id: string): readonly Lying[] {
  return files.filter(({text}) => [null, id].includes(writtenId(text)))
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
