import {CREDENTIALS, SUSPICIOUS, withoutPrivateKeys} from './credential-patterns.ts'
import {type RedactedStream, redactedStream} from './redact-stream.ts'

/**
 * Takes secrets out of text before it is hashed, stored or shown. Two sources: values we resolved ourselves (exact, in
 * the forms they travel in) and patterns of well-known credentials. Every pattern is linear; none can be made to hang.
 * Idempotent: what it puts in, it leaves alone.
 */
export interface Redactor {
  /** A secret that was resolved: from now on its value, and its encoded forms, are taken out. Below 6 characters: no. */
  know(value: string): void
  redact(text: string): string
  /** The same in every string of a JSON value, keys included. Answers the value itself when nothing was taken out. */
  redactJson(value: unknown): unknown
  /** For text that comes in pieces: what is cut in two by their borders is found, too. */
  stream(): RedactedStream
}

const KNOWN = '[redacted:secret]'
/** Shorter values are words of every text. */
const SHORTEST = 6
/** Shorter ones have too little left when the first and last character of a foreign base64 are cut off. */
const SHORTEST_INSIDE_BASE64 = 8

export function makeRedactor(): Redactor {
  /** Longest first, so that a secret inside another does not leave half of it. */
  let known: readonly string[] = []
  const redact = (text: string): string => {
    let clean = text
    for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, KNOWN)
    if (!SUSPICIOUS.test(clean)) return clean
    clean = withoutPrivateKeys(clean)
    for (const [pattern, replacement] of CREDENTIALS) clean = clean.replace(pattern, replacement)
    return clean
  }
  return {
    know(value) {
      if (value.length < SHORTEST) return
      known = [...new Set([...known, ...formsOf(value)])].sort((a, b) => b.length - a.length)
    },
    redact,
    redactJson: value => redactValue(value, redact),
    stream: () => redactedStream(redact, () => known),
  }
}

/** As it is, and as it travels: base64, percent-encoded, JSON-escaped, hex, and the long lines of a key file. */
function formsOf(value: string): readonly string[] {
  const hex = Buffer.from(value).toString('hex')
  const percent = encodeURIComponent(value.toWellFormed())
  const lines = value.split('\n').filter(line => line.length >= 8)
  const lowerPercent = percent.replace(/%[0-9A-F]{2}/g, escaped => escaped.toLowerCase())
  const forms = [value, percent, lowerPercent, percent.replaceAll('%20', '+'), JSON.stringify(value).slice(1, -1), hex, hex.toUpperCase()]
  return [...forms, ...base64Forms(Buffer.from(value)), ...lines].filter(form => form.length >= SHORTEST)
}

/**
 * On its own, and inside something longer (`user:secret`): base64 takes three bytes at a time, so a secret can begin at
 * three offsets; of each the characters that depend on the secret alone.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  const alone = bytes.toString('base64').replace(/=+$/, '')
  const inside = [0, 1, 2].flatMap(offset => {
    if (bytes.length < SHORTEST_INSIDE_BASE64) return []
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  return [alone, ...inside].flatMap(text => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}

function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = redactArgv(value.map(item => redactValue(item, redact)))
    return items.every((item, i) => item === value[i]) ? value : items
  }
  const entries = Object.entries(value).map(([key, member]) => [redact(key), redactMember(key, redactValue(member, redact))] as const)
  const isSame = Object.entries(value).every(([key, member], i) => entries[i]?.[0] === key && entries[i]?.[1] === member)
  return isSame ? value : Object.fromEntries(entries)
}

const MARK = '[redacted:password]'
const NOT_A_VALUE = /^(?:env|file|exec):|^\[redacted/
const SECRET_FLAG = /^--?(?:password|passwd|passphrase|secret|token|api-?key)$/i

/** `--token`, `value` in an argv: the flag and its value are two items. */
function redactArgv(items: readonly unknown[]): readonly unknown[] {
  return items.map((item, i) => {
    const flag = items[i - 1]
    return typeof item === 'string' && typeof flag === 'string' && SECRET_FLAG.test(flag) && !NOT_A_VALUE.test(item) ? MARK : item
  })
}

const SECRET_KEY = /(?:^|[_-])(?:password|passwd|passphrase|secret|token|api[_-]?key|authorization)$/i

/** `{"token": "value"}`: the key tells. */
function redactMember(key: string, member: unknown): unknown {
  return typeof member === 'string' && member !== '' && SECRET_KEY.test(key) && !NOT_A_VALUE.test(member) ? MARK : member
}
