import {openJournal} from '../../src/journal/open-journal.ts'
import {journalContract} from '../contracts/journal.ts'
import {scratch} from './test-keeper.ts'

journalContract(
  'in emergency, with no home',
  async () => {
    const folder = scratch()
    return {open: async keeper => openJournal({...keeper, home: null, emergencyFolders: [folder]})}
  },
  {chained: false},
)
