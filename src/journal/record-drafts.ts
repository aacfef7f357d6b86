import type {Actor, Draft, Recorded} from '../incident/events.ts'
import {canonicalJson} from '../lib/canonical.ts'
import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {chained, GENESIS, type Unchained} from './chain.ts'
import {type Hlc, laterHlc, MAX_SKEW_MS, nextHlc} from './hlc.ts'
import {jsonDepth} from './json-depth.ts'
import {orderKeyOf} from './order-key.ts'
import type {Reading, Row, Writing} from './store.ts'
import {projectTimer} from './timers.ts'

/** One record's canonical bytes: a `run.started` carries up to 512 KiB of pinned text. Readers stop buffering here. */
export const MAX_RECORD_BYTES = 1 << 20
/** Brackets inside brackets, the envelope's included: what import takes is what append takes. */
export const MAX_DEPTH = 32

/** Who writes, when, with which ids: see `Attempt`. */
export interface Writer {
  readonly actor: Actor
  readonly nowMs: number
  readonly redact: (value: unknown) => unknown
  idFor(index: number): string
  /** False for a draft whose id was just made up: it need not be looked for. */
  mayBeKnown(draft: Draft): boolean
}

/** The last reading of our own clock: our chain's head counts, and what others wrote unless their clock is ahead. */
export function lastHlc(reading: Reading, nowMs: number): Hlc | undefined {
  const meta = reading.meta()
  return laterHlc(meta && reading.head(meta.origin, meta.epoch)?.hlc, reading.latestHlc(nowMs + MAX_SKEW_MS))
}

/**
 * Redacts, chains and inserts the drafts, one after another. A draft whose id is stored with the same content answers
 * with what is stored and adds nothing.
 * @throws Fault record.invalid · record.too-large · bug (the id names something else)
 */
export function recordDrafts(writing: Writing, incident: string | null, drafts: readonly Draft[], writer: Writer): readonly Recorded[] {
  const tip = writing.tip()
  if (!tip) throw new Fault('bug', 'the journal has no origin')
  const {origin, epoch, newest} = tip
  const isAhead = newest !== undefined && newest[0] > writer.nowMs + MAX_SKEW_MS
  let head: {readonly seq: number; readonly hash: string} = tip.head ?? {seq: 0, hash: GENESIS}
  let hlc = laterHlc(tip.head?.hlc, isAhead ? writing.latestHlc(writer.nowMs + MAX_SKEW_MS) : newest)
  return drafts.map((draft, index) => {
    const event = stamp(incident, draft, nextHlc(writer.nowMs, hlc), writer, index)
    const stored = writer.mayBeKnown(draft) ? writing.byId(event.id) : undefined
    if (stored) return sameContent(JSON.parse(stored.record) as Recorded, event, draft) // checked when it came in
    const row = rowOf(event, {origin, epoch, seq: head.seq + 1, prev: head.hash})
    writing.insert(row)
    projectTimer(writing, row)
    if (isAhead) writing.dropSnapshots(row.incident, orderKeyOf(row)) // else we are the last: no snapshot reaches so far
    head = row
    hlc = row.hlc
    return JSON.parse(row.record) as Recorded // what is answered is what will be read
  })
}

/** The envelope without a place in the chain; also what the emergency log keeps. */
export function stamp(incident: string | null, draft: Draft, hlc: Hlc, writer: Writer, index: number): Unchained {
  const {id, at, kind, data, basis, approx, precisionMs, visibility} = draft
  if (at !== undefined && !isInstant(at))
    throw new Fault('record.invalid', `"${at.slice(0, 40)}" is not an instant as records hold it: 2012-06-07T15:52:41.000Z`)
  const recorded = iso(writer.nowMs)
  const event = {id: id ?? writer.idFor(index), incident, hlc, at: at ?? recorded, recorded, actor: writer.actor, kind, data: writer.redact(data)}
  return {
    ...event,
    ...(basis !== undefined && {basis}),
    ...(approx !== undefined && {approx}),
    ...(precisionMs !== undefined && {precisionMs}),
    ...(visibility !== undefined && {visibility}),
  }
}

/** @throws Fault record.invalid · record.too-large */
export function rowOf(event: Unchained, link: {origin: string; epoch: number; seq: number; prev: string}): Row {
  const {text, hash} = asJson(event.kind, () => chained(event, link))
  checkSize(event.kind, text)
  const {id, incident, hlc, kind} = event
  return {id, incident, origin: link.origin, epoch: link.epoch, seq: link.seq, hash, hlc, kind, run: runOf(event.data), record: text}
}

/** `data.run`: the run a record belongs to, null for most. */
export function runOf(data: unknown): string | null {
  const run = typeof data === 'object' && data !== null && 'run' in data ? data.run : null
  return typeof run === 'string' ? run : null
}

/** Written before anything is hashed or kept, in the chain and in the emergency log alike. */
function asJson<T>(kind: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    throw new Fault('record.invalid', `${kind} cannot be recorded: ${(cause as Error).message}`, {cause})
  }
}

function checkSize(kind: string, text: string): void {
  // A character takes at most three bytes: most records need no counting.
  const bytes = text.length * 3 <= MAX_RECORD_BYTES ? text.length : Buffer.byteLength(text)
  if (bytes > MAX_RECORD_BYTES) {
    throw new Fault('record.too-large', `${kind} would take ${bytes} bytes; one record holds ${MAX_RECORD_BYTES}`, {
      hints: ['keep the long text in a file, and its path in the record'],
    })
  }
  if (jsonDepth(text, MAX_DEPTH) > MAX_DEPTH) throw new Fault('record.invalid', `${kind} nests deeper than ${MAX_DEPTH} levels`)
}

/**
 * Answers with what is stored under this id, if it says the same. The content of a record is its incident, kind and data,
 * and `at` where the caller gave one.
 * @throws Fault bug
 */
export function sameContent(before: Recorded, event: Unchained, {at}: Pick<Draft, 'at'>): Recorded {
  const content = (of: {incident: string | null; kind: string; data: unknown; at: string}) =>
    canonicalJson([of.incident, of.kind, of.data, at === undefined ? '' : of.at])
  if (asJson(event.kind, () => content(before) === content(event))) return before
  throw new Fault('bug', `the id ${event.id} names ${before.kind} of ${before.recorded} already, with other content; nothing was recorded`, {
    hints: ['give a new id for a new entry'],
  })
}

/** Whether it will fit its chain, at whatever place. @throws Fault record.invalid · record.too-large */
export function ensureRecordable(event: Unchained): void {
  rowOf(event, {origin: '0'.repeat(64), epoch: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER, prev: GENESIS})
}

/** The one written form of an instant. */
export function isInstant(text: string): boolean {
  const ms = Date.parse(text)
  return Number.isFinite(ms) && iso(ms) === text
}
