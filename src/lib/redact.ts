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
}

const MARK = '[redacted]'
const SHORTEST = 6

/** Cheap test first: a short text without any of these holds none of the patterns below. */
const SUSPICIOUS =
  /:\/\/|-----BEGIN|eyJ|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|whsec_|HRKU-|npm_|sk_|sk-|authorization|bearer|passw|secret|token|api[_-]?key/i

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g, MARK],
  [/\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:basic|bearer|token|digest)\s{1,4})?)(?!\[redacted\])[^\s"',;]{4,4096}/gi, `$1${MARK}`],
  [/\b(bearer\s{1,4})(?!\[redacted\])[\w.~+/=-]{8,4096}/gi, `$1${MARK}`],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?!\[redacted\])[^\s/@:]{0,256}:[^\s/@]{1,1024}@/gi, `$1${MARK}@`],
  [/\beyJ[\w-]{8,4096}\.[\w-]{8,8192}\.[\w-]{0,4096}/g, MARK],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, MARK],
  [
    /\b(?:gh[pousr]_\w{16,255}|github_pat_\w{16,255}|glpat-[\w-]{16,255}|npm_\w{16,255}|whsec_[\w+/=]{8,255}|HRKU-[\w-]{16,255}|xox[abprs]-[\w-]{8,255}|sk_(?:live|test)_\w{8,255})/g,
    MARK,
  ],
  [
    /((?:password|passwd|passphrase|secret|token|api[_-]?key)["']?\s{0,4}[=:]\s{0,4})(["']?)(?!\[redacted\])(?!(?:env|file|exec):)[^\s"',;&]{3,4096}\2/gi,
    `$1${MARK}`,
  ],
  [/(--?(?:password|passwd|passphrase|secret|token|api-?key)\s{1,4})(?!-)(?!\[redacted\])(?!(?:env|file|exec):)[^\s]{3,4096}/gi, `$1${MARK}`],
]

export function makeRedactor(): Redactor {
  /** Longest first, so that a secret inside another does not leave half of it. */
  let known: string[] = []
  const redact = (text: string): string => {
    let clean = text
    for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, MARK)
    if (!SUSPICIOUS.test(clean)) return clean
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement)
    return clean
  }
  return {
    know(value) {
      if (value.length < SHORTEST) return
      known = [...new Set([...known, ...formsOf(value)])].sort((a, b) => b.length - a.length)
    },
    redact,
    redactJson: value => redactValue(value, redact),
  }
}

/** As it is, and as it travels: base64 (both alphabets), percent-encoded, JSON-escaped, hex, and long lines of its own. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const lines = value.split('\n').filter(line => line.length >= 8)
  const forms = [
    value,
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    percent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
  ]
  return [...forms, ...lines].filter(form => form.length >= SHORTEST)
}

function percent(value: string): string {
  return encodeURIComponent(value.toWellFormed())
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

const SECRET_FLAG = /^--?(?:password|passwd|passphrase|secret|token|api-?key)$/i
const REFERENCE = /^(?:env|file|exec):/

/** `--token`, `value` in an argv: the flag and its value are two items. */
function redactArgv(items: unknown[]): unknown[] {
  return items.map((item, i) => {
    const flag = items[i - 1]
    return typeof item === 'string' && typeof flag === 'string' && SECRET_FLAG.test(flag) && !REFERENCE.test(item) ? MARK : item
  })
}

const SECRET_KEY = /(?:^|[_-])(?:password|passwd|passphrase|secret|token|api[_-]?key|authorization)$/i

/** `{"token": "value"}`: the key tells. */
function redactMember(key: string, member: unknown): unknown {
  return typeof member === 'string' && member !== '' && SECRET_KEY.test(key) && !REFERENCE.test(member) ? MARK : member
}
