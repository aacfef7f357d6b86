import type {Actor, Timing} from '../incident/events.ts'
import {canonicalJson} from '../lib/canonical.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {Hlc} from './hlc.ts'

/** `prev` of the first record of an (origin, epoch). */
export const GENESIS = '0'.repeat(64)

/** Everything of a record but its place in a chain: what the emergency log can write while no chain is in reach. */
export interface Unchained extends Timing {
  readonly id: string
  readonly incident: string | null
  readonly hlc: Hlc
  readonly at: string
  readonly recorded: string
  readonly actor: Actor
  readonly kind: string
  readonly data: unknown
  readonly visibility?: 'internal' | 'public'
}

export interface Link {
  readonly origin: string
  readonly epoch: number
  readonly seq: number
  readonly prev: string
}

/**
 * Chains one record: its canonical text as it is stored, exported and compared, and its hash, SHA-256 over the same text
 * without the member `hash`. The text is put together from its two halves around that member (RFC 8785 sorts the keys),
 * because writing it twice would be half the cost of an append.
 * @throws TypeError when something in it is not JSON
 */
export function chained(event: Unchained, {origin, epoch, seq, prev}: Link): {readonly text: string; readonly hash: string} {
  const {actor, approx, at, basis, data, hlc, id, incident, kind, precisionMs, recorded, visibility} = event
  const head = canonicalJson({actor, approx, at, basis, data, epoch}).slice(0, -1)
  const tail = canonicalJson({hlc, id, incident, kind, origin, precisionMs, prev, recorded, seq, v: 1, visibility}).slice(1)
  const hash = sha256Hex(`${head},${tail}`)
  return {text: `${head},"hash":"${hash}",${tail}`, hash}
}

/** The hash a record ought to have, whoever wrote it: members we do not know are covered too. */
export function hashOf(record: object): string {
  const {hash: _, ...rest} = record as {hash?: unknown}
  return sha256Hex(canonicalJson(rest))
}
