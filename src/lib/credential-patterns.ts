/**
 * What credentials look like when nobody told us their value. Each pattern is linear: every repetition is bounded, and
 * none can match the same text in two ways. Each leaves `[redacted…` alone, so that redacting twice changes nothing.
 */

/** One cheap look first: a text without any of these holds none of the patterns below. */
export const SUSPICIOUS =
  /:\/\/|-----BEGIN|eyJ|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|whsec_|HRKU-|npm_|sk_|authorization|bearer|pass|secret|token|api[_-]?key|access[_-]?key/i

const REFERENCE = '(?:env|file|exec):'
const SECRET_WORD = 'password|passwd|passphrase|(?<![a-z])pass|secret(?:[_-]access)?(?:[_-]key)?|token|api[_-]?key|access[_-]?key'
/** Quoted (a quote may be missing where text was cut off, and escaped inside JSON), or up to the next blank or comma. */
const VALUE = `\\\\?"[^"\\n]{1,1024}"?|\\\\?'[^'\\n]{1,1024}'?|[^\\s"',;&]{3,4096}`

export const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [
    /\b((?:proxy-)?authorization\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?(?:(?:basic|bearer|token|digest)\s{1,4})?)(?!\[redacted|(?:basic|bearer|token|digest)\s)[^\s"',;\\]{1,4096}/gi,
    '$1[redacted:authorization]',
  ],
  [/\b(bearer\s{1,4})(?!\[redacted)[\w.~+/=-]{8,4096}/gi, '$1[redacted:authorization]'],
  // The last @ before the path: a password may hold one. Without a colon only what is too long to be a name. The colon of
  // a mark of ours (`@[redacted:token]@`) parts no name from a password.
  [
    /\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?!\[redacted:url-password\]@)(?:(?:\[redacted:[a-z-]{1,20}\]|[^\s/?#:]){0,256}(?<!\[redacted):[^\s/?#]{1,1024}|[^\s/?#:@]{16,1024})@/gi,
    '$1[redacted:url-password]@',
  ],
  [/\beyJ[\w-]{8,4096}\.[\w-]{8,8192}\.[\w-]{0,4096}/g, '[redacted:jwt]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[redacted:aws-key]'],
  [
    /\b(?:gh[pousr]_\w{16,255}|github_pat_\w{16,255}|glpat-[\w-]{16,255}|npm_\w{16,255}|whsec_[\w+/=]{8,255}|HRKU-[\w-]{16,255}|xox[abprs]-[\w-]{8,255}|sk_(?:live|test)_\w{8,255})/g,
    '[redacted:token]',
  ],
  [new RegExp(`((?:${SECRET_WORD})\\\\?["']?\\s{0,4}[=:]\\s{0,4})(?!\\\\?["']?(?:\\[redacted|${REFERENCE}))(?:${VALUE})`, 'gi'), '$1[redacted:password]'],
  [new RegExp(`(?<!\\S)(--?(?:${SECRET_WORD})\\s{1,4})(?!-|["']?(?:\\[redacted|${REFERENCE}))(?:${VALUE})`, 'gi'), '$1[redacted:password]'],
]

const BEGIN = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g
const END = /-----END [A-Z ]{0,30}PRIVATE KEY-----/g

/**
 * From BEGIN to END, or to the end of the text where the END was cut off. By searching, not by one pattern: an encrypted
 * key has headers with dashes in them, and a lazy `[^]*?` over many BEGINs is quadratic.
 */
export function withoutPrivateKeys(text: string): string {
  let clean = ''
  let from = 0
  BEGIN.lastIndex = 0
  for (let begin = BEGIN.exec(text); begin; begin = BEGIN.exec(text)) {
    clean += `${text.slice(from, begin.index)}[redacted:private-key]`
    END.lastIndex = begin.index
    from = END.exec(text) ? END.lastIndex : text.length
    BEGIN.lastIndex = from
  }
  return from === 0 ? text : clean + text.slice(from)
}
