import {closeSync, copyFileSync, existsSync, openSync, readSync, rmSync, statSync, truncateSync} from 'node:fs'
import {openForReading} from './open-for-reading.ts'
import {SqliteStore} from './sqlite-store.ts'

/**
 * Opens what was put in quarantine, without changing it. SQLite refuses a file that was cut off as a whole, though most of
 * it may be sound: then it is given a copy (`scratch`, removed at the end) with zeros where the end was.
 */
export function openDamaged(damaged: string, scratch: string): SqliteStore | undefined {
  const bytes = fullSize(damaged)
  if (statSync(damaged).size >= bytes) return opened(damaged, () => {})
  const tidy = () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(scratch + suffix, {force: true})
  }
  tidy()
  copyFileSync(damaged, scratch)
  truncateSync(scratch, bytes)
  if (existsSync(`${damaged}-wal`)) copyFileSync(`${damaged}-wal`, `${scratch}-wal`)
  const store = opened(scratch, tidy)
  if (!store) tidy()
  return store
}

function opened(file: string, tidy: () => void): SqliteStore | undefined {
  const reader = openForReading(file)
  return (
    reader &&
    new SqliteStore(
      reader.database,
      () => false,
      () => {
        reader.tidy()
        tidy()
      },
    )
  )
}

const HEADER_BYTES = 32
/** A sanity bound, far above any journal: what a damaged header says is not believed beyond it. */
const LARGEST_BYTES = 2 ** 40

/** What the header says: page size (1 stands for 65536) times pages. */
function fullSize(file: string): number {
  const header = Buffer.alloc(HEADER_BYTES)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, header, 0, HEADER_BYTES, 0)
  } finally {
    closeSync(handle)
  }
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  const bytes = pageBytes * header.readUInt32BE(28)
  return bytes <= LARGEST_BYTES ? bytes : 0
}
