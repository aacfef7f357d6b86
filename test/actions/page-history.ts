import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Workspace} from '../../src/actions/desk.ts'
import type {Draft} from '../../src/incident/events.ts'
import type {ComponentStatus, PublicStatus} from '../../src/incident/words.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {HandClock} from '../journal/test-keeper.ts'
import {bareWorkspace, type MemoryDesk, memoryDesk} from './memory-desk.ts'

export const DAY = 86_400_000
export const NOW = Date.parse('2026-03-14T09:41:00.000Z')
export const PARTS = ['api', 'routing', 'ledger'] as const

export const site = (more: Partial<Workspace> = {}): Workspace => ({
  ...bareWorkspace(null),
  page: {name: 'Example Cloud', url: 'https://status.example.com'},
  components: PARTS.map(id => ({id, name: `The ${id}`, kind: 'service', isPublic: id !== 'ledger'})),
  ...more,
})

/** One machine: a record, a home and a clock; `desk()` is a process on it. */
export function machine() {
  const clock = new HandClock(NOW)
  const store = new MemoryStore()
  const home = mkdtempSync(join(tmpdir(), 'scram-test-'))
  const desk = (more: MemoryDesk = {}) => memoryDesk([], {clock, store, home, build: 'one', workspace: site(), ...more})
  return {clock, home, desk}
}

export const iso = (ms: number) => new Date(ms).toISOString()

export const update = (number: number, status: PublicStatus, body: string, components: Record<string, ComponentStatus> = {}): Draft => ({
  kind: 'update.posted',
  data: {number, status, body, components},
})

/** Over: 2 components, 2 updates, an hour. */
export function pastIncident(i: number, startMs: number): readonly Draft[] {
  const component = PARTS[i % 3] ?? 'api'
  return [
    {kind: 'incident.opened', at: iso(startMs), data: {title: `Past ${i}`, severity: 'SEV2'}},
    {kind: 'component.set', at: iso(startMs), data: {component, status: 'partial_outage'}},
    {...update(1, 'investigating', `We look into ${i}.`, {[component]: 'partial_outage'}), at: iso(startMs + 60_000)},
    {kind: 'component.set', at: iso(startMs + 1_800_000), data: {component, status: 'operational'}},
    {...update(2, 'resolved', `It is over, ${i}.`, {[component]: 'operational'}), at: iso(startMs + 3_600_000)},
    {kind: 'incident.resolved', at: iso(startMs + 3_600_000), data: {}},
  ]
}

export interface Past {
  readonly everyMs?: number
  /** When the newest began. */
  readonly lastMs?: number
}

/** So many of them; the newest a week old, four days apart: most stand in no text that is written anew. */
export async function withPast(desk: ReturnType<typeof memoryDesk>, incidents: number, {everyMs = 4 * DAY, lastMs = NOW - 7 * DAY}: Past = {}): Promise<void> {
  const journal = await desk.journal()
  for (let i = 0; i < incidents; i += 1) await journal.append(`past-${i}`, pastIncident(i, lastMs - (incidents - 1 - i) * everyMs))
}
