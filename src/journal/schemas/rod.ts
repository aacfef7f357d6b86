import * as z from 'zod'
import * as w from './words.ts'

const reading = z.object({target: w.text, position: w.text, version: w.maybe(w.text), instance: w.maybe(w.text)})

const interlocks = z.array(z.object({rod: w.text, at: w.maybe(w.texts)}))
const testedMove = z.object({acknowledgedMs: w.maybe(w.number), readBackMs: w.maybe(w.number), effectiveMs: w.maybe(w.number)})

const ttl = z.enum(['native'])

const intent = z.object({
  rod: w.text,
  to: w.text,
  from: z.array(reading),
  why: w.text,
  expiresAt: w.maybe(w.instant),
  ttl: w.maybe(ttl),
  title: w.maybe(w.text),
  component: w.maybe(w.text),
  note: w.maybe(w.text),
  overrides: w.maybe(w.texts),
  approvals: w.maybe(w.texts),
  bank: w.maybe(w.text),
  step: w.maybe(w.text),
  only: w.maybe(w.texts),
  each: w.maybe(z.array(z.object({target: w.text, position: w.text}))),
  taken: w.maybe(z.array(z.object({target: w.text, recorded: w.text, position: w.text}))),
  binds: w.maybe(z.object({conflicts: w.maybe(interlocks), requires: w.maybe(interlocks)})),
  fence: w.maybe(w.number),
  follows: w.maybe(z.nullable(w.text)),
  unfenced: w.maybe(w.flag),
})

const target = z.object({
  target: w.text,
  wanted: w.maybe(w.text),
  acknowledged: w.maybe(z.object({ms: w.number, detail: w.text})),
  readBack: w.maybe(z.object({position: w.text, ms: w.number, evidence: w.text, instance: w.maybe(w.text)})),
  error: w.maybe(z.object({code: w.text, reason: w.text})),
})

const outcome = z.object({
  rod: w.text,
  to: w.text,
  intent: w.text,
  targets: z.array(target),
  effective: w.maybe(z.object({position: w.text, probe: w.text, ms: w.number, evidence: w.text})),
  why: w.text,
  expiresAt: w.maybe(w.instant),
  ttl: w.maybe(ttl),
  already: w.maybe(w.flag),
  blind: w.maybe(w.flag),
  masked: w.maybe(w.flag),
  settles: w.maybe(w.text),
  code: w.maybe(w.text),
  reason: w.maybe(w.text),
  warning: w.maybe(w.text),
})

/** Control rods: intents, outcomes, what was seen since. */
export const rod = {
  'rod.inserting': intent,
  'rod.withdrawing': intent,
  'rod.inserted': outcome,
  'rod.withdrawn': outcome,
  'rod.unverified': outcome,
  'rod.jammed': outcome,
  'rod.held': z.object({rod: w.text, intent: w.text, position: w.text, stepBacks: w.number, guard: w.text, reason: w.text}),
  'rod.drifted': z.object({rod: w.text, expected: w.text, seen: w.text, by: z.enum(['read', 'probe', 'merge']), evidence: w.text, version: w.maybe(w.text), targets: w.maybe(z.array(reading))}),
  'rod.extended': z.object({rod: w.text, expiresAt: w.instant, why: w.text}),
  'rod.reminded': z.object({rod: w.text, stage: z.enum(['half', 'due', 'overdue']), n: w.number}),
  'rod.tested': z.object({rod: w.text, mode: z.enum(['look', 'exercise']), result: z.enum(['passed', 'failed']), ms: w.number, detail: w.maybe(w.text), in: w.maybe(testedMove), out: w.maybe(testedMove)}),
}

export const isExact: w.Exactly<keyof typeof rod, typeof rod> = rod
