/** A file of the page, made when its text is wanted. */
export type Part = readonly [path: string, make: () => string]

/** Of what was not folded nothing can be rendered: whoever keeps a file back must say that it is kept. */
export function described<T>(entry: T | undefined, what: string): T {
  if (entry === undefined) throw new Error(`${what} was to be rendered and is not described`)
  return entry
}
