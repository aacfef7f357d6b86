import {textSum} from '../lib/text-sum.ts'
import type {Snapshot} from './store.ts'

/** Over a snapshot and where it ends: no chain covers it, and a wrong one would make every read lie. */
export function snapshotSum({name, key, version, incident, cursor, state}: Omit<Snapshot, 'sum'>): number {
  return textSum(`${name}\n${key}\n${version}\n${incident}\n${cursor.join()}\n${state}`)
}
