import {Fault} from '../lib/fault.ts'
import {holderWords, isAlive} from '../lib/holder.ts'
import type {Claim, TimerClaim} from './journal.ts'
import {compareKeys, orderKeyOf} from './order-key.ts'
import {readKnown} from './read-record.ts'
import type {Row, TimerRow, Writing} from './store.ts'

/** Firing takes milliseconds; a claimer that hangs for longer has lost its turn, and its fence keeps it from firing then. */
export const CLAIM_MS = 30_000
/** So many due timers are looked at for one that nobody is at: there are never as many claimers. */
const LOOKED_AT = 100

const KINDS = ['timer.set', 'timer.fired', 'timer.cancelled'] as const

/**
 * The table follows the record in the same transaction. Of the events about a timer the last in record order counts, in
 * whatever order they arrive, so a table built anew is the same. Total: nothing a record says keeps it from being recorded.
 */
export function projectTimer(writing: Writing, row: Row): void {
  if (!KINDS.some(kind => kind === row.kind)) return
  const {data} = JSON.parse(row.record) as {data: {timer?: unknown; due?: unknown; what?: unknown}}
  const id = typeof data.timer === 'string' ? data.timer : ''
  if (id === '') return
  const before = writing.timer(id)
  const key = orderKeyOf(row)
  if (before && compareKeys(key, before.key) < 0) return
  const dueMs = Date.parse(String(data.due))
  const isSet = row.kind === 'timer.set' && Number.isFinite(dueMs)
  const claim = {owner: '', fence: before?.fence ?? 0, claimedUntilMs: 0}
  const over = {id, state: 'over', origin: '', incident: null, what: '', dueMs: 0, key, ...claim} as const
  writing.saveTimer(isSet ? {...over, state: 'set', origin: row.origin, incident: row.incident, what: String(data.what), dueMs} : over)
}

/** The table anew from the record; who is at what, and every fence, is kept. */
export function rebuildTimers(writing: Writing): void {
  const claims = writing.timers()
  writing.dropTimers()
  // All of them first: a scan must be over before anything is written. A damaged one says nothing about its timer.
  const rows = [...writing.scan({kinds: KINDS})].filter(({isWhole}) => isWhole)
  for (const row of rows) {
    const {id, incident, origin, epoch, seq, hash, hlc, kind} = readKnown(row)
    projectTimer(writing, {id, incident, origin, epoch, seq, hash, hlc, kind, run: null, record: row.record})
  }
  for (const {id, owner, fence, claimedUntilMs} of claims) {
    const timer = writing.timer(id)
    if (timer) writing.saveTimer({...timer, fence, ...(timer.state === 'set' && {owner, claimedUntilMs})})
  }
}

/** Files older than the table have a row named '' in it. */
function ensureBuilt(writing: Writing): void {
  if (writing.timer('')) rebuildTimers(writing)
}

/** Null: it is not set, not due, another machine's, or somebody is at it. */
export function claimTimer(writing: Writing, {holder, nowMs, timer: name}: {holder: string; nowMs: number; timer?: string}): TimerClaim | null {
  ensureBuilt(writing)
  const origin = writing.meta()?.origin ?? ''
  const named = name === undefined ? undefined : writing.timer(name)
  const candidates = name === undefined ? writing.dueTimers(origin, nowMs, LOOKED_AT) : named ? [named] : []
  const timer = candidates.find(each => each.state === 'set' && each.origin === origin && each.dueMs <= nowMs && isFree(each, nowMs))
  if (!timer) return null
  const fence = timer.fence + 1
  writing.saveTimer({...timer, owner: holder, fence, claimedUntilMs: nowMs + CLAIM_MS})
  return {timer: timer.id, fence, incident: timer.incident, what: timer.what, dueMs: timer.dueMs}
}

/** A claim that reaches further than a claim can was made before the clock was put back. */
function isFree({owner, claimedUntilMs}: TimerRow, nowMs: number): boolean {
  return owner === '' || claimedUntilMs < nowMs || claimedUntilMs > nowMs + CLAIM_MS || !isAlive(owner)
}

/** Lets go of what could not be fired, so that another process may try at once. */
export function unclaimTimer(writing: Writing, {timer: id, fence}: Claim, holder: string): void {
  const timer = writing.timer(id)
  if (timer?.owner === holder && timer.fence === fence) writing.saveTimer({...timer, owner: '', claimedUntilMs: 0})
}

/** @throws Fault lease.lost: somebody else took it, or it is over; nothing was recorded */
export function checkClaim(writing: Writing, {timer: id, fence}: Claim, holder: string): void {
  const timer = writing.timer(id)
  if (timer?.state === 'set' && timer.owner === holder && timer.fence === fence) return
  const now = timer?.state === 'set' && timer.owner !== '' ? `${holderWords(timer.owner)} is at it now` : 'it is over'
  throw new Fault('lease.lost', `the timer ${id} was lost: ${now}; nothing was recorded`)
}
