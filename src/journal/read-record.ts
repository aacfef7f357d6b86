import type {Opaque, Recorded} from '../incident/events.ts'
import {DamagedRecord} from './disk-problem.ts'
import {isKnownKind} from './known-kinds.ts'
import type {Scanned} from './store.ts'

/**
 * A stored row back as an event. What is in the store passed the door (our own append, or import's checks), so it is
 * believed; a kind of a later version becomes `Opaque`.
 * @throws DamagedRecord: the disk gave back something else
 */
export function readRecord(row: Scanned): Recorded | Opaque {
  const record = readKnown(row)
  return isKnownKind(row.kind) ? record : {...(record as Opaque), opaque: true}
}

/** The same where the kind was looked at already. */
export function readKnown({isWhole, record, key}: Scanned): Recorded {
  if (!isWhole) throw new DamagedRecord(`the record ${key[4]} of ${key[2]}/${key[3]} is not what was stored`)
  return JSON.parse(record) as Recorded // checked when it came in, and still the same
}

export function isOpaque(event: Recorded | Opaque): event is Opaque {
  return 'opaque' in event
}
