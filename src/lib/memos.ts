import {lstatSync, mkdirSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {readFileBounded, replaceFile} from './files.ts'
import {orNull} from './or-null.ts'
import {textSum} from './text-sum.ts'

/** What was worked out from texts and holds as long as they stay the same. Files that may be removed at any time. */
export interface Memos {
  /**
   * What was kept under this name from exactly these texts, by this program. Null: nothing, or not from these.
   * The caller says the type; whoever kept it under that name kept that.
   */
  recall<T>(name: string, from: readonly string[]): T | null
  /** `value` is plain JSON. What cannot be kept is worked out again: never throws. */
  keep(name: string, from: readonly string[], value: unknown): void
}

/** Far above what a file of 256 KiB makes; what is longer is not kept. */
const MOST_BYTES = 4 * 1024 * 1024
/** More of them are files that nobody reads any more: they begin anew. */
const MOST_FILES = 100

/**
 * @param folder null: nothing is kept
 * @param program another one for any change of what makes the values; null: it may change without a new name, and keeps nothing
 */
export function openMemos(folder: string | null, program: string | null): Memos {
  if (folder === null || program === null) return {recall: () => null, keep: () => undefined}
  const fileOf = (name: string) => join(folder, `${textSum(name).toString(16).padStart(8, '0')}.json`)
  return {
    recall: (name, from) => orNull(() => valueIn(readFileBounded(fileOf(name), MOST_BYTES, {refuse: foreign}).toString(), [program, name, ...from])),
    keep(name, from, value) {
      orNull(() => {
        const body = JSON.stringify({from: [program, name, ...from], value})
        const text = `${textSum(body).toString(16)}\n${body}`
        if (Buffer.byteLength(text) > MOST_BYTES) return
        ownFolder(folder)
        const files = readdirSync(folder).filter(file => OURS.test(file))
        if (files.length >= MOST_FILES) for (const file of files) rmSync(join(folder, file), {force: true})
        replaceFile(fileOf(name), text, {isLasting: false})
      })
    },
  }
}

/** A memo, or what a process left that was killed while it wrote one: nothing else is ever removed. */
const OURS = /^\.?[0-9a-f]{8}\.json/

/** Made when it is not there; its parent is the cache folder of scram, which bin/run.cjs makes. @throws Error: it is another's, or leads elsewhere */
function ownFolder(folder: string): void {
  const before = lstatSync(folder, {throwIfNoEntry: false})
  if (!before) mkdirSync(folder, {mode: 0o700})
  else if (!before.isDirectory() || foreign(before) !== undefined) throw new Error('it is not ours alone')
}

/** Under a sum of its own, because JSON with a flipped bit is often still JSON. */
function valueIn<T>(text: string, from: readonly string[]): T | null {
  const end = text.indexOf('\n')
  const body = text.slice(end + 1)
  if (textSum(body).toString(16) !== text.slice(0, end)) return null
  const kept = JSON.parse(body) as {readonly from: readonly string[]; readonly value: T} // as it was written
  return kept.from.length === from.length && kept.from.every((each, i) => each === from[i]) ? kept.value : null
}

/** What somebody else may write is not believed. */
function foreign({uid, mode}: {readonly uid: number; readonly mode: number}): string | undefined {
  return uid !== process.getuid?.() || (mode & 0o022) !== 0 ? 'it is not ours alone' : undefined
}
