/**
 * The same object without the keys whose value is `undefined`: under exactOptionalPropertyTypes (and in canonical JSON)
 * "absent" and "undefined" are not the same, and argv parsers hand over the latter.
 */
export function defined<T extends object>(input: T): {[K in keyof T]: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {[K in keyof T]: Exclude<T[K], undefined>}
}
