import {copyFileSync, existsSync, mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {pathToFileURL} from 'node:url'
import {BUSY_TIMEOUT_MS} from './open-database.ts'

export interface ReadOnlyDatabase {
  readonly database: DatabaseSync
  /** Removes the private copy, if one had to be made. */
  readonly tidy: () => void
}

/**
 * Opens the journal where it cannot be written, by the first rung that holds:
 *
 * 1. read-only, which works where `-wal` and `-shm` are there or may be made;
 * 2. `immutable=1`, only where no `-wal` is left: it ignores one silently (1 row of 3 was seen);
 * 3. a private copy of the file and its `-wal`.
 *
 * Undefined when no rung holds or there is no file.
 * @param look decides whether a rung holds, by throwing; @default the tables of a journal are there
 */
export function openForReading(file: string, look: Look = seeTables): ReadOnlyDatabase | undefined {
  if (!existsSync(file)) return undefined
  const hasWal = (statSync(`${file}-wal`, {throwIfNoEntry: false})?.size ?? 0) > 0
  const rungs = [() => plain(file, look), () => (hasWal ? copied(file, look) : immutable(file, look))]
  for (const rung of rungs) {
    try {
      return rung()
    } catch {}
  }
  return undefined
}

type Look = (database: DatabaseSync) => void

function plain(file: string, look: Look): ReadOnlyDatabase {
  return {database: readable(new DatabaseSync(file, {readOnly: true, timeout: BUSY_TIMEOUT_MS}), look), tidy: () => {}}
}

function immutable(file: string, look: Look): ReadOnlyDatabase {
  const url = pathToFileURL(file)
  url.search = 'immutable=1'
  return {database: readable(new DatabaseSync(url, {readOnly: true}), look), tidy: () => {}}
}

function copied(file: string, look: Look): ReadOnlyDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'scram-read-'))
  const tidy = () => rmSync(folder, {recursive: true, force: true})
  try {
    const copy = join(folder, 'journal.db')
    copyFileSync(file, copy)
    copyFileSync(`${file}-wal`, `${copy}-wal`)
    return {database: readable(new DatabaseSync(copy), look), tidy}
  } catch (error) {
    tidy()
    throw error
  }
}

/** SQLite opens lazily: only a look at the schema tells whether this rung holds. */
function readable(database: DatabaseSync, look: Look): DatabaseSync {
  try {
    database.prepare('select count(*) from sqlite_schema').get()
    look(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function seeTables(database: DatabaseSync): void {
  database.prepare('select count(*) from event limit 1').columns()
  database.prepare('select origin from meta').get()
}
