import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Draft, Recorded, ScramEvent} from '../../src/incident/events.ts'
import type {Projection} from '../../src/journal/journal.ts'
import type {Keeper} from '../../src/journal/keeper.ts'
import type {Clock} from '../../src/lib/clock.ts'
import {makeIds} from '../../src/lib/ids.ts'
import {randomBytes} from '../../src/lib/random.ts'

/** A wall clock that stands where it is put. */
export class HandClock implements Clock {
  wall: number

  constructor(wall = Date.parse('2012-06-07T15:52:41.000Z')) {
    this.wall = wall
  }

  now(): number {
    return this.wall
  }

  ticks(): number {
    return this.wall
  }

  async sleep(ms: number): Promise<void> {
    this.wall += ms
  }
}

export function testKeeper(clock: Clock = new HandClock(), name = 'ada'): Keeper {
  return {clock, ids: makeIds(randomBytes), actor: {name, kind: 'person'}, redact: value => value}
}

/** A folder of its own for a test; the system tidies its temporary folder. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'scram-test-'))
}

export function note(text: string, more: Partial<Draft> = {}): Draft {
  return {kind: 'note.added', data: {noteKind: 'note', text}, ...more} as Draft // `more` is envelope only
}

export function opened(title: string): Draft {
  return {kind: 'incident.opened', data: {title, severity: 'SEV2'}}
}

export function textsOf(events: readonly {readonly kind: string; readonly data: unknown}[]): string[] {
  return events.map(({data}) => String((data as {text?: unknown}).text))
}

/** Every text, in the order folded: shows order, repetition and loss at once. */
export function textsProjection(incident?: string, kinds?: readonly ScramEvent['kind'][]): Projection<string[]> {
  return {
    name: 'texts',
    key: incident ?? '',
    version: 1,
    ...(incident !== undefined && {incident}),
    ...(kinds && {kinds}),
    initial: () => [],
    evolve: (state, event: Recorded) => [...state, ...textsOf([event])],
  }
}

export async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  return all
}
