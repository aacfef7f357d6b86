import {existsSync, readFileSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {DatabaseSync} from 'node:sqlite'
import {BALLAST_FILE} from './ballast.ts'
import {openForReading} from './open-for-reading.ts'

/** What making the journal writes is a tenth of this; a file with more in it was begun, whatever can be read of it. */
const MOST_BYTES = 1 << 20
/** How the text of every record begins (canonical JSON: keys in order). It lies in one piece, unlike what comes later. */
const RECORD = '{"actor":{'

/**
 * True for what a first write leaves that found no room: no bytes, a header without tables, tables without an identity.
 * Nothing can be lost with it, and the next write that has room begins it. A damaged journal can look the same to SQLite
 * (it reads a `-wal` only up to the first bad frame), so no record may lie in the bytes either; and where the ballast is,
 * a commit had succeeded.
 */
export function isNeverBegun(file: string): boolean {
  if (existsSync(join(dirname(file), BALLAST_FILE))) return false
  if ([file, `${file}-wal`].some(holdsRecord)) return false
  if (statSync(file).size === 0) return true
  const opened = openForReading(file, () => {})
  if (!opened) return false
  try {
    return isEmpty(opened.database)
  } catch {
    return false // SQLite cannot read it: that is damage
  } finally {
    opened.database.close()
    opened.tidy()
  }
}

function holdsRecord(path: string): boolean {
  const size = statSync(path, {throwIfNoEntry: false})?.size ?? 0
  return size > MOST_BYTES || (size > 0 && readFileSync(path).includes(RECORD))
}

function isEmpty(database: DatabaseSync): boolean {
  const count = (from: string) => Number(database.prepare(`select count(*) as n from ${from}`).get()?.['n'])
  return count('sqlite_schema') === 0 || (count('meta') === 0 && count('event') === 0)
}
