/** Instants have one written form (UTC, milliseconds), so text comparison is time comparison. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function earliest(instants: readonly string[]): string | null {
  return instants.reduce<string | null>((first, each) => (first === null || each < first ? each : first), null)
}

export function latest(instants: readonly string[]): string | null {
  return instants.reduce<string | null>((last, each) => (last === null || each > last ? each : last), null)
}
