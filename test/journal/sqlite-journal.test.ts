import {openJournal} from '../../src/journal/open-journal.ts'
import {journalContract} from '../contracts/journal.ts'
import {scratch} from './test-keeper.ts'

journalContract('on disk', async () => {
  const home = scratch()
  return {open: async keeper => openJournal({...keeper, home, emergencyFolders: []})}
})

journalContract('on disk, an engine whose WAL is not safe', async () => {
  const home = scratch()
  return {open: async keeper => openJournal({...keeper, home, emergencyFolders: [], engine: '3.45.0', busyTimeoutMs: 200})}
})
