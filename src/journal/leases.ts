import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {holderWords, isAlive} from '../lib/holder.ts'
import type {Lease, LeaseAnswer, LeaseHeld} from './journal.ts'
import type {Reading, Writing} from './store.ts'

/** Holders renew every ten seconds: two renewals may be missed before anyone else gets in. */
export const LEASE_MS = 30_000

/** A lease is refused while its holder lives and has time left; `take` (a person's word) takes it all the same. */
export function takeLease(writing: Writing, name: string, {holder, nowMs, take}: {holder: string; nowMs: number; take: boolean}): LeaseAnswer {
  const other = take ? null : leaseHolder(writing, name, nowMs)
  if (other) return other
  const fence = (writing.lease(name)?.fence ?? 0) + 1
  writing.saveLease({name, holder, fence, expiresMs: nowMs + LEASE_MS})
  return {held: true, lease: {name, fence}}
}

/** Who has it and lives; null: it is free, or its holder is gone or let its time run out. */
export function leaseHolder(reading: Reading, name: string, nowMs: number): LeaseHeld | null {
  const row = reading.lease(name)
  if (!row || row.holder === '' || row.expiresMs <= nowMs || !isAlive(row.holder)) return null
  return {held: false, holder: holderWords(row.holder), until: iso(row.expiresMs), alive: true}
}

/** False: somebody else has it now. A lease that ran out and that nobody took is still its holder's. */
export function renewLease(writing: Writing, {name, fence}: Lease, holder: string, nowMs: number): boolean {
  const row = writing.lease(name)
  if (row?.holder !== holder || row.fence !== fence) return false
  writing.saveLease({name, holder, fence, expiresMs: nowMs + LEASE_MS})
  return true
}

/** The row stays: a fence never comes twice. */
export function releaseLease(writing: Writing, {name, fence}: Lease, holder: string): void {
  const row = writing.lease(name)
  if (row?.holder === holder && row.fence === fence) writing.saveLease({name, holder: '', fence, expiresMs: 0})
}

/** @throws Fault lease.lost */
export function checkFence(reading: Reading, {name, fence}: Lease): void {
  const row = reading.lease(name)
  if (row?.fence === fence && row.holder !== '') return
  const now = row?.holder ? `${holderWords(row.holder)} has it now` : 'it was released'
  throw new Fault('lease.lost', `the lease ${name} was lost: ${now}; nothing was recorded`)
}
