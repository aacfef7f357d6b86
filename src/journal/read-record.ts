import type {Opaque, Recorded} from '../incident/events.ts'
import {isKnownKind} from './known-kinds.ts'

/**
 * A stored text back as an event. What is in the store passed the door (our own append, or import's checks), so it is
 * believed; a kind of a later version becomes `Opaque`.
 */
export function readRecord(text: string): Recorded | Opaque {
  const record = JSON.parse(text) as Recorded // checked when it came in
  return isKnownKind(record.kind) ? record : {...(record as Opaque), opaque: true}
}

export function isOpaque(event: Recorded | Opaque): event is Opaque {
  return 'opaque' in event
}
