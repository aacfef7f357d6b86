import {closeSync, fsyncSync, mkdirSync, openSync} from 'node:fs'
import {dirname} from 'node:path'

/**
 * Makes a folder and its missing parents, 0700, each made durable together with its entry in its parent: on a file system
 * without a journal of its own, a power cut after the first event else took the whole home along (measured).
 * One level at a time: Node's recursive mkdir spins for ever below /proc.
 * @throws what mkdir and fsync throw (a Node error with a code); an existing folder is fine
 */
export function makeHome(folder: string): void {
  if (tryMake(folder) === 'no parent') {
    makeHome(dirname(folder))
    tryMake(folder)
  }
}

function tryMake(folder: string): 'made' | 'there' | 'no parent' {
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return 'there'
    if (code === 'ENOENT' && dirname(folder) !== folder) return 'no parent'
    throw error
  }
  syncFolder(folder)
  syncFolder(dirname(folder))
  return 'made'
}

/** What was created, renamed or removed in a folder is durable after this. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
