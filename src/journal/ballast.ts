import {closeSync, lstatSync, openSync, readSync, rmSync, statfsSync, writeSync} from 'node:fs'
import {join} from 'node:path'

export const BALLAST_FILE = 'ballast'
/** Room for more than a thousand events: what it takes to get through an outage on a full disk. */
export const BALLAST_BYTES = 2 << 20
/** With less room than this the ballast itself would be the problem. */
const ROOM_BYTES = 64 << 20
const CHUNK_BYTES = 1 << 18

/**
 * Keeps a file that can be given up when the disk is full. Random bytes: a file system that compresses would keep nothing
 * in reserve. Not synced: space is what it holds, not data. Best effort, never throws; asked once a process, after a commit.
 */
export function keepBallast(home: string): void {
  const file = join(home, BALLAST_FILE)
  try {
    if (lstatSync(file, {throwIfNoEntry: false})) return
    const {bavail, bsize} = statfsSync(home)
    if (bavail * bsize < ROOM_BYTES) return
    const source = openSync('/dev/urandom', 'r')
    const target = openSync(file, 'wx', 0o600)
    const chunk = new Uint8Array(CHUNK_BYTES)
    for (let written = 0; written < BALLAST_BYTES; written += CHUNK_BYTES) {
      readSync(source, chunk)
      writeSync(target, chunk)
    }
    closeSync(source)
    closeSync(target)
  } catch {}
}

/** Too little for a `-wal` and its index: whatever SQLite says then, this is why. */
const NO_ROOM_BYTES = 128 << 10

export function hasNoRoom(home: string): boolean {
  try {
    const {bavail, bsize} = statfsSync(home)
    return bavail * bsize < NO_ROOM_BYTES
  } catch {
    return false
  }
}

/** Gives the room back. False: there was none to give. */
export function dropBallast(home: string): boolean {
  try {
    rmSync(join(home, BALLAST_FILE))
    return true
  } catch {
    return false
  }
}
