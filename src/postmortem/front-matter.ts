/** A value of one line of front matter; a list or a map is written in flow style. */
export type FrontValue = string | number | readonly string[] | Readonly<Record<string, string | number>>

/**
 * YAML front matter, one key a line, so that a key of ours can later be replaced by its line and everything a person
 * added stays as it is. Undefined values are left out.
 */
export function frontMatter(entries: readonly (readonly [key: string, value: FrontValue | undefined])[]): string {
  const lines = entries.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${written(value)}`]))
  return `---\n${lines.join('\n')}\n---\n`
}

function written(value: FrontValue): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return scalar(value)
  if (isList(value)) return `[${value.map(scalar).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, member]) => `${key}: ${typeof member === 'number' ? member : scalar(member)}`)
    .join(', ')}}`
}

// Array.isArray does not narrow a readonly array out of a union.
const isList = (value: readonly string[] | Readonly<Record<string, string | number>>): value is readonly string[] => Array.isArray(value)

/** Words that are safe bare in every YAML reader; instants stay text for it, which is what we mean. */
const BARE = /^[a-zA-Z][a-zA-Z0-9./_-]*( [a-zA-Z][a-zA-Z0-9./_-]*)*$/
/** Other readers (YAML 1.1) take these for booleans or nothing. */
const TAKEN = /^(y|n|yes|no|on|off|true|false|null)$/i
/** Printable for JSON, not for YAML. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

function scalar(text: string): string {
  if (BARE.test(text) && !TAKEN.test(text)) return text
  return JSON.stringify(text.toWellFormed()).replace(UNPRINTABLE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
