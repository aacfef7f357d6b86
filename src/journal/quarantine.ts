import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {makeFolder, replaceFile} from '../lib/files.ts'

/** Where bytes go that could not be taken: kept for a person, never deleted by us. */
export interface Quarantine {
  /** Durable when it returns; the same name and bytes again change nothing. */
  keep(name: string, bytes: Uint8Array): void
  /** Undefined when it is no longer there. */
  read(name: string): Uint8Array | undefined
}

/** Files below `$SCRAM_HOME/quarantine`, 0600. */
export function folderQuarantine(home: string): Quarantine {
  const folder = join(home, 'quarantine')
  return {
    keep(name, bytes) {
      makeFolder(folder)
      replaceFile(join(folder, name), bytes)
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
  return {keep: (name, bytes) => void kept.set(name, bytes), read: name => kept.get(name)}
}
