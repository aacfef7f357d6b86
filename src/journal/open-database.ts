import {closeSync, constants, fsyncSync, lstatSync, openSync, statfsSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {Fault} from '../lib/fault.ts'
import {syncFolder} from '../lib/files.ts'
import {shellQuote} from '../lib/text.ts'
import {diskProblem} from './disk-problem.ts'
import {APPLICATION_ID, SCHEMA, SCHEMA_VERSION, UPGRADE} from './sqlite-schema.ts'

/**
 * A CLI waits this long for another writer, blocking; a server takes less and tries again by itself. Node's default of 0
 * made 11 of 20 simultaneous writers fail.
 */
export const BUSY_TIMEOUT_MS = 5000

const THRIFTY_PAGES = 16

export interface OpenDatabase {
  readonly busyTimeoutMs?: number
  /** The disk is full: `-wal` is folded into the file after a few commits instead of growing to 4 MB first. */
  readonly isThrifty?: boolean
  /** For tests of an engine that is not ours to choose. */
  readonly engine?: string
}

/**
 * Opens the journal's file for writing, made on first use (0600 before SQLite sees it: `-wal` and `-shm` take their mode
 * from it, so no umask has to be changed for the whole process). Every setting that durability rests on is read back.
 * @throws Fault setup.invalid (a symlink, a foreign or newer file) · what SQLite throws (`disk-fault.ts` reads it)
 */
export function openDatabase(file: string, {busyTimeoutMs = BUSY_TIMEOUT_MS, isThrifty = false, engine}: OpenDatabase = {}): DatabaseSync {
  ensurePlainFile(file)
  const database = new DatabaseSync(file, {timeout: busyTimeoutMs})
  try {
    const version = engine ?? String(database.prepare('select sqlite_version() as v').get()?.['v'])
    chooseDurability(database, isWalSafe(version) && !isNetworkFolder(dirname(file)))
    if (isThrifty) database.exec(`pragma wal_autocheckpoint = ${THRIFTY_PAGES}`)
    database.exec('pragma trusted_schema = off')
    if ('enableDefensive' in database) database.enableDefensive(true) // not in the first Node 24
    ensureSchema(database, file)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLite follows a symlink silently: a planted one would write the record of an outage wherever it points. */
function ensurePlainFile(file: string): void {
  const stats = lstatSync(file, {throwIfNoEntry: false})
  if (stats && !stats.isFile()) {
    throw new Fault('setup.invalid', `${file} is ${stats.isSymbolicLink() ? 'a symbolic link' : 'not a plain file'}; the journal is not written through it`, {
      hints: [`ls -l ${shellQuote(file)}`, 'SCRAM_HOME=FOLDER may itself be a link'],
    })
  }
  if (!stats) createPrivate(file)
}

function createPrivate(file: string): void {
  try {
    const handle = openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_RDWR, 0o600)
    fsyncSync(handle)
    closeSync(handle)
    syncFolder(dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // another process was quicker: good
  }
}

/**
 * WAL with FULL loses nothing at a power cut and is five times as quick as the next best, DELETE with EXTRA; NORMAL loses
 * everything since the last checkpoint. An engine that cannot do WAL safely must not, whatever it is told.
 */
function chooseDurability(database: DatabaseSync, useWal: boolean): void {
  const mode = useWal ? pragma(database, 'journal_mode = wal') : leaveWal(database)
  const level = mode === 'wal' ? 2 : 3
  database.exec(`pragma synchronous = ${level}`)
  if ((mode === 'wal' && !useWal) || Number(pragma(database, 'synchronous')) !== level) throw notDurable(`journal_mode ${String(mode)}`)
}

/** Another process has the file open in WAL: two engines must not meet there, so this one stays away. */
function leaveWal(database: DatabaseSync): unknown {
  try {
    return pragma(database, 'journal_mode = delete')
  } catch (error) {
    throw diskProblem(error) === 'busy' ? notDurable('another process uses WAL, which is not safe with this SQLite', error) : error
  }
}

function notDurable(why: string, cause?: unknown): Fault {
  return new Fault('journal.unwritable', `the journal cannot be made durable here: ${why}`, {
    hints: ['use the Node that ships with scram', 'scram doctor'],
    cause,
  })
}

function pragma(database: DatabaseSync, text: string): unknown {
  const found = database.prepare(`pragma ${text}`).get()
  return found && Object.values(found)[0]
}

/**
 * Before these versions two processes that write and checkpoint at once could lose acknowledged commits in WAL
 * (the WAL-reset bug, tursodatabase/libsql#2271).
 */
export function isWalSafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major !== 3) return major > 3
  if (minor === 44) return patch >= 6
  if (minor === 50) return patch >= 7
  return minor > 51 || (minor === 51 && patch >= 3)
}

/** NFS, SMB (three magics), FUSE, 9p, Ceph: all users of a WAL file must be on one host. */
const NETWORK_MAGIC: ReadonlySet<number> = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400])

export function isNetworkFolder(folder: string): boolean {
  return NETWORK_MAGIC.has(Number(statfsSync(folder).type) >>> 0)
}

function ensureSchema(database: DatabaseSync, file: string): void {
  if (missingAtOnce(database, file) === undefined) return
  database.exec('begin immediate')
  try {
    // Asked again: another process may have made it while we waited.
    const sql = missing(database, file)
    if (sql !== undefined) database.exec(sql)
    database.exec('commit')
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

/** Read as of one moment: between two readings another process may make the tables, and half of them looks like somebody else's file. */
function missingAtOnce(database: DatabaseSync, file: string): string | undefined {
  database.exec('begin')
  try {
    return missing(database, file)
  } finally {
    if (database.isTransaction) database.exec('rollback')
  }
}

/** What has to be run to make the file a journal of this version; undefined: nothing. A newer one has all that this one needs. */
function missing(database: DatabaseSync, file: string): string | undefined {
  const application = Number(pragma(database, 'application_id'))
  const version = Number(pragma(database, 'user_version'))
  if (application === APPLICATION_ID && version >= 1) return version < SCHEMA_VERSION ? UPGRADE : undefined
  const tables = database.prepare('select count(*) as n from sqlite_schema').get()?.['n']
  if (application === 0 && version === 0 && tables === 0) return SCHEMA
  throw new Fault('setup.invalid', `${file} is a SQLite database, but not a journal of scram`, {
    hints: [`mv ${shellQuote(file)} ${shellQuote(`${file}.foreign`)}`],
  })
}
