import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Journal} from './journal.ts'
import {type Keeper, LocalJournal} from './local-journal.ts'
import {makeHome} from './make-home.ts'
import {type OpenDatabase, openDatabase} from './open-database.ts'
import {SqliteStore} from './sqlite-store.ts'

export interface OpenJournal extends Keeper, OpenDatabase {
  /** The folder of the record; null when none can be named: then the journal is the emergency log alone. */
  readonly home: string | null
}

export const JOURNAL_FILE = 'journal.db'

/** Opens the machine's journal, made on first use. */
export async function openJournal(options: OpenJournal): Promise<Journal> {
  const home = options.home ?? '/nonexistent'
  makeHome(home)
  const store = new SqliteStore(openDatabase(join(home, JOURNAL_FILE), options))
  if (!store.read(reading => reading.meta())) {
    store.write(writing => {
      if (!writing.meta()) writing.setMeta({origin: options.ids.hex(8), epoch: 1, machine: machineId()})
    })
  }
  return new LocalJournal(store, options)
}

/** Empty where the machine has none (containers): then a copied journal cannot be noticed. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim()
  } catch {
    return ''
  }
}
