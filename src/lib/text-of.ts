/** A JSON value that must be a text by now; anything else is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
