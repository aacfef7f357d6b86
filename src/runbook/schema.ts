/**
 * The file, as zod; its steps are in `step-schema.ts`. The JSON Schema for editors is made from the same objects.
 */
import {z} from 'zod'
import {duration, RUNBOOK_ID, scalar, stepId, text} from './schema-scalars.ts'
import {defaultOnFailure, retry, STEP_SCHEMAS, STEP_SHAPES, UNDO_SCHEMAS} from './step-schema.ts'

const input = z.strictObject(
  {
    type: z.enum(['string', 'int', 'number', 'bool', 'duration'], 'wants string, int, number, bool or duration').default('string'),
    default: scalar.optional(),
    required: z.boolean('wants true or false').optional(),
    pattern: text.max(200, 'has at most 200 characters').optional().describe('a regular expression for the whole value'),
    choices: z.array(scalar).min(1).max(100).optional(),
    prompt: text.optional(),
  },
  'wants a map: {type, default, required, pattern, choices, prompt}',
)

const updates = z.strictObject(
  {
    every: duration.describe('what an update of this run promises when it names no next'),
    at_most: duration.optional().describe('past this since the last public update the comms role is told'),
    mode: z.enum(['prompt', 'draft', 'auto'], 'wants prompt, draft or auto').default('prompt'),
    fallback: text.optional().describe('constant: auto posts it once per silence, draft begins the prompt with it'),
  },
  'wants {every, at_most, mode, fallback}',
)

const TOP = {
  scram: z
    .literal(1, {error: ({input}) => (typeof input === 'number' && input > 1 ? `is ${input}: written for schema ${input}; this scram reads 1` : 'wants 1')})
    .describe('schema version'),
  runbook: z.string('wants text').regex(RUNBOOK_ID, 'wants a-z, 0-9 and -, beginning with a letter, at most 60').describe('id, as in scram run ID'),
  title: text,
  description: text.optional(),
  owners: z.array(text, 'wants a list').optional(),
  severity: z.enum(['sev1', 'sev2', 'sev3', 'sev4', 'sev5'], 'wants sev1 to sev5').optional().describe('proposed to open; selects the cadence'),
  inputs: z.record(stepId, input, 'wants a map').optional().describe('values are recorded, so never secrets'),
  defaults: z
    .strictObject({timeout: duration.optional(), retry: retry.optional(), on_failure: defaultOnFailure.optional()}, 'wants {timeout, retry, on_failure}')
    .optional(),
  updates: updates.optional().describe('the promise clock'),
  outputs: z.record(stepId, text, 'wants a map').optional().describe('printed and recorded at the end'),
}
const STEP_LIST = 'wants a list of 1 to 500 steps'
export const runbookSchema = z.strictObject({
  ...TOP,
  steps: z.array(z.unknown(), STEP_LIST).min(1, STEP_LIST).max(500, STEP_LIST),
  on_abort: z.array(z.unknown(), 'wants a list').max(50, 'has at most 50 steps').optional(),
})

/** The same with its steps spelt out, for `toJSONSchema` only: validation picks the step's kind first. */
export function wholeSchema(): z.ZodType {
  const undone = z.union(Object.values(UNDO_SCHEMAS)).optional().describe('one uses or run that takes the effect back')
  const withUndo = {uses: {...STEP_SHAPES.uses, undo: undone}, run: {...STEP_SHAPES.run, undo: undone}, manual: {...STEP_SHAPES.manual, undo: undone}}
  const together = z.union([z.strictObject(withUndo.uses), z.strictObject(withUndo.run), STEP_SCHEMAS.wait, STEP_SCHEMAS.wait_until])
  const group = z.strictObject({
    ...STEP_SHAPES.steps,
    get steps(): z.ZodType {
      return z.array(step).min(1).max(500)
    },
  })
  const {uses, run, manual} = withUndo
  const step: z.ZodType = z.union([
    z.strictObject(uses),
    z.strictObject(run),
    z.strictObject(manual),
    STEP_SCHEMAS.wait,
    STEP_SCHEMAS.wait_until,
    group,
    z.strictObject({...STEP_SHAPES.parallel, parallel: z.array(together).min(1).max(8)}),
    STEP_SCHEMAS.call,
  ])
  const onAbort = z.array(z.strictObject(STEP_SHAPES.uses)).max(50).optional().describe('after scram abort; looks and records, never acts')
  return z.strictObject({...TOP, steps: z.array(step).min(1).max(500), on_abort: onAbort})
}

export type RawRunbook = z.output<typeof runbookSchema>
export type RawDefaults = NonNullable<RawRunbook['defaults']>
