import {evolveBoard} from '../../src/incident/board.ts'
import {emptyBoard} from '../../src/incident/board-state.ts'
import type {Actor, Draft, Recorded, ScramEvent} from '../../src/incident/events.ts'
import {evolve} from '../../src/incident/evolve.ts'
import type {World} from '../../src/incident/intentions.ts'
import {emptyIncident} from '../../src/incident/state.ts'
import {DEFAULT_CADENCE_MS} from '../../src/incident/words.ts'

export const ID = '0607-k7qm2v9xhe4a'
export const START_MS = Date.parse('2026-06-07T15:50:00.000Z')
export const MINUTE = 60_000

export interface Writing {
  readonly incident?: string | null
  readonly origin?: string
  readonly actor?: Partial<Actor>
  /** When it is written, ms; default: a second after the record before. */
  readonly nowMs?: number
}

/** Writes records as a journal would: ids, clock and sequence, no hashes. */
export function recorder(origin = 'a0') {
  let seq = 0
  let lastMs = START_MS - 1000
  return (draft: Draft, {incident = ID, actor = {}, nowMs = lastMs + 1000}: Writing = {}): Recorded => {
    lastMs = nowMs
    seq += 1
    const recorded = new Date(nowMs).toISOString()
    const {at = recorded, id = entryId(origin, seq), ...event} = draft
    return {
      ...event,
      v: 1,
      id,
      incident,
      origin,
      epoch: 1,
      seq,
      prev: '0'.repeat(64),
      hash: '0'.repeat(64),
      hlc: [nowMs, 0],
      at,
      recorded,
      actor: {name: 'dana', kind: 'person', ...actor},
    } as Recorded // kind and data come from one draft, so they belong together
  }
}

export function entryId(origin: string, seq: number): string {
  return `01900000-0000-7000-8000-${origin.padEnd(4, '0')}${seq.toString(16).padStart(8, '0')}`
}

/** Each event a second after the one before. */
export function history(...drafts: readonly Draft[]): readonly Recorded[] {
  const write = recorder()
  return drafts.map(draft => write(draft))
}

export const opened: ScramEvent = {kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV2'}}

export function update(number: number, more: Partial<Extract<ScramEvent, {kind: 'update.posted'}>['data']> = {}): ScramEvent {
  return {kind: 'update.posted', data: {number, status: 'investigating', body: `text ${number}`, components: {}, ...more}}
}

export function component(name: string, status: Extract<ScramEvent, {kind: 'component.set'}>['data']['status']): ScramEvent {
  return {kind: 'component.set', data: {component: name, status}}
}

/** The world after these events, ten minutes after the start. */
export function worldAfter(events: readonly Recorded[], more: Partial<World> = {}): World {
  const ours = events.filter(({incident}) => incident === ID)
  return {
    incident: ours.reduce(evolve, emptyIncident(ID)),
    board: events.reduce(evolveBoard, emptyBoard()),
    now: START_MS + 10 * MINUTE,
    components: [],
    cadenceMs: DEFAULT_CADENCE_MS,
    ...more,
  }
}
