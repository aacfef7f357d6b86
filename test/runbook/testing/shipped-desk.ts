import type {Desk, RodShelf} from '../../../src/actions/desk.ts'
import {rodShelf} from '../../../src/cli/rod-shelf.ts'
import {openWorkspace} from '../../../src/config/open-workspace.ts'
import {openMemoryJournal} from '../../../src/journal/open-memory-journal.ts'
import {makeRedactor} from '../../../src/lib/redact.ts'
import {memoryDesk} from '../../actions/memory-desk.ts'
import {testKeeper} from '../../journal/test-keeper.ts'

/** The desk of a workspace, with records in memory. */
export function shippedDesk(folder: string): Desk {
  const opened = openWorkspace({named: folder, from: folder, home: null, env: {}, redactor: makeRedactor()})
  return {
    ...memoryDesk([]),
    workspace: async () => (await opened).workspace,
    rods: async (): Promise<RodShelf> => rodShelf(await opened),
    rehearse: async clock => openMemoryJournal(testKeeper(clock, 'driver')),
  }
}
