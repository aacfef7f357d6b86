import type {Draft, Recorded} from '../incident/events.ts'
import type {Unchained} from './chain.ts'
import type {EmergencyLog} from './emergency-log.ts'
import {asRecorded} from './emergency-record.ts'
import {laterHlc, nextHlc} from './hlc.ts'
import {ensureRecordable, lastHlc, sameContent, stamp, type Writer} from './record-drafts.ts'
import type {RecordView} from './record-view.ts'

export interface InEmergency {
  readonly events: readonly Recorded[]
  /** The log's path, or `stderr`; undefined when every draft was recorded before. */
  readonly where?: string
}

/**
 * Keeps the drafts outside the chain. The same promises as `append`, as far as they can be kept without it: redacted, in
 * order, within the limits, each id once. Nobody holds a lock here, and no fence is asked for: a fact is kept all the same.
 * @throws Fault record.invalid · record.too-large · bug · journal.unwritable (kept nowhere)
 */
export function appendInEmergency(log: EmergencyLog, view: RecordView, incident: string | null, drafts: readonly Draft[], writer: Writer): InEmergency {
  const earlier = log.records()
  const origin = view.origin()
  let hlc = laterHlc(
    view.read(reading => lastHlc(reading, writer.nowMs)),
    earlier.at(-1)?.hlc,
  )
  const known = (event: Unchained, draft: Draft): Recorded | undefined => {
    const logged = earlier.find(({id}) => id === event.id)
    if (logged) return sameContent(asRecorded(logged, origin), event, draft)
    const stored = view.read(reading => reading.byId(event.id))
    return stored && sameContent(JSON.parse(stored.record) as Recorded, event, draft) // checked when it came in
  }
  const answers = drafts.map((draft, index) => {
    hlc = nextHlc(writer.nowMs, hlc)
    const event = stamp(incident, draft, hlc, writer, index)
    ensureRecordable(event)
    return {event, recorded: known(event, draft)}
  })
  const fresh = answers.flatMap(({event, recorded}) => (recorded ? [] : [event]))
  const written = fresh.length > 0 ? log.write(fresh) : undefined
  const records = written?.records.map(record => asRecorded(record, origin)) ?? []
  const events = answers.flatMap(({recorded}) => recorded ?? records.shift() ?? [])
  return {events, ...(written && {where: written.where})}
}
