import type {Recorded} from '../incident/events.ts'
import {canonicalJson} from '../lib/canonical.ts'
import type {Head} from './journal.ts'
import {compareKeys, type OrderKey, orderKeyOf} from './order-key.ts'
import type {Reading, Row, Scan} from './store.ts'

type Read = <T>(work: (reading: Reading) => T) => T

/** So many rows at a time: no look at the store stays open while a consumer takes its time. */
const PAGE = 256

/**
 * One record a line, as stored, byte for byte; streams merged in record order, each in its own. Ends at the heads as they
 * were at the start. Data that must not leave (a redacted entry under `redacted`, a secret that became known after it was
 * recorded) is withheld: `data` null, `"withheld":true`, the hash kept, so that the chain still holds together.
 */
export async function* exportRecords(
  read: Read,
  query: {readonly incident?: string; readonly redacted?: boolean},
  redact: (value: unknown) => unknown,
): AsyncGenerator<string> {
  const hidden = query.redacted ? redactedEntries(read) : new Set<string>()
  const rows = query.incident === undefined ? merged(read) : ofIncident(read, query.incident)
  for (const {id, record} of rows) yield withhold(id, record, hidden, redact)
}

function redactedEntries(read: Read): ReadonlySet<string> {
  const scan: Scan = {kinds: ['entry.redacted']}
  return read(reading => new Set(Array.from(reading.scan(scan), ({record}) => String((JSON.parse(record) as {data: {entry?: unknown}}).data?.entry))))
}

function withhold(id: string, text: string, hidden: ReadonlySet<string>, redact: (value: unknown) => unknown): string {
  const record = JSON.parse(text) as Recorded // checked when it came in
  if (!hidden.has(id) && canonicalJson(redact(record.data)) === canonicalJson(record.data)) return text
  return canonicalJson({...record, data: null, withheld: true})
}

/** A stream keeps its order even where an emergency record came into it late: the next record of each competes. */
function* merged(read: Read): Generator<Row> {
  const cursors = read(reading => reading.heads()).map(head => cursorOf(read, head))
  for (;;) {
    let first: Cursor | undefined
    for (const cursor of cursors) {
      const key = cursor.key()
      const best = first?.key()
      if (key && (!best || compareKeys(key, best) < 0)) first = cursor
    }
    const row = first?.take()
    if (!row) return
    yield row
  }
}

interface Cursor {
  key(): OrderKey | undefined
  take(): Row | undefined
}

function cursorOf(read: Read, {origin, epoch, seq: end}: Head): Cursor {
  let page: Row[] = []
  let next = 1
  const fill = () => {
    if (page.length > 0 || next > end) return
    page = read(reading => firstRows(reading.stream(origin, epoch, next), end))
    next = (page.at(-1)?.seq ?? end) + 1
  }
  return {
    key() {
      fill()
      return page[0] && orderKeyOf(page[0])
    },
    take() {
      fill()
      return page.shift()
    },
  }
}

function firstRows(rows: Iterable<Row>, end: number): Row[] {
  const page: Row[] = []
  for (const row of rows) {
    if (row.seq > end) break
    page.push(row)
    if (page.length === PAGE) break
  }
  return page
}

/** An excerpt: whole records, but not a whole chain. It is for people and for checking single hashes. */
function* ofIncident(read: Read, incident: string): Generator<{readonly id: string; readonly record: string}> {
  let after: OrderKey | undefined
  for (;;) {
    const page: {key: OrderKey; record: string}[] = []
    read(reading => {
      for (const row of reading.scan({incident, ...(after && {after})})) if (page.push(row) === PAGE) break
    })
    if (page.length === 0) return
    for (const {record} of page) yield {id: (JSON.parse(record) as {id: string}).id, record}
    after = page.at(-1)?.key
  }
}
