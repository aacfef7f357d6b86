import type {Snapshot} from './store.ts'

/**
 * 32 bits over a snapshot and where it ends (FNV-1a over its text): a flipped bit in it would make every read lie, and no
 * chain covers it. Not against people, who could drop the snapshot just as well: hence no hash that costs a start its time.
 */
export function snapshotSum({name, key, version, incident, cursor, state}: Omit<Snapshot, 'sum'>): number {
  const text = `${name}\n${key}\n${version}\n${incident}\n${cursor.join()}\n${state}`
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum >>> 0
}
