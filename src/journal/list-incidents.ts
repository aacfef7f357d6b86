import type {Opaque, Recorded} from '../incident/events.ts'
import {isOpaque} from './read-record.ts'

export interface Listed {
  readonly id: string
  readonly title: string
  readonly openedAt: string
}

/** Every incident ever opened, oldest first, under its latest title. */
export function listIncidents(events: readonly (Recorded | Opaque)[], part = ''): readonly Listed[] {
  const listed = new Map<string, Listed>()
  for (const event of events) {
    const id = event.incident
    if (isOpaque(event) || id === null || !id.includes(part)) continue
    const before = listed.get(id)
    if (event.kind === 'incident.opened' && !before) listed.set(id, {id, title: event.data.title, openedAt: event.at})
    if (event.kind === 'incident.retitled' && before) listed.set(id, {...before, title: event.data.title})
  }
  return [...listed.values()]
}
