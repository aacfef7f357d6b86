import {z} from 'zod'
import {id, idMap, strictMap} from '../lib/strict-map.ts'

/** The sections of `scram.yaml` that make the public page: `page`, `groups`, `components`, `targets`. */

const name = z.string().trim().min(1, 'a name is not empty').max(255)
const day = z.iso.date('a day is written 2026-03-14')
/** The page owns the root of its host: the readers of its JSON replace the path. */
const webAddress = z.url({protocol: /^https?$/, error: 'an address begins with https:// or http://'})

export const page = strictMap({
  name: name.default('Status'),
  url: webAddress.optional().describe('where people read it'),
  uptime: strictMap({
    days: z.literal(90, 'this version shows 90 days').default(90),
    partial: z.literal(0.3, 'in this version a partial outage counts 0.3').default(0.3),
  }).optional(),
})

export const groups = idMap(strictMap({name, description: z.string().max(2000).optional()}))

export const components = idMap(
  strictMap({
    name,
    description: z.string().max(2000).optional(),
    group: id.optional().describe('one of `groups`'),
    kind: z.enum(['service', 'communication', 'tooling']).default('service'),
    public: z.boolean().default(true).describe('shown on the page'),
    start_date: day.optional().describe('since when its uptime counts'),
    showcase: z.boolean().default(true).describe('show its uptime'),
    only_show_if_degraded: z.boolean().default(false),
  }),
)

export const targets = z
  .array(
    strictMap({
      id,
      kind: z.literal('directory', 'this version publishes to a directory only'),
      path: z.string().min(1).describe('absolute, or relative to scram.yaml'),
      url: webAddress.optional().describe('where it can be read back; without it nothing is ever shown as published'),
    }),
  )
  .refine(listed => new Set(listed.map(target => target.id)).size === listed.length, 'two targets have the same id')
