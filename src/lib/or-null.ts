/** For what may fail in any way without anybody being worse off: what it answers, or null. */
export function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
