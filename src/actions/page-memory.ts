import {join} from 'node:path'
import {readFileBounded, replaceFile} from '../lib/files.ts'
import {orNull} from '../lib/or-null.ts'
import {sealed, unsealed} from '../lib/sealed.ts'
import {type Memo, memoText, readMemo} from '../page/memo.ts'
import {type SeenFile, SeenFiles} from '../page/targets/seen-files.ts'
import type {Desk} from './desk.ts'

/**
 * What publishing remembers beside the journal, so that it need not look at everything again: two files that may be removed
 * at any time. Nothing here throws: what cannot be read is not remembered, what cannot be written is found out again.
 * Several processes replace them whole; each writes what is true.
 */
const MEMO = 'page-memo'
const SEEN = 'page-seen'
/** So many are read and rendered anyway: a young page leaves no files behind and syncs none. */
const FEW = 50
/** A hundred thousand incidents. */
const MOST_BYTES = 64 * 1024 * 1024

/** Null: a program that may change without a new name remembers nothing. */
export function makerOf(desk: Desk): string | null {
  const build = desk.build()
  return build === null ? null : `${build} ${process.version}`
}

export function loadMemo({home}: Desk, context: string): Memo | null {
  return orNull(() => (home === null ? null : readMemo(readText(join(home, MEMO)), context)))
}

export function saveMemo({home}: Desk, memo: Memo): void {
  if (home !== null && memo.past.length > FEW) orNull(() => replaceFile(join(home, MEMO), memoText(memo)))
}

type SeenText = Readonly<Record<string, readonly (readonly [name: string, file: SeenFile])[]>>

export interface Seen {
  at(path: string): SeenFiles
  save(): void
}

/** What was read of these targets before. @param isForgotten begin anew: everything is read once more */
export function openSeen({home}: Desk, targets: readonly {readonly path: string}[], isForgotten: boolean): Seen {
  const known = (isForgotten || home === null ? null : orNull(() => seenIn(readText(join(home, SEEN))))) ?? {}
  const files = new Map(targets.map(({path}) => [path, new SeenFiles(Object.hasOwn(known, path) ? known[path] : [])]))
  return {
    at: path => files.get(path) ?? new SeenFiles(),
    save() {
      if (home === null || ![...files.values()].some(each => each.isGrown && each.files().length > FEW)) return
      const body = JSON.stringify(Object.fromEntries([...files].map(([path, each]) => [path, each.files()])))
      orNull(() => replaceFile(join(home, SEEN), sealed(body)))
    },
  }
}

function seenIn(text: string): SeenText {
  const body = unsealed(text)
  return body === null ? {} : (JSON.parse(body) as SeenText) // as it was written
}

function readText(path: string): string {
  return readFileBounded(path, MOST_BYTES).toString()
}
