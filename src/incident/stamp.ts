import type {Envelope} from './events.ts'
import {own} from './own.ts'
import type {IncidentState, Stamp} from './state.ts'

/** When and by whom, as it is known now: a correction that arrived before its entry (merged records) already counts. */
export function stampOf(event: Envelope, corrected: IncidentState['corrected']): Stamp {
  const {at, recorded, id, actor, basis, approx, precisionMs} = event
  return {
    at: own(corrected, id)?.at ?? at,
    recorded,
    entry: id,
    by: actor.name,
    ...(basis !== undefined && {basis}),
    ...(approx !== undefined && {approx}),
    ...(precisionMs !== undefined && {precisionMs}),
  }
}
