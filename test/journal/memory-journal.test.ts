import {MemoryStore} from '../../src/journal/memory-store.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {journalContract} from '../contracts/journal.ts'

journalContract('in memory', async () => {
  const store = new MemoryStore()
  return {open: async keeper => openMemoryJournal(keeper, store)}
})
