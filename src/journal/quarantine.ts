import {closeSync, constants, fsyncSync, openSync, readFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {makeHome, syncFolder} from './make-home.ts'

/** Where bytes go that could not be taken: kept for a person, never deleted by us. */
export interface Quarantine {
  /** Durable when it returns; answers under which name. */
  keep(name: string, bytes: Uint8Array): string
  /** Undefined when it is no longer there. */
  read(name: string): Uint8Array | undefined
}

/** Files below `$SCRAM_HOME/quarantine`, 0600. */
export function folderQuarantine(home: string): Quarantine {
  const folder = join(home, 'quarantine')
  return {
    keep(name, bytes) {
      makeHome(folder)
      const handle = openSync(join(folder, name), constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY, 0o600)
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      syncFolder(folder)
      return name
    },
    read(name) {
      try {
        return readFileSync(join(folder, name))
      } catch {
        return undefined
      }
    },
  }
}

/** For a journal in memory. */
export function memoryQuarantine(): Quarantine {
  const kept = new Map<string, Uint8Array>()
  return {
    keep(name, bytes) {
      kept.set(name, bytes)
      return name
    },
    read: name => kept.get(name),
  }
}
