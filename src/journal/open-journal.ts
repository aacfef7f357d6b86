import {statSync} from 'node:fs'
import {join} from 'node:path'
import {makeFolder} from '../lib/files.ts'
import {dropBallast, hasNoRoom, keepBallast} from './ballast.ts'
import {emergencyFolders} from './emergency-folders.ts'
import {EmergencyLog} from './emergency-log.ts'
import {beginEpoch, ensureIdentity, machineId} from './epoch.ts'
import type {Journal} from './journal.ts'
import type {Keeper} from './keeper.ts'
import {LocalJournal} from './local-journal.ts'
import {type OpenDatabase, openDatabase} from './open-database.ts'
import {openForReading} from './open-for-reading.ts'
import {folderQuarantine} from './quarantine.ts'
import {SqliteStore} from './sqlite-store.ts'
import type {Store} from './store.ts'
import {StoreAccess} from './store-access.ts'

export interface OpenJournal extends Keeper, OpenDatabase {
  /** The folder of the record; null when none can be named: then the journal is the emergency log alone. */
  readonly home: string | null
  /** `read`: nothing is made or changed, and an append goes to the emergency log. */
  readonly mode?: 'read'
  /** Takes one `SCRAM-EVENT {…}` line when an event can be kept nowhere else: stderr, for the command line. */
  readonly lastResort?: (line: string) => void
  /** Where emergency logs go. @default the runtime folder, /dev/shm */
  readonly emergencyFolders?: readonly string[]
  /** @default what /etc/machine-id says */
  readonly machine?: string
}

export const JOURNAL_FILE = 'journal.db'

/**
 * Opens the machine's journal; the first time makes the home and the file. A disk that fails, a home that is read-only or
 * missing does not throw: the journal then reads what it can, appends to the emergency log, and `trouble()` says so.
 * @throws Fault journal.busy · setup.invalid (a symlink or somebody else's file in the journal's place)
 */
export async function openJournal(options: OpenJournal): Promise<Journal> {
  const {home, ids, lastResort, mode} = options
  const access = new StoreAccess({
    open: isFull => openStore({...options, isThrifty: isFull}),
    openForReading: () => (home === null ? undefined : openReader(join(home, JOURNAL_FILE))),
    isFull: () => home !== null && hasNoRoom(home),
    makeRoom: () => home !== null && dropBallast(home),
  })
  if (home === null) access.note({code: 'read-only', message: 'there is no home for the journal (no HOME, no SCRAM_HOME)', hints: ['export SCRAM_HOME=FOLDER']})
  else if (mode === 'read') access.openForReading()
  else access.open()
  return new LocalJournal({
    keeper: options,
    access,
    emergency: new EmergencyLog({home, ids, folders: options.emergencyFolders ?? emergencyFolders(), ...(lastResort && {lastResort})}),
    quarantine: folderQuarantine(home ?? ''),
    afterFirstAppend: () => home !== null && keepBallast(home),
  })
}

/** @throws what the disk says (`disk-problem.ts`) · Fault setup.invalid */
export function openStore(options: OpenJournal): Store {
  const home = options.home ?? ''
  const machine = options.machine ?? machineId()
  makeFolder(home)
  const file = join(home, JOURNAL_FILE)
  const database = openDatabase(file, options)
  const opened = statSync(file).ino
  const store = new SqliteStore(database, () => statSync(file, {throwIfNoEntry: false})?.ino !== opened)
  try {
    const meta = store.meta()
    if (!meta) store.write(writing => ensureIdentity(writing, options, machine))
    else if (meta.machine !== machine && meta.machine !== '' && machine !== '') moveMachine(store, options, machine)
    return store
  } catch (error) {
    store.close()
    throw error
  }
}

/** The file was copied here from another machine, which may go on writing its own. */
function moveMachine(store: Store, keeper: Keeper, machine: string): void {
  store.write(writing => {
    if (writing.meta()?.machine !== machine) beginEpoch(writing, keeper, machine, {reason: 'machine'})
  })
}

function openReader(file: string): Store | undefined {
  const opened = openForReading(file)
  return opened && new SqliteStore(opened.database, () => false, opened.tidy)
}
