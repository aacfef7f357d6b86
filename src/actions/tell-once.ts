/**
 * For what is looked at again and again: tells a trouble when it begins and when it becomes another one, not at every
 * look. `key` is what was tried; once that is well, the same trouble is news again.
 */
export interface TellOnce {
  trouble(this: void, key: string, rod: string | null, reason: string): void
  well(this: void, key: string): void
}

export function tellOnce(tell: (rod: string | null, reason: string) => void): TellOnce {
  const known = new Map<string, string>()
  return {
    trouble(key, rod, reason) {
      if (known.get(key) === reason) return
      known.set(key, reason)
      tell(rod, reason)
    },
    well: key => void known.delete(key),
  }
}
