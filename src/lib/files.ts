import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {randomBytes} from './random.ts'

/**
 * Files that survive a power cut and readings that cannot hang. Everything is synchronous: these calls stand on paths
 * where the process must not do anything else in between. What goes wrong is thrown as Node's own error, with its code;
 * the caller knows what that means to a person.
 */

/**
 * Puts `data` at `path` in one step: whoever reads sees the old file or the new one, never a half. A temporary file in the
 * same folder (0600 while it is written), fsync, rename, fsync of the folder. When it fails the old file is untouched and
 * the temporary one is removed; twice is once.
 * @param options.mode of the finished file; 0600 when not given
 * @param options.owner of the finished file; whoever runs this when not given
 * @param options.isLasting false: nobody waits for the disk, and a power cut may leave half of it. For what says itself that it is whole
 */
export function replaceFile(path: string, data: string | Uint8Array, {mode = 0o600, owner, isLasting = true}: ReplacedFile = {}): void {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path).slice(0, 100)}.${Buffer.from(randomBytes(6)).toString('hex')}.tmp`)
  const handle = openSync(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY, 0o600)
  try {
    try {
      writeAll(handle, typeof data === 'string' ? Buffer.from(data) : data)
      if (owner) fchownSync(handle, owner.uid, owner.gid)
      fchmodSync(handle, mode)
      if (isLasting) fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  }
  if (isLasting) syncFolder(folder)
}

interface ReplacedFile {
  readonly mode?: number
  readonly owner?: {readonly uid: number; readonly gid: number}
  readonly isLasting?: boolean
}

/** A write may be cut short (a signal, a quota): the rest is asked for until it fails or is done. */
function writeAll(handle: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written)
}

/**
 * Makes a folder and its missing parents, each made durable together with its entry in its parent. One level at a time:
 * Node's recursive mkdir spins for ever below /proc. An existing folder is left as it is.
 */
export function makeFolder(path: string, mode = 0o700): void {
  if (tryMake(path, mode) === 'no parent') {
    makeFolder(dirname(path), mode)
    if (tryMake(path, mode) === 'no parent') mkdirSync(path, {mode}) // throws: below /proc a parent is there and is not
  }
}

function tryMake(path: string, mode: number): 'made' | 'there' | 'no parent' {
  try {
    mkdirSync(path, {mode})
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return 'there'
    if (code === 'ENOENT' && dirname(path) !== path) return 'no parent'
    throw error
  }
  syncFolder(path)
  syncFolder(dirname(path))
  return 'made'
}

/** What was created, renamed or removed in a folder is durable after this. */
export function syncFolder(path: string): void {
  const handle = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Why a file was not read although it is there; `code` beside Node's own, so that one look decides. */
export class UnreadableFile extends Error {
  readonly code: 'ENOTFILE' | 'ETOOLONG' | 'EREFUSED'

  constructor(code: UnreadableFile['code'], message: string) {
    super(message)
    this.name = 'UnreadableFile'
    this.code = code
  }
}

export interface BoundedReading {
  /** Follow a link at the end of the path. Off: a link is refused (ELOOP). */
  readonly follow?: boolean
  /** A last look at what was opened (owner, mode); what it answers is why the file is refused. */
  readonly refuse?: (stats: Stats) => string | undefined
}

/**
 * Reads a plain file of at most `maxBytes`. A FIFO or a device cannot make it hang, a file that grows meanwhile cannot
 * make it swallow more than one byte above the limit, and what is judged is what is read: the opened file, not its name.
 * @throws UnreadableFile · Node's errors (ENOENT, EACCES, ELOOP for a link)
 */
export function readFileBounded(path: string, maxBytes: number, {follow = false, refuse}: BoundedReading = {}): Buffer {
  const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW))
  try {
    const stats = fstatSync(handle)
    if (!stats.isFile()) throw new UnreadableFile('ENOTFILE', 'it is not a plain file')
    const refused = refuse?.(stats)
    if (refused !== undefined) throw new UnreadableFile('EREFUSED', refused)
    // What fstat says is a hint for the buffer only: /proc says 0, and a file may grow.
    const buffer = Buffer.alloc(Math.min(Math.max(stats.size, 4096), maxBytes) + 1)
    const bytes = readInto(handle, buffer)
    if (bytes < buffer.length) return buffer.subarray(0, bytes)
    if (bytes > maxBytes) throw new UnreadableFile('ETOOLONG', `it is longer than ${maxBytes} bytes`)
    const rest = Buffer.alloc(maxBytes + 1 - bytes)
    const more = readInto(handle, rest)
    if (bytes + more > maxBytes) throw new UnreadableFile('ETOOLONG', `it is longer than ${maxBytes} bytes`)
    return Buffer.concat([buffer, rest.subarray(0, more)])
  } finally {
    closeSync(handle)
  }
}

function readInto(handle: number, buffer: Buffer): number {
  let length = 0
  while (length < buffer.length) {
    const read = readSync(handle, buffer, length, buffer.length - length, null)
    if (read === 0) break
    length += read
  }
  return length
}
