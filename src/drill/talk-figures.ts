import type {Opaque, Recorded} from '../incident/events.ts'

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
  /** Promised times of a next update: kept by the next one or by resolving, late, or still running. */
  readonly promises: {readonly kept: number; readonly late: number; readonly open: number}
}

type Update = Extract<Recorded, {kind: 'update.posted'}>

export function talkFigures(events: readonly (Recorded | Opaque)[], firstAlertAt: string | null): TalkFigures {
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
    promises: promisesOf(updates, events.findLast(({kind}) => kind === 'incident.resolved')?.at ?? null),
  }
}

function promisesOf(updates: readonly Update[], resolvedAt: string | null): {kept: number; late: number; open: number} {
  const count = {kept: 0, late: 0, open: 0}
  for (const [index, {data}] of updates.entries()) {
    if (data.nextUpdateBy === undefined) continue
    const answer = updates[index + 1]?.at ?? resolvedAt
    // Equal is kept: a promise is broken the moment after it.
    if (answer === null) count.open += 1
    else count[Date.parse(answer) > Date.parse(data.nextUpdateBy) ? 'late' : 'kept'] += 1
  }
  return count
}

function between(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Date.parse(to) - Date.parse(from)
}
