import type {Arrivals} from './journal.ts'
import type {Reading} from './store.ts'

/** Anything may have changed, and nothing can be said later either. */
export const UNKNOWN: Arrivals = {mark: null, incidents: null, records: 0}

/** `ORIGIN.EPOCH.PLACE.ID` of the record that came in last. A restored backup has another one there, a salvage another epoch. */
const MARK = /^([^.]{1,64}\.\d{1,16})\.(\d{1,16})\.([^.]{1,64})$/

/** The records are never edited or removed, so what came in after a known one is all that is new. */
export function arrivalsSince(reading: Reading, mark: string | null): Arrivals {
  const meta = reading.meta()
  const newest = reading.newestArrival()
  if (!meta || !newest) return UNKNOWN
  const journal = `${meta.origin}.${meta.epoch}`
  const next = `${journal}.${newest.place}.${newest.id}`
  const [, known, place, id] = MARK.exec(mark ?? '') ?? []
  const since = known === journal && id !== undefined ? reading.arrivedAfter({place: Number(place), id}) : undefined
  return since ? {mark: next, incidents: new Set(since.incidents), records: since.records} : {...UNKNOWN, mark: next}
}
