import type {Opaque, Recorded} from '../incident/events.ts'
import type {Impact} from '../incident/impact.ts'
import {type Instant, instantOf, presently} from '../incident/instant.ts'
import {between, type Length, type Span} from '../incident/length.ts'
import {type RodSpell, rodSpells} from './rod-spells.ts'

/** A spell of a rod with how long it held and what part of the impact that was. */
export interface HeldRod extends RodSpell {
  /** When it was sent in, verified or not. */
  readonly inserted: Instant | null
  readonly withdrawn: Instant | null
  /** From the first probe that agreed until it was out, or now; null: never verified. */
  readonly held: Length | null
  /** How long after it was due out it came out, or has not yet, ms; null: in time, or nothing was said. */
  readonly lateMs: number | null
  /** Overlap with the impact ÷ impact, 0…1; null without either. */
  readonly share: number | null
}

/** `events` are in order of time. */
export function heldRods(events: readonly (Recorded | Opaque)[], {spans}: Impact, nowMs: number): readonly HeldRod[] {
  const impactMs = spans.reduce((sum, {from, to}) => sum + to.atMs - from.atMs, 0)
  return rodSpells(events).map(spell => {
    const {sent, verifiedIn, out} = spell
    const from = verifiedIn && instantOf(verifiedIn)
    const to = out ? instantOf(out) : presently(nowMs)
    return {
      ...spell,
      inserted: sent && instantOf(sent),
      withdrawn: out && instantOf(out),
      lateMs: lateness(spell.dueAt, to.atMs),
      held: from && between(from, to, out === null),
      share: from && impactMs > 0 ? overlapMs(spans, from.atMs, to.atMs) / impactMs : null,
    }
  })
}

function lateness(dueAt: string | null, endMs: number): number | null {
  const lateMs = dueAt === null ? 0 : endMs - Date.parse(dueAt)
  return lateMs > 0 ? lateMs : null
}

function overlapMs(spans: readonly Span[], fromMs: number, toMs: number): number {
  return spans.reduce((sum, {from, to}) => sum + Math.max(Math.min(to.atMs, toMs) - Math.max(from.atMs, fromMs), 0), 0)
}
