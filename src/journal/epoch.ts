import {readFileSync} from 'node:fs'
import type {EventData} from '../incident/events.ts'
import {Attempt} from './attempt.ts'
import type {Keeper} from './keeper.ts'
import {recordDrafts} from './record-drafts.ts'
import type {Writing} from './store.ts'

/** Empty where the machine has none (many containers): then a copied journal cannot be noticed. */
export function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim()
  } catch {
    return ''
  }
}

/** Gives a new journal its identity; does nothing to one that has it. */
export function ensureIdentity(writing: Writing, {ids}: Keeper, machine: string): void {
  if (!writing.meta()) writing.setMeta({origin: ids.hex(8), epoch: 1, machine})
}

/**
 * Begins a new chain, seq from 1, and says so in its first record. A copy on another machine, a restored backup and a
 * salvaged file must, or two histories would claim one place. Answers the new epoch.
 */
export function beginEpoch(writing: Writing, keeper: Keeper, machine: string, data: Pick<EventData['journal.epoch'], 'reason' | 'detail'>): number {
  const meta = writing.meta()
  if (!meta) return 0
  const used = writing.heads().flatMap(({origin, epoch}) => (origin === meta.origin ? [epoch] : []))
  const epoch = Math.max(meta.epoch, ...used) + 1
  writing.setMeta({...meta, epoch, machine})
  recordDrafts(writing, null, [{kind: 'journal.epoch', data: {...data, previous: meta.epoch}}], new Attempt(keeper).writer([]))
  return epoch
}
