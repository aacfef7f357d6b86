import {rename, stat, utimes} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {eachOf} from './each-of.ts'
import {makeReadable} from './make-readable.ts'
import {isCode, NotPublished} from './not-published.ts'
import type {Staging} from './staging.ts'
import {syncFolders, writeSynced} from './write-synced.ts'

export interface PageFile {
  /** Relative to the target, with `/`. */
  readonly name: string
  readonly bytes: Buffer
}

export interface Replacing {
  readonly path: string
  readonly staging: Staging
  readonly signal: AbortSignal
}

/**
 * All files made durable aside, then renamed one after another in their order: a full disk changes nothing that users
 * see, and what they see changes within milliseconds. @throws NotPublished target.busy when our claim was taken from us
 */
export async function replaceFiles(files: readonly PageFile[], {path, staging, signal}: Replacing): Promise<void> {
  const attempt = crypto.randomUUID()
  const folders = new Set(files.map(({name}) => dirname(join(path, name))))
  for (const folder of folders) await makeReadable(folder)
  const staged = files.map((file, i) => ({...file, to: join(path, file.name), from: join(staging.path, `${attempt}-${i}`)}))
  await eachOf(staged, async ({from, to, bytes}) => {
    signal.throwIfAborted()
    await writeSynced(from, bytes)
    await laterThan(from, to)
  })
  for (const {from, to} of staged) {
    signal.throwIfAborted()
    await place(from, to)
  }
  await syncFolders([...folders, path])
}

/** Fails when the claim was taken from us: our staging folder is gone, and with it every file we could still place. */
async function place(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (isCode(error, 'ENOENT')) throw new NotPublished('target.busy', `${to} was taken over by another publication`)
    throw error
  }
}

/** nginx makes an ETag of size and whole seconds: two builds within one second must not share it. */
async function laterThan(from: string, to: string): Promise<void> {
  const [mine, old] = await Promise.all([stat(from), stat(to).catch(() => null)])
  if (old === null || Math.floor(mine.mtimeMs / 1000) > Math.floor(old.mtimeMs / 1000)) return
  const next = Math.floor(old.mtimeMs / 1000) + 1
  await utimes(from, next, next)
}
