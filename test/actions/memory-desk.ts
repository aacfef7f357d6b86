import type {Desk, Workspace} from '../../src/actions/desk.ts'
import type {Actor} from '../../src/incident/events.ts'
import {DEFAULT_CADENCE_MS} from '../../src/incident/words.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {type Clock, systemClock} from '../../src/lib/clock.ts'
import {Fault} from '../../src/lib/fault.ts'
import {openMemos} from '../../src/lib/memos.ts'
import type {Rod} from '../../src/rods/rod.ts'
import {testKeeper} from '../journal/test-keeper.ts'

export interface MemoryDesk {
  readonly clock?: Clock
  /** Shared by several desks it is the record of one machine that several processes write. */
  readonly store?: MemoryStore
  readonly workspace?: Workspace
  readonly actor?: Actor
  /** Where what is remembered lies. */
  readonly home?: string
  /** Names the program; without it nothing is remembered. */
  readonly build?: string
}

/** A desk with a record in memory and these rods, no terminal; without a workspace asking for one is refused. */
export function memoryDesk(
  rods: readonly Rod[],
  {clock = systemClock, store = new MemoryStore(), workspace, actor = {name: 'ada', kind: 'person'}, home, build}: MemoryDesk = {},
): Desk & {readonly said: string[]} {
  const keeper = {...testKeeper(clock), actor}
  const journal = openMemoryJournal(keeper, store)
  const said: string[] = []
  const none = () => Promise.reject(new Fault('setup.invalid', 'this desk has none'))
  return {
    said,
    clock: keeper.clock,
    ids: keeper.ids,
    actor: keeper.actor,
    home: home ?? null,
    version: () => '0.0.0',
    build: () => build ?? null,
    memos: openMemos(null, null),
    choice: {named: null, used: async () => null, use: none},
    journal: async () => journal,
    repair: {recover: none, newEpoch: none},
    workspace: async () => workspace ?? none(),
    rods: async () => ({
      ids: () => rods.map(({id}) => id),
      get: async id => rods.find(rod => rod.id === id) ?? Promise.reject(new Fault('rod.not-found', `there is no rod ${id}`)),
    }),
    secret: none,
    redact: text => text,
    redactStream: () => ({push: text => text, end: () => ''}),
    narrate: line => void said.push(line),
    notice: () => undefined,
    ask: null,
  }
}

/** A workspace with nothing in it, whose page goes nowhere. */
export function bareWorkspace(folder: string | null, targets: Workspace['targets'] = []): Workspace {
  return {
    folder,
    page: {name: 'Example', url: null},
    groups: [],
    components: [],
    cadenceMs: DEFAULT_CADENCE_MS,
    targets,
    postmortem: {layout: 'scram', redact: []},
  }
}
