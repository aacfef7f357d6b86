import {own} from '../incident/own.ts'
import type {IncidentState, PostedUpdate} from '../incident/state.ts'
import type {ComponentStatus, PublicStatus} from '../incident/words.ts'
import type {ComponentRow} from './component-rows.ts'
import {compare} from './instants.ts'
import {publicId} from './public-id.ts'
import {publicBody} from './public-text.ts'

export interface Affected {
  readonly code: string
  readonly name: string
  readonly oldStatus: ComponentStatus
  readonly newStatus: ComponentStatus
}

/** One public update as it reads now. */
export interface UpdateEntry {
  readonly id: string
  readonly status: PublicStatus
  /** It says the same status as the one before: shown as "Update". */
  readonly isRepeated: boolean
  readonly body: string
  readonly isRedacted: boolean
  /** When it was said, when it was written, when it last changed. */
  readonly displayAt: string
  readonly createdAt: string
  readonly updatedAt: string
  /** When it was corrected last; null: it reads as it was posted. */
  readonly editedAt: string | null
  /** Every component the incident had touched by then; null when none (never an empty list: importers rely on it). */
  readonly affected: readonly Affected[] | null
  /** The time promised by the update before, when this one came after it. */
  readonly overdue: string | null
}

/** Oldest first by the time each was said; ties as they were recorded. */
export function updateEntries(state: IncidentState, byKey: ReadonlyMap<string, ComponentRow>): readonly UpdateEntry[] {
  const updates = inOrder(state)
  const touched = touchedSince(state, byKey)
  return updates.map((update, i): UpdateEntry => {
    const before = updates[i - 1]
    const edit = update.amendments.at(-1)
    return {
      id: publicId('update', update.entry),
      status: update.status,
      isRepeated: before?.status === update.status,
      body: publicBody(update.body),
      isRedacted: update.redacted !== undefined,
      displayAt: update.at,
      createdAt: update.recorded,
      updatedAt: edit?.recorded ?? update.recorded,
      editedAt: edit?.recorded ?? null,
      affected: affected(update, before, touched),
      overdue: before?.nextUpdateBy !== undefined && before.nextUpdateBy < update.at ? before.nextUpdateBy : null,
    }
  })
}

export function inOrder({updates}: IncidentState): readonly PostedUpdate[] {
  return updates.toSorted((a, b) => compare(a.at, b.at))
}

interface Touched {
  readonly key: string
  readonly row: ComponentRow
  readonly since: string
}

/** The public components this incident ever changed, each with the moment it first did, in page order. */
function touchedSince(state: IncidentState, byKey: ReadonlyMap<string, ComponentRow>): readonly Touched[] {
  return touchedKeys(state, byKey).flatMap(key => {
    const row = byKey.get(key)
    const since = own(state.components, key)?.[0]?.at
    return row === undefined || since === undefined ? [] : [{key, row, since}]
  })
}

/** Public components this incident touched, in page order. Most touch one: all of the page is looked through only for more. */
export function touchedKeys({components}: IncidentState, byKey: ReadonlyMap<string, ComponentRow>): readonly string[] {
  const keys = Object.keys(components).filter(key => byKey.has(key))
  return keys.length < 2 ? keys : [...byKey.keys()].filter(key => Object.hasOwn(components, key))
}

function affected(update: PostedUpdate, before: PostedUpdate | undefined, touched: readonly Touched[]): readonly Affected[] | null {
  const list = touched
    .filter(({since}) => since <= update.at)
    .map(({key, row}) => ({
      code: row.id,
      name: row.fullName,
      oldStatus: (before && own(before.components, key)) ?? 'operational',
      newStatus: own(update.components, key) ?? 'operational',
    }))
  return list.length === 0 ? null : list
}
