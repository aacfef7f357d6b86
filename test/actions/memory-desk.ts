import type {Desk} from '../../src/actions/desk.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {type Clock, systemClock} from '../../src/lib/clock.ts'
import {Fault} from '../../src/lib/fault.ts'
import type {Rod} from '../../src/rods/rod.ts'
import {testKeeper} from '../journal/test-keeper.ts'

/** A desk with a record in memory and these rods, no workspace, no terminal. */
export function memoryDesk(rods: readonly Rod[], clock: Clock = systemClock): Desk & {readonly said: string[]} {
  const keeper = testKeeper(clock)
  const journal = openMemoryJournal(keeper)
  const said: string[] = []
  const none = () => Promise.reject(new Fault('setup.invalid', 'this desk has none'))
  return {
    said,
    clock: keeper.clock,
    ids: keeper.ids,
    actor: keeper.actor,
    home: null,
    version: () => '0.0.0',
    choice: {named: null, used: async () => null, use: none},
    journal: async () => journal,
    repair: {recover: none, newEpoch: none},
    workspace: none,
    rods: async () => ({
      ids: () => rods.map(({id}) => id),
      get: async id => rods.find(rod => rod.id === id) ?? Promise.reject(new Fault('rod.not-found', `there is no rod ${id}`)),
    }),
    secret: none,
    redact: text => text,
    narrate: line => void said.push(line),
    notice: () => undefined,
    ask: null,
  }
}
