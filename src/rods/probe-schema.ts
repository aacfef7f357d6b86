import {z} from 'zod'
import {durationText} from '../lib/duration-text.ts'
import {id, strictMap} from '../lib/strict-map.ts'
import {leastTolerance} from './probes/limits.ts'

const statusCode = z.number().int().min(100).max(599)
const status = z.union([statusCode, z.array(statusCode).min(1)])
const number = z.number()
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const timeout = durationText.default(5000)

const bounds = {lt: number.optional(), lte: number.optional(), gt: number.optional(), gte: number.optional()}
export const comparisons = {eq: scalar.optional(), ne: scalar.optional(), ...bounds}
const latency = strictMap({lt: durationText.optional(), lte: durationText.optional(), gt: durationText.optional(), gte: durationText.optional()})

/** `$`, then `.name` or `[n]`; the whole language. */
export const jsonPath = z.string().regex(/^\$(?:\.[\w-]+|\[\d{1,6}\])*$/, 'a JSON path is $ and then .name or [n]')
export const address = z
  .string()
  .min(1)
  .max(4096)
  .refine(url => !/^https?:\/\/[^/?#]*@/i.test(url), 'a user and password in an address would be shown: a header takes them by reference')
  .describe('http:// or https://, may be a reference: env:NAME')
export const headers = z.record(z.string(), z.string()).default({}).describe('a value may be a reference, alone or after one word ("Bearer env:TOKEN")')
export const argv = z.array(z.string()).min(1).max(64).describe('program and arguments; no shell')

/** Without a word about it, every answer fits, a login page too. */
const SAYS_NOTHING = 'says nothing about the answer, so every one would fit'
const saysSomething = (expected: object) => Object.values(expected).some(value => value !== undefined)

const expected = strictMap({
  status: status.optional(),
  header: z.record(z.string(), z.string()).optional().describe('name → value; "*" = present'),
  body: z.string().optional().describe('contained in it'),
  json: strictMap({path: jsonPath, ...comparisons}).optional(),
  latency: latency.optional(),
  error: z.literal('ECONNREFUSED').optional().describe('where a refused connection is the effect'),
})
  .refine(saysSomething, SAYS_NOTHING)
  .refine(({error, ...others}) => error === undefined || !saysSomething(others), 'a refused connection has no answer: error stands alone')

/** Samples are load, and few of them prove nothing: three standard deviations at one half. */
const share = strictMap({
  status: status.describe('what a refused request is answered'),
  samples: z.number().int().min(20).max(10_000).describe('requests of one look, at most 50 a second'),
  tolerance: z.number().min(0).max(50).describe('points that the measured share may differ; at least 150 / √samples, below half the step'),
}).refine(({samples, tolerance}) => tolerance >= leastTolerance(samples), {
  path: ['tolerance'],
  error: ({input}) => tooNarrow(input as {samples: number; tolerance: number}), // what the map above let through
})
const count = strictMap({
  url: address.optional().describe("[default: the probe's]"),
  json: jsonPath.describe('a counter of admitted requests'),
  over: durationText.describe('how long it is watched'),
})

const http = strictMap({
  url: address.describe('the address users take'),
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, 'a method is written in capitals')
    .default('GET'),
  headers,
  timeout,
  expect: z.record(z.string(), expected).default({}).describe('position → what it looks like from outside'),
  share: share.optional().describe('percent rods: how many of many requests are refused'),
  count: count.optional().describe('rate rods: how fast a counter grows'),
  masked_by: z.array(id).optional().describe('rods that refuse the same requests'),
  redirect: z.number().int().min(0).max(5).optional().describe('how many are followed [default: 0]'),
}).refine(({share, count}) => share === undefined || count === undefined, 'a probe takes share or count, not both')
const command = strictMap({
  argv,
  timeout,
  expect: z.record(
    z.string(),
    strictMap({
      exit: z.number().int().min(0).max(255).optional(),
      stdout: z.string().optional().describe('the whole of it, but for blanks at the ends'),
    }).refine(saysSomething, SAYS_NOTHING),
  ),
})
const tcp = strictMap({host: z.string().min(1), port: z.number().int().min(1).max(65_535), timeout, expect: z.record(z.string(), z.enum(['open', 'refused']))})

/** One look through the path users take: exactly one of the three. */
export const probe = strictMap({http: http.optional(), command: command.optional(), tcp: tcp.optional()}).refine(
  kinds => Object.values(kinds).filter(kind => kind !== undefined).length === 1,
  'a probe is exactly one of http, command, tcp',
)

/** Rounded up, so that the number named is one that is taken. */
function tooNarrow({samples, tolerance}: {samples: number; tolerance: number}): string {
  return `${tolerance} points are fewer than ${samples} samples can tell; at least ${Math.ceil(leastTolerance(samples) * 10) / 10}`
}
