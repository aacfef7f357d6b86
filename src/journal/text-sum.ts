import type {Snapshot} from './store.ts'

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

/** Over a snapshot and where it ends: no chain covers it, and a wrong one would make every read lie. */
export function snapshotSum({name, key, version, incident, cursor, state}: Omit<Snapshot, 'sum'>): number {
  return textSum(`${name}\n${key}\n${version}\n${incident}\n${cursor.join()}\n${state}`)
}
