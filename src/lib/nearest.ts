/** The word a person most likely meant, within 3 edits (fewer for short words, half a word at most); undefined: none is near. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const most = typed.length <= 1 ? 0 : typed.length <= 3 ? 1 : typed.length <= 5 ? 2 : 3
  let best: string | undefined
  let fewest = most + 1
  for (const word of words) {
    const edits = distance(typed.toLowerCase().slice(0, 64), word.toLowerCase().slice(0, 64))
    if (edits < fewest && edits <= Math.max(1, word.length / 2)) [best, fewest] = [word, edits]
  }
  return best
}

/** Insertions, deletions, replacements, and swaps of neighbours (the commonest slip), each one edit. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({length: b.length + 1}, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let edits = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, (before[j - 2] ?? 0) + 1)
      row.push(edits)
    }
    before = previous
    previous = row
  }
  return previous[b.length] ?? 0
}
