import {expect, it} from '@jest/globals'
import {openJournal} from '../../src/journal/open-journal.ts'
import {journalContract} from '../contracts/journal.ts'
import {note, scratch, testKeeper} from './test-keeper.ts'

journalContract(
  'in emergency, with no home',
  async () => {
    const folder = scratch()
    return {open: async keeper => openJournal({...keeper, home: null, emergencyFolders: [folder]})}
  },
  {chained: false},
)

it('says nothing of what changed while records wait in an emergency log', async () => {
  const journal = await openJournal({...testKeeper(), home: null, emergencyFolders: [scratch()]})
  await journal.append('0607-a', [note('one')])
  expect(await journal.arrivals(null)).toEqual({mark: null, incidents: null, records: 0})
  await journal.close()
})
