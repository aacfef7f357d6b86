/** JSON as it can be hashed: what the journal stores. */
export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json}

/**
 * Canonical JSON (RFC 8785): keys sorted by UTF-16 code units, no blanks, numbers as ECMAScript prints them. A key whose
 * value is `undefined` is left out, as in JSON.stringify. Recursive: callers bound the depth of what they did not make.
 * @throws TypeError for NaN, Infinity, a lone surrogate, a function, a symbol or a bigint: none of them is JSON
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('a lone surrogate is not Unicode text')
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`)
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value)
    default:
      throw new TypeError(`${typeof value} is not JSON`)
  }
}

function canonicalObject(value: object): string {
  const members: string[] = []
  for (const [key, member] of Object.entries(value).sort(byKey)) {
    if (member !== undefined) members.push(`${canonicalJson(key)}:${canonicalJson(member)}`)
  }
  return `{${members.join(',')}}`
}

// Object.entries yields each key once, so the keys are never equal.
const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)
