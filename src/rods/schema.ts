import {z} from 'zod'
import {durationText} from '../lib/duration-text.ts'
import {id, idMap, strictMap} from '../lib/strict-map.ts'
import {guard, releaseWhen} from './guard-schema.ts'
import {positions} from './position-schema.ts'
import {probe} from './probe-schema.ts'
import {DRIVERS} from './registry.ts'

/** The sections of `scram.yaml` that belong to rods: `rods`, `rod_defaults`, `banks`, `systems`. */

const HOUR_MS = 3_600_000
/** A rod in for longer than this is a decision of its own, not an expiry. */
const LONGEST_EXPIRY_MS = 72 * HOUR_MS

const text = z.string().trim().min(1, 'it is empty')
const expires = durationText.refine(ms => ms > 0 && ms <= LONGEST_EXPIRY_MS, 'a rod expires after at most 72h')
const verify = strictMap({
  timeout: durationText.optional().describe('longer than the lag of what is switched [default: 30s]'),
  every: durationText
    .refine(ms => ms > 0, 'it is more than 0')
    .optional()
    .describe('[default: 500ms]'),
  consecutive: z.number().int().min(1).max(20).optional().describe('looks that must agree one after another [default: 3]'),
})
const interlocks = z.array(strictMap({rod: id, at: z.union([z.string(), z.array(z.string()).min(1)]).optional()}))
const people = z.number().int().min(1).max(9)

export const rodDefaults = strictMap({expires: expires.optional(), verify: verify.optional()})

export const rod = strictMap({
  title: text.describe('what it is called'),
  what: text.describe('what users lose while it is in'),
  spares: text.describe('what it does not stop'),
  owner: text.optional().describe('who knows it'),
  component: z
    .union([id, z.array(id).min(1)])
    .optional()
    .describe('proposed as under_maintenance while it is in'),
  blast: strictMap({users: text.optional(), components: z.array(id).optional(), worst: text.optional()})
    .optional()
    .describe('shown before every move'),
  positions: positions.default(['withdrawn', 'inserted']).describe('from least to most reduced; or {percent: {step}}, {rate: [0, …, none]}'),
  driver: text.describe(`what switches it: ${Object.keys(DRIVERS).join(', ')}`).meta({enum: Object.keys(DRIVERS)}),
  with: z.record(z.string(), z.json()).default({}).describe('options of the driver, which checks them; secrets by reference'),
  probe: z.union([z.literal('none'), probe, z.array(probe).min(1).max(8)]).describe('how users see it; a list must agree'),
  because: text.optional().describe('why there is no probe'),
  bypass: probe.optional().describe("the responders' own way in while it is in"),
  verify: verify.optional(),
  expires: expires.optional().describe('when somebody is reminded of it [default: 2h, at most 72h]'),
  on_expiry: z.enum(['remind', 'release']).optional().describe('release: `scram watch` starts the guarded withdrawal [default: remind]'),
  withdraw: strictMap({
    steps: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .optional()
      .describe('where it stops on the way out, from more to less reduced [default: at every position]'),
    dwell: durationText.optional().describe("how long the guard must be good for a step; longer than the clients' Retry-After [default: 4s]"),
    guard: guard.optional().describe('a reading that says whether it may go a step on'),
    release_when: releaseWhen.optional().describe('must hold besides for the last step'),
    via: id.optional().describe('hand over to this rod first'),
    max_step_backs: z.number().int().min(0).max(99).optional().describe('then it is held for a person [default: 3]'),
  })
    .optional()
    .describe('how it comes out'),
  conflicts: interlocks.optional().describe('not together with'),
  requires: interlocks.optional().describe('only while that rod is there'),
  keep_one_of: z.array(id).min(2).optional().describe('one of these stays withdrawn'),
  cooldown: durationText.optional().describe('no opposite move sooner [default: 5s]'),
  approvals: strictMap({insert: people.optional(), withdraw: people.optional()}).optional().describe('people in all, the one who types counts'),
  on_partial: strictMap({insert: z.literal('keep').optional(), withdraw: z.enum(['keep', 'stop']).optional()})
    .optional()
    .describe('half a rod is better than none; a withdrawal of which half follows stops'),
  runs_without: z.array(id).optional().describe('names of `systems` that it must not depend on'),
  public_note: text.max(2000).optional().describe('proposed as text of an update, never posted by itself'),
}).refine(({probe: seen, because}) => seen !== 'none' || because !== undefined, 'probe: none wants because: TEXT; such a rod is never better than unverified')

export const rods = idMap(rod)
export const banks = idMap(strictMap({title: text, waves: z.array(z.array(id).min(1)).min(1).max(20)}))
export const systems = idMap(strictMap({hosts: z.array(text).optional(), commands: z.array(text).optional()}))

export type RodSection = z.output<typeof rod>
export type RodDefaultsSection = z.output<typeof rodDefaults>

/** Below `rod_defaults`, which are below the rod's own. */
export const BUILT_IN = {expires: 2 * HOUR_MS, verify: {timeout: 30_000, every: 500, consecutive: 3}} as const
