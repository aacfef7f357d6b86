import type {StopReason} from '../incident/events.ts'
import {ACTOR_KINDS, BASES} from '../incident/words.ts'
import {canonicalJson} from '../lib/canonical.ts'
import type {Unchained} from './chain.ts'
import {jsonDepth} from './json-depth.ts'
import {isInstant, MAX_DEPTH, MAX_RECORD_BYTES} from './record-drafts.ts'

/** A record as it may come from anywhere: its envelope is checked, its hash, its place and its data are not yet. */
export interface OpenedRecord extends Unchained {
  readonly v: 1
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly prev: string
  readonly hash: string
}

export interface Place {
  readonly origin: string
  readonly epoch: number
  readonly seq: number
}

export type Line =
  | {readonly opened: true; readonly record: OpenedRecord; readonly text: string; readonly bytes: Uint8Array}
  | {readonly opened: false; readonly reason: StopReason; readonly detail: string; readonly place: Place; readonly claimed: string; readonly bytes: Uint8Array}

/** Where a line cannot be read at all, nobody can say whose it is. */
export const UNKNOWN_ORIGIN = 'unknown'

/** The checks a line must pass before it is looked at as a record: size, UTF-8, JSON, depth, version, envelope. Total. */
export function openLine(raw: Uint8Array | string): Line {
  const bytes = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw
  const stopped = (reason: StopReason, detail: string, place = placeIn(bytes), claimed = ''): Line => ({opened: false, reason, detail, place, claimed, bytes})
  if (bytes.length > MAX_RECORD_BYTES) return stopped('oversize', `${bytes.length} bytes; a record has at most ${MAX_RECORD_BYTES}`)
  let value: unknown
  let text: string
  try {
    const decoded = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
    if (jsonDepth(decoded, MAX_DEPTH) > MAX_DEPTH) return stopped('corrupt', `nested deeper than ${MAX_DEPTH} levels`)
    value = JSON.parse(decoded)
    text = canonicalJson(value)
  } catch {
    return stopped('corrupt', 'not a line of JSON in UTF-8')
  }
  if (!isObject(value)) return stopped('corrupt', 'not a JSON object')
  const {v, origin, epoch, seq, hash} = value
  if (!isOrigin(origin) || !isCount(epoch) || !isCount(seq)) return stopped('corrupt', 'no origin, epoch and seq')
  const place = {origin, epoch, seq}
  if (typeof v === 'number' && Number.isSafeInteger(v) && v > 1) return stopped('newer', `version ${v}; this scram knows 1`, place, isHash(hash) ? hash : '')
  const wrong = Object.entries(ENVELOPE).find(([name, fits]) => !fits(value[name]))
  if (wrong) return stopped('corrupt', `the field ${wrong[0]} is not what it must be`, place)
  return {opened: true, record: value as unknown as OpenedRecord, text, bytes} // each field was just checked
}

const ENVELOPE: Readonly<Record<string, (value: unknown) => boolean>> = {
  v: value => value === 1,
  id: value => isText(value, 64) && /^[0-9a-z-]+$/.test(value),
  incident: value => value === null || isText(value, 128),
  prev: isHash,
  hash: isHash,
  hlc: value => Array.isArray(value) && value.length === 2 && value.every(part => Number.isSafeInteger(part) && part >= 0),
  at: value => typeof value === 'string' && isInstant(value),
  recorded: value => typeof value === 'string' && isInstant(value),
  actor: value => isObject(value) && isText(value['name'], 256) && (ACTOR_KINDS as readonly unknown[]).includes(value['kind']),
  kind: value => isText(value, 64) && /^[a-z][a-z0-9_.-]*$/.test(value),
  data: value => value !== undefined,
  basis: value => value === undefined || (BASES as readonly unknown[]).includes(value),
  approx: value => value === undefined || typeof value === 'boolean',
  precisionMs: value => value === undefined || (typeof value === 'number' && value >= 0),
  visibility: value => value === undefined || value === 'internal' || value === 'public',
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** Lower-case ASCII, so that SQLite and JavaScript sort them alike. */
function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-z][0-9a-z-]{0,63}$/.test(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}

/**
 * Whose line this seems to be, by its text alone: a damaged record stops the stream it came from, not all of them. The last
 * mention counts: in canonical order the envelope's names stand behind whatever the data holds.
 */
function placeIn(bytes: Uint8Array): Place {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const origin = lastAfter(text, '"origin":"', /[0-9a-z][0-9a-z-]{0,63}(?=")/y)
  const epoch = lastAfter(text, '"epoch":', /\d{1,15}(?=[,}])/y)
  const seq = lastAfter(text, '"seq":', /\d{1,15}(?=[,}])/y)
  return {origin: origin ?? UNKNOWN_ORIGIN, epoch: Number(epoch ?? 0), seq: Number(seq ?? 0)}
}

function lastAfter(text: string, name: string, value: RegExp): string | undefined {
  const at = text.lastIndexOf(name)
  if (at < 0) return undefined
  value.lastIndex = at + name.length
  return value.exec(text)?.[0]
}
