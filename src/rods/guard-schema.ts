import {z} from 'zod'
import {durationText} from '../lib/duration-text.ts'
import {strictMap} from '../lib/strict-map.ts'
import {address, argv, comparisons, headers, jsonPath} from './probe-schema.ts'

const method = z
  .string()
  .regex(/^[A-Z]{1,20}$/)
  .default('GET')
const timeout = durationText.default(5000)
const comparison = strictMap(comparisons)
const readingOf = {
  http: strictMap({
    url: address,
    method,
    headers,
    json: jsonPath,
    timeout,
    change_over: durationText.optional().describe('how much it grew in this time'),
  }).optional(),
  command: strictMap({argv, timeout}).optional(),
}
const isOne = ({http, command}: {http?: unknown; command?: unknown}) => (http === undefined) !== (command === undefined)

/** When a withdrawal may go a step on, and when it must go back; in between it holds. It never goes on because time ran out. */
export const guard = strictMap({
  ...readingOf,
  every: durationText.optional().describe('[default: 500ms]'),
  advance: comparison.describe('a step further out'),
  back: comparison.optional().describe('fully in again; between the two it holds'),
}).refine(isOne, 'a guard reads exactly one of http, command')

/** What must hold besides the guard before the last step. */
export const releaseWhen = strictMap({...readingOf, ...comparisons}).refine(isOne, 'release_when reads exactly one of http, command')
