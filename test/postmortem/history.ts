import type {Actor, Recorded, ScramEvent, Timing} from '../../src/incident/events.ts'
import type {Basis} from '../../src/incident/words.ts'

export interface Entry extends Timing {
  readonly at: string
  /** [default: `at`] */
  readonly recorded?: string
  readonly by?: string
  readonly actor?: Actor
}

export type Moment = string | Entry

/** Records of one incident, numbered in the order in which they are made. */
export function makeHistory(incident = '0607-k7qm2v9xhe4a') {
  const events: Recorded[] = []
  function add(moment: Moment, event: ScramEvent): Recorded {
    const {at, recorded = at, by = 'anna', actor, ...timing} = typeof moment === 'string' ? {at: moment} : moment
    const seq = events.length + 1
    const hex = seq.toString(16).padStart(8, '0')
    const record: Recorded = {
      v: 1,
      id: `01912345-6789-7abc-8def-0000${hex}`,
      incident,
      origin: 'aaaa',
      epoch: 1,
      seq,
      prev: '0'.repeat(64),
      hash: hex.repeat(8),
      hlc: [Date.parse(recorded), 0],
      at: iso(at),
      recorded: iso(recorded),
      actor: actor ?? {name: by, kind: 'person'},
      ...timing,
      ...event,
    }
    events.push(record)
    return record
  }
  return {incident, events, add}
}

const iso = (at: string) => new Date(at).toISOString()

/** The day of the routing outage, `15:52:41` → a moment with what is known about it. */
export function on(day: string, time: string, basis: Basis = 'recorded', approx = basis === 'assumed'): Entry {
  const isWritten = basis === 'recorded'
  const precisionMs = isWritten || (basis === 'stated' && !approx) ? 1000 : 60_000
  return {at: `${day}T${time}Z`, recorded: isWritten ? `${day}T${time}Z` : '2012-06-08T09:00:00Z', basis, precisionMs, ...(approx && {approx})}
}
