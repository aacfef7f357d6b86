import {Fault} from '../lib/fault.ts'

/**
 * - `busy`: another process kept the lock; nothing was recorded.
 * - `unwritable`: read-only, cannot be opened. Reading may go on.
 * - `io`, `full`, `corrupt`: the connection is dead for good. After one failed fsync SQLite acknowledges the next commits,
 *   whose data may never reach the disk (measured: 35 of 35); PostgreSQL learnt the same in 2018 ("fsyncgate").
 * - `moved`: the file under the connection is not the journal any more.
 */
export type DiskProblem = 'busy' | 'unwritable' | 'io' | 'full' | 'corrupt' | 'moved'

export class StoreMoved extends Error {}

/** A stored text that is no record any more, though SQLite gave it out without complaint. */
export class DamagedRecord extends Error {}

/** By SQLite's primary result code (the low byte; the text is for people). */
const BY_CODE: Readonly<Record<number, DiskProblem>> = {
  5: 'busy',
  6: 'busy',
  8: 'unwritable',
  14: 'unwritable',
  10: 'io',
  11: 'corrupt',
  26: 'corrupt',
  13: 'full',
}

/** What Node's own calls say while the home is made. */
const BY_NAME: Readonly<Record<string, DiskProblem>> = {
  EACCES: 'unwritable',
  EPERM: 'unwritable',
  EROFS: 'unwritable',
  ENOENT: 'unwritable',
  ENOTDIR: 'unwritable',
  EISDIR: 'unwritable',
  ELOOP: 'unwritable',
  ENAMETOOLONG: 'unwritable',
  EMFILE: 'unwritable',
  EIO: 'io',
  ENOSPC: 'full',
  EDQUOT: 'full',
}

/** Undefined: not the disk's doing (a Fault, a bug). */
export function diskProblem(error: unknown): DiskProblem | undefined {
  if (error instanceof StoreMoved) return 'moved'
  if (error instanceof DamagedRecord) return 'corrupt'
  if (error instanceof Fault) return error.code === 'journal.unwritable' ? 'unwritable' : undefined
  if (typeof error !== 'object' || error === null) return undefined
  const {code, errcode} = error as {code?: unknown; errcode?: unknown} // by its fields: Node's errors have no common class
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') return BY_CODE[errcode & 0xff]
  return typeof code === 'string' ? BY_NAME[code] : undefined
}

/** One line of evidence: the code, never a path of another's making. */
export function diskEvidence(error: unknown): string {
  const {code, errcode, message} = error as {code?: string; errcode?: number; message: string}
  return errcode === undefined ? (code ?? message) : `SQLite error ${errcode}: ${message}`
}

/** What is thrown on. A constraint is a bug: ids are looked up before they are written, under the lock. */
export function busyFault(cause: unknown): Fault {
  return new Fault('journal.busy', 'another process kept the journal locked; nothing was recorded', {hints: ['repeat the command'], cause})
}
