/** The file `NAME.test.yaml`, as zod; the JSON Schema for editors is made from the same. */
import {z} from 'zod'
import {anyValue, duration, RUNBOOK_ID, scalar, text, withMap} from '../schema-scalars.ts'
import {PATTERN} from './pattern.ts'

const instance = z.string('wants text').regex(PATTERN, 'is no step: id, group/id, group[item]/id, with * for any part')

const failure = z.union(
  [text, z.strictObject({code: text, message: text.optional(), retryable: z.boolean('wants true or false').optional()})],
  'wants a code, or {code, message, retryable}',
)

const fake = z.strictObject(
  {
    after: duration.optional().describe('how long the call takes'),
    fail: failure.optional().describe('a code such as exec.exit or net.unreachable'),
    outputs: withMap.optional().describe('what it answers'),
    samples: z.array(withMap, 'wants a list of outputs').min(1, 'is empty').optional().describe('for wait_until: one look each, the last repeats'),
  },
  'wants {after, fail, outputs, samples} or a list of them',
)

const onFailure = z.enum(['retry', 'skip', 'undo', 'stop'], 'wants retry, skip, undo or stop')
const persons = z.union([text, z.array(text).min(1).max(10)], 'wants the name of another person, or several')
const answer = z.union(
  [
    z.enum(['yes', 'skip', 'stop']),
    z.strictObject({
      after: duration.optional().describe('how long the person takes'),
      approve: persons.optional().describe('who approves'),
      override: text.optional().describe('why it goes on without approval, once that is late'),
      confirm: z.enum(['yes', 'skip', 'stop']).optional(),
      evidence: text.optional(),
      file: text.optional().describe('evidence, as a file'),
      outputs: z.record(z.string(), scalar, 'wants a map').optional(),
      failure: z.union([onFailure, z.array(onFailure).min(1)], 'wants retry, skip, undo or stop, or a list of them').optional(),
      unknown: z.enum(['done', 'retry', 'skip', 'stop']).optional().describe('default: the truth'),
    }),
  ],
  'wants yes, skip, stop or {after, approve, override, confirm, evidence, file, outputs, failure, unknown}',
)

const given = z.strictObject(
  {
    incident: text.optional().describe('title of an incident that is open already'),
    rods_inserted: z.array(text, 'wants a list').max(100).optional().describe('rods that are all the way in'),
  },
  'wants {incident, rods_inserted}',
)

const expectation = z.strictObject(
  {
    outcome: z.enum(['done', 'done_with_failures', 'parked', 'aborted'], 'wants done, done_with_failures, parked or aborted').optional(),
    took: z.strictObject({at_most: duration.optional(), at_least: duration.optional()}, 'wants {at_most, at_least}').optional(),
    updates: z.array(z.enum(['investigating', 'identified', 'monitoring', 'resolved']), 'wants a list of statuses').optional(),
    rods_inserted: z.array(text, 'wants a list').optional().describe('at the end'),
    before: z
      .array(z.array(instance).length(2, 'wants two steps'), 'wants a list of pairs')
      .optional()
      .describe('the first has ended before the second begins'),
    steps: z
      .record(
        instance,
        z.enum(['finished', 'failed', 'skipped', 'unknown', 'undone', 'none'], 'wants finished, failed, skipped, unknown, undone or none'),
        'wants a map',
      )
      .optional()
      .describe('none: it never began'),
    outputs: z.record(z.string(), anyValue, 'wants a map').optional().describe('of the run; those named must be so'),
  },
  'wants {outcome, took, updates, rods_inserted, before, steps, outputs}',
)

const CASE = {
  name: text,
  start: z
    .string('wants a time such as 2012-06-07T15:52:41Z')
    .refine(
      value => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(value) && !Number.isNaN(Date.parse(value)),
      'wants a time in UTC such as 2012-06-07T15:52:41Z',
    )
    .default('2012-06-07T15:52:41Z'),
  inputs: z.record(z.string(), scalar, 'wants a map').default({}),
  given: given.default({}).describe('what is so before the run begins'),
  abort: text.optional().describe('why; where the run parks it is ended for good'),
  crash: z.union([z.enum(['none', 'every']), z.array(z.number().int().min(1)).min(1)], 'wants none, every or a list of event numbers').default('none'),
  expect: expectation.default({}),
} as const

/** One call or a list of calls; `z.union` would answer with the issues of both. */
const listed = z.preprocess((value): unknown[] => (Array.isArray(value) ? value : [value]), z.array(fake).min(1, 'is empty'))

export const caseSchema = z.strictObject({
  ...CASE,
  world: z.record(instance, listed, 'wants a map').default({}),
  answers: z.record(instance, answer, 'wants a map').default({}),
})

const TOP = {
  scram_test: z.literal(1, 'wants 1').describe('schema version'),
  runbook: z.string('wants text').regex(RUNBOOK_ID, 'wants the id of a runbook').describe('the runbook that is tested'),
} as const
const CASES = 'wants a list of cases'
export const testSchema = z.strictObject({...TOP, cases: z.array(z.unknown(), CASES).min(1, CASES)})

/** The same spelt out, for `toJSONSchema` only: validation takes the cases one by one. */
export function wholeTestSchema(): z.ZodType {
  const world = z.record(z.string(), z.union([fake, z.array(fake).min(1)])).optional()
  const cases = z.strictObject({...CASE, world, answers: z.record(z.string(), answer).optional()})
  return z.strictObject({...TOP, cases: z.array(cases).min(1)})
}

export type Given = z.infer<typeof given>
export type Fake = z.infer<typeof fake>
export type TestAnswer = z.infer<typeof answer>
export type Expectation = z.infer<typeof expectation>
export type RawCase = z.infer<typeof caseSchema>
