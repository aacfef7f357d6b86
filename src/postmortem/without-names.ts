/**
 * Replaces names that must not be published: each becomes `[redacted:name-1]`, the same number everywhere, whatever its
 * case; of two that overlap the longer one counts. Made once for a document.
 */
export function withoutNames(names: readonly string[]): (text: string) => string {
  const numbers = new Map(names.map((name, index) => [name.toLowerCase(), index + 1]))
  numbers.delete('')
  if (numbers.size === 0) return text => text
  const longestFirst = [...numbers.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'giu')
  return text => text.replace(pattern, found => `[redacted:name-${numbers.get(found.toLowerCase()) ?? 0}]`)
}
