import {hexOf} from './hex.ts'

/**
 * Ids that need no coordination. Random bytes are handed in (`Ids` is built from a source of bytes), so that tests and
 * the simulation are reproducible and the pure rooms never reach for randomness.
 */
export interface Ids {
  /** UUIDv7 (RFC 9562): time-ordered, 74 random bits. Event ids. */
  uuid(atMs: number): string
  /**
   * Incident id: month and day of the opening in UTC, then 60 random bits: `0607-k7qm2v9xhe4a`. People see and type the
   * first nine characters (`shortId`), any unique part is accepted.
   */
  incident(atMs: number): string
  /** Run id: `r-` and 60 random bits, shown as `r-4qm7`. */
  run(): string
  /** Lower-case hex, `bytes` long; for origins, temporary names and tokens. */
  hex(bytes: number): string
}

/** What people type and scripts keep for ever: ids of components, rods, targets, as keys of `scram.yaml`. */
export const PLAIN_ID = /^[a-z][a-z0-9-]{0,39}$/
export const PLAIN_ID_WORDS = 'an id is a-z, 0-9 and -, begins with a letter and has at most 40 characters'

/** Crockford's base 32, lower case: no i, l, o, u to misread over the phone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_CHARS = 12

export function makeIds(randomBytes: (count: number) => Uint8Array): Ids {
  return {
    uuid: atMs => uuidV7(atMs, randomBytes(10)),
    incident: atMs => `${monthAndDay(atMs)}-${base32(randomBytes(RANDOM_CHARS))}`,
    run: () => `r-${base32(randomBytes(RANDOM_CHARS))}`,
    hex: bytes => hexOf(randomBytes(bytes)),
  }
}

/** `0607-k7qm2v9xhe4a` → `0607-k7qm`, `r-4qm7…` → `r-4qm7`. Ids of another shape (imported ones) are shown whole. */
export function shortId(id: string): string {
  const cut = /^(\d{4}-[0-9a-z]{4}|r-[0-9a-z]{4})[0-9a-z]{8}$/.exec(id)
  return cut?.[1] ?? id
}

/** How an event is named to people: the last 8 hex digits, because the head of a UUIDv7 is a clock neighbours share. */
export function shortEntry(eventId: string): string {
  return eventId.slice(-8)
}

function uuidV7(atMs: number, random: Uint8Array): string {
  const time = Math.trunc(atMs).toString(16).padStart(12, '0').slice(-12)
  const [a = 0, , c = 0] = random
  const bits = hexOf(random.with(0, 0x70 | (a & 0x0f)).with(2, 0x80 | (c & 0x3f)))
  return `${time.slice(0, 8)}-${time.slice(8)}-${bits.slice(0, 4)}-${bits.slice(4, 8)}-${bits.slice(8)}`
}

function monthAndDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(5, 10).replace('-', '')
}

/** Five bits a byte: 256 is a multiple of 32, so no character is likelier than another. */
function base32(random: Uint8Array): string {
  let text = ''
  for (const byte of random) text += ALPHABET[byte & 31]
  return text
}
