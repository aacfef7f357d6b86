import {canonicalJson, type Json} from '../lib/canonical.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {CheckedRow} from './check-row.ts'

/** What somebody agreed to: per step what is sent, whether it runs, what changes. Readings of probes are not in it. */
export interface Plan {
  /** SHA-256 over the canonical JSON of the entries, 64 hex digits. */
  readonly hash: string
  readonly entries: readonly PlanEntry[]
}

/** [instance, row, sent, effect, branch, changes] */
export type PlanEntry = readonly [string, string | null, Json, string | null, string, readonly string[]]

const FIELDS = ['instance', 'action', 'sent', 'effect', 'branch', 'changes'] as const

export function planOf(rows: readonly CheckedRow[]): Plan {
  const entries = rows.map(
    ({instance, kind, uses, sealed, effect, branch, changes}): PlanEntry => [instance, uses ?? kind, sealed, effect, branch, changes.map(changeLine)],
  )
  return {hash: sha256Hex(canonicalJson(entries)), entries}
}

export function changeLine({what, before, after}: CheckedRow['changes'][number]): string {
  return `${what}: ${before ?? 'none'} → ${after ?? 'none'}`
}

/** One line for each thing that is not as agreed; empty when the hashes are the same. */
export function differences(agreed: readonly PlanEntry[], today: readonly PlanEntry[]): readonly string[] {
  const before = keyed(agreed)
  const now = keyed(today)
  const gone = [...before].filter(([key]) => !now.has(key)).map(([key]) => `${key}: was planned, is not any more`)
  const changed = [...now].flatMap(([key, entry]) => {
    const old = before.get(key)
    if (!old) return [`${key}: was not planned`]
    return FIELDS.flatMap((field, i) => (same(old[i], entry[i]) ? [] : [`${key}: ${field} was ${words(old[i])}, is ${words(entry[i])}`]))
  })
  const lines = [...gone, ...changed]
  return lines.length > 0 || same(agreed, today) ? lines : ['the steps come in another order']
}

/** Groups without an id have no instance: they are told apart by their place. */
function keyed(entries: readonly PlanEntry[]): ReadonlyMap<string, PlanEntry> {
  return new Map(entries.map((entry, i) => [entry[0] === '' || entry[0].endsWith('/') ? `${entry[0]}(${entry[1]} ${i + 1})` : entry[0], entry]))
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.join('; ')
  return typeof value === 'string' ? value : canonicalJson(value)
}
