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
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value as Readonly<Record<string, unknown>>) // not null
    default:
      throw new TypeError(`${typeof value} is not JSON`)
  }
}

function canonicalObject(value: Readonly<Record<string, unknown>>): string {
  let members = ''
  for (const key of inOrder(Object.keys(value))) {
    const member = value[key]
    if (member !== undefined) members += `${members === '' ? '' : ','}${canonicalJson(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

/** By UTF-16 code units, as `sort` does by itself. Most objects are written in order: looking costs less than sorting. */
function inOrder(keys: string[]): readonly string[] {
  for (let i = 1; i < keys.length; i += 1) if ((keys[i] as string) < (keys[i - 1] as string)) return keys.sort() // within the length
  return keys
}
