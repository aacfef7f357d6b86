import {createHash} from 'node:crypto'
import {closeSync, constants, copyFileSync, existsSync, fchmodSync, fsyncSync, openSync, readSync} from 'node:fs'
import {basename, join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {makeFolder, syncFolder} from '../lib/files.ts'
import {busyFault, diskEvidence, diskProblem} from './disk-problem.ts'
import {emergencyFolders} from './emergency-folders.ts'
import {EmergencyLog} from './emergency-log.ts'
import {beginEpoch, machineId} from './epoch.ts'
import {type EmergencyImport, importEmergency} from './import-emergency.ts'
import {isNeverBegun} from './never-begun.ts'
import {openForReading} from './open-for-reading.ts'
import {JOURNAL_FILE, type OpenJournal, openStore} from './open-journal.ts'
import {putInPlace, type Salvaged, salvageJournal} from './salvage-journal.ts'
import {SqliteStore} from './sqlite-store.ts'
import {verifyRecord} from './verify-record.ts'

export interface Recovered extends EmergencyImport {
  /** The file held no record yet: a first write had found no room, and nothing is damaged. */
  readonly isNew: boolean
  /** Null: the file was sound. */
  readonly salvaged: (Salvaged & {readonly quarantine: string}) | null
}

/**
 * Brings the record back together after a disk failed: a damaged file is replaced by its sound beginning (new epoch, the
 * damaged one to quarantine), then the emergency logs are taken in. Before anything is opened for writing, the file and its
 * `-wal` are copied to quarantine: SQLite's own recovery may throw away what a failed commit left there. With nothing to
 * do nothing is touched; twice is once.
 * @throws Fault journal.unwritable (the disk is not well yet) · journal.busy
 */
export async function recoverJournal(options: OpenJournal): Promise<Recovered> {
  const {home, ids} = options
  if (home === null) throw new Fault('journal.unwritable', 'there is no home to recover the journal into', {hints: ['export SCRAM_HOME=FOLDER']})
  const file = join(home, JOURNAL_FILE)
  const log = new EmergencyLog({home, ids, folders: options.emergencyFolders ?? emergencyFolders()})
  try {
    putInPlace(file)
    const isThere = existsSync(file)
    const isNew = isThere && isNeverBegun(file)
    const isDamaged = isThere && !isNew && !isSound(file)
    if (!isDamaged && log.files().length === 0) return {isNew, salvaged: null, imported: 0, duplicates: 0, refused: [], settled: []}
    makeFolder(home)
    const copied = isThere && !isNew ? quarantineCopy(home, file, iso(options.clock.now())) : undefined
    const salvaged = isDamaged && copied ? salvage(options, file, copied) : null
    const store = openStore(options)
    try {
      return {isNew, salvaged, ...importEmergency(store, log)}
    } finally {
      store.close()
    }
  } catch (error) {
    throw asFault(error)
  }
}

/**
 * Begins a new epoch by a person's word: a journal restored from a backup cannot be noticed here, and would give out places
 * that were taken once before. Answers the new epoch.
 * @throws Fault journal.unwritable · journal.busy
 */
export async function startEpoch(options: OpenJournal, detail?: string): Promise<number> {
  try {
    const store = openStore(options)
    try {
      const machine = options.machine ?? machineId()
      return store.write(writing => beginEpoch(writing, options, machine, {reason: 'restore', ...(detail !== undefined && {detail})}))
    } finally {
      store.close()
    }
  } catch (error) {
    throw asFault(error)
  }
}

function asFault(error: unknown): unknown {
  const problem = error instanceof Fault ? undefined : diskProblem(error)
  if (problem === undefined) return error
  if (problem === 'busy') return busyFault(error)
  return new Fault('journal.unwritable', `the journal cannot be written yet (${diskEvidence(error)}); nothing was deleted`, {
    cause: error,
    hints: ['df -h', 'dmesg | tail'],
  })
}

function isSound(file: string): boolean {
  const opened = openForReading(file)
  if (!opened) return false
  const store = new SqliteStore(opened.database, () => false, opened.tidy)
  try {
    return store.meta() !== undefined && verifyRecord(store, []).ok
  } catch (error) {
    if (diskProblem(error)) return false
    throw error
  } finally {
    store.close()
  }
}

/** A folder of its own below quarantine, 0600, durable. */
function quarantineCopy(home: string, file: string, at: string): string {
  const stem = join(home, 'quarantine', `journal-${at.replaceAll(':', '').replace('.', '')}`)
  let folder = stem
  for (let n = 2; existsSync(folder); n += 1) folder = `${stem}-${n}`
  makeFolder(folder)
  for (const suffix of ['', '-wal', '-shm']) {
    if (!existsSync(file + suffix)) continue
    const copy = join(folder, JOURNAL_FILE + suffix)
    copyFileSync(file + suffix, copy, constants.COPYFILE_FICLONE)
    const handle = openSync(copy, 'r')
    fchmodSync(handle, 0o600)
    fsyncSync(handle)
    closeSync(handle)
  }
  syncFolder(folder)
  return folder
}

function salvage(options: OpenJournal, file: string, copied: string): Salvaged & {readonly quarantine: string} {
  const damaged = join(copied, JOURNAL_FILE)
  const unlock = lockOut(file)
  try {
    const quarantine = {name: basename(copied), digest: digestOf(damaged)}
    const {machine} = options
    return {...salvageJournal({keeper: options, damaged, file, quarantine, ...(machine !== undefined && {machine})}), quarantine: copied}
  } finally {
    unlock()
  }
}

/** Keeps other writers out while the file is replaced, where it is sound enough to be locked; they see it has moved. */
function lockOut(file: string): () => void {
  const database = new DatabaseSync(file, {timeout: 5000})
  try {
    database.exec('begin immediate')
  } catch (error) {
    if (diskProblem(error) === 'busy') throw error
  }
  return () => database.close()
}

const CHUNK_BYTES = 1 << 20

function digestOf(path: string): string {
  const hash = createHash('sha256')
  const handle = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk)) hash.update(chunk.subarray(0, read))
  } finally {
    closeSync(handle)
  }
  return hash.digest('hex')
}
