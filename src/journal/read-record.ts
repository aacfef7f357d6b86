import type {Opaque, Recorded} from '../incident/events.ts'
import {DamagedRecord} from './disk-problem.ts'
import {isKnownKind} from './known-kinds.ts'

/**
 * A stored text back as an event. What is in the store passed the door (our own append, or import's checks), so it is
 * believed; a kind of a later version becomes `Opaque`.
 * @throws DamagedRecord: the disk gave back something else
 */
export function readRecord(text: string): Recorded | Opaque {
  const record = readKnown(text)
  return isKnownKind(record.kind) ? record : {...(record as Opaque), opaque: true}
}

/** The same where the kind was looked at already. */
export function readKnown(text: string): Recorded {
  try {
    return JSON.parse(text) as Recorded // checked when it came in
  } catch {
    throw new DamagedRecord('a stored record is not JSON any more')
  }
}

export function isOpaque(event: Recorded | Opaque): event is Opaque {
  return 'opaque' in event
}
