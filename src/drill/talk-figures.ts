import {cadenceOf} from '../incident/cadence.ts'
import type {Opaque, Recorded} from '../incident/events.ts'
import {fold} from '../incident/evolve.ts'

/** From the first alert to the public, in ms of drill time; null: an end is missing. */
export interface TalkFigures {
  readonly firstAlertAt: string | null
  readonly openedAt: string | null
  readonly firstUpdateAt: string | null
  /** When an update could first be read back at a target. */
  readonly readableAt: string | null
  readonly alertToOpenedMs: number | null
  readonly openedToFirstUpdateMs: number | null
  readonly alertToReadableMs: number | null
  readonly updates: number
  /** Promised times of a next update: kept by the next one or by the end, late, or still running. */
  readonly promises: {readonly kept: number; readonly late: number; readonly open: number}
}

type Update = Extract<Recorded, {kind: 'update.posted'}>

/** `events` are in record order. */
export function talkFigures(events: readonly (Recorded | Opaque)[], {firstAlertAt, nowMs}: {firstAlertAt: string | null; nowMs: number}): TalkFigures {
  const updates = events.filter((event): event is Update => event.kind === 'update.posted')
  const openedAt = events.find(({kind}) => kind === 'incident.opened')?.at ?? null
  const firstUpdateAt = updates[0]?.at ?? null
  const readableAt = firstUpdateAt === null ? null : (events.find(({kind, at}) => kind === 'page.published' && at >= firstUpdateAt)?.at ?? null)
  return {
    firstAlertAt,
    openedAt,
    firstUpdateAt,
    readableAt,
    alertToOpenedMs: between(firstAlertAt, openedAt),
    openedToFirstUpdateMs: between(openedAt, firstUpdateAt),
    alertToReadableMs: between(firstAlertAt, readableAt),
    updates: updates.length,
    promises: promisesOf(events, nowMs),
  }
}

function promisesOf(events: readonly (Recorded | Opaque)[], nowMs: number): TalkFigures['promises'] {
  const known = events.filter((event): event is Recorded => !('opaque' in event))
  const {kept, late, promises} = cadenceOf(fold(known[0]?.incident ?? '', known), {nowMs})
  return {kept, late, open: promises.filter(({result}) => result === 'open').length}
}

function between(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Date.parse(to) - Date.parse(from)
}
