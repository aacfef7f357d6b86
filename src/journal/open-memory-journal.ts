import {EmergencyLog} from './emergency-log.ts'
import {ensureIdentity} from './epoch.ts'
import type {Journal} from './journal.ts'
import type {Keeper} from './keeper.ts'
import {LocalJournal} from './local-journal.ts'
import {MemoryStore} from './memory-store.ts'
import {memoryQuarantine} from './quarantine.ts'
import type {Store} from './store.ts'
import {StoreAccess} from './store-access.ts'

/**
 * A journal that lives as long as the process: for tests, the runbook tests of a workspace, simulations. It passes the
 * contract suite of the one on disk. `store` lets two journals share one record, as two processes do.
 */
export function openMemoryJournal(keeper: Keeper, store: Store = new MemoryStore()): Journal {
  const access = new StoreAccess({open: () => store, openForReading: () => undefined, isFull: () => false, makeRoom: () => false})
  store.write(writing => ensureIdentity(writing, keeper, ''))
  access.open()
  const emergency = new EmergencyLog({home: null, ids: keeper.ids, folders: []})
  return new LocalJournal({keeper, access, emergency, quarantine: memoryQuarantine(), afterFirstAppend: () => {}})
}
