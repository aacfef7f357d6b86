const START = 0x811c9dc5

/**
 * 32 bits over a text (FNV-1a over its UTF-16 units), a nanosecond a character: shows a bit that flipped on disk at every
 * read, where checking the hash would cost ten times the reading. Against people there is the chain, and `verify`.
 * @param before the sum of a text that stands before this one
 */
export function textSum(text: string, before = START): number {
  let sum = before
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum >>> 0
}
