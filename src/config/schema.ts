import {z} from 'zod'
import {durationText} from '../lib/duration-text.ts'
import {strictMap} from '../lib/strict-map.ts'
import {components, groups, page, targets} from '../page/schema.ts'
import {postmortem} from '../postmortem/schema.ts'
import {banks, rodDefaults, rods, systems} from '../rods/schema.ts'

const promise = durationText.refine(ms => ms > 0, 'a promise is more than 0').optional()

/** The whole of `scram.yaml`, each section from its room. Keys that begin with `x-` are free, others are errors. */
export const SECTIONS = {
  scram: z.literal(1, 'this version reads `scram: 1`').describe('schema version'),
  page: page.prefault({}),
  groups: groups.default({}),
  components: components.default({}).describe('in page order'),
  cadence: strictMap({sev1: promise, sev2: promise, sev3: promise, sev4: promise, sev5: promise, default: promise})
    .default({})
    .describe("the next update's promise where nobody gave one"),
  targets: targets.default([]).describe('where the page is published to'),
  rod_defaults: rodDefaults.default({}),
  rods: rods.default({}),
  banks: banks.default({}).describe('rods inserted together: scram trip BANK'),
  systems: systems.default({}).describe('what rods may have to run without'),
  postmortem: postmortem.prefault({}),
} as const

export type SectionName = keyof typeof SECTIONS
export type Section<N extends SectionName> = z.output<(typeof SECTIONS)[N]>

export const workspace = strictMap(SECTIONS)
