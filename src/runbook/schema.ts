/**
 * The file, as zod: one strict object per step kind. The kind is chosen by its key before anything is validated, so that
 * a finding speaks of one kind and not of all. The JSON Schema for editors is made from the same objects.
 */
import {z} from 'zod'
import {parseDuration} from '../lib/durations.ts'

const LONGEST_MS = 30 * 86_400_000

function durationUpTo(limitMs: number, words: string, leastMs = 1): z.ZodString {
  const wants = `wants a duration with a unit, such as 90s or 5m, ${words}`
  return z.string(wants).refine(text => isDuration(text, leastMs, limitMs), wants)
}

function isDuration(text: string, leastMs: number, mostMs: number): boolean {
  try {
    const ms = parseDuration(text)
    return ms >= leastMs && ms <= mostMs
  } catch {
    return false
  }
}

const duration = durationUpTo(LONGEST_MS, 'above 0, at most 30d')
const durationOrNone = durationUpTo(LONGEST_MS, 'at most 30d', 0)
export const STEP_ID = /^[a-z][a-z0-9_]{0,39}$/
const RUNBOOK_ID = /^[a-z][a-z0-9-]{0,59}$/
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/
const OUTPUT_TYPES = ['string', 'int', 'number', 'bool'] as const

/** Words CEL keeps for itself, and the one lower-case name every object has. */
const RESERVED: ReadonlySet<string> = new Set([
  'as', 'break', 'const', 'constructor', 'continue', 'else', 'false', 'for', 'function', 'if', 'import', 'in', 'let', 'loop', 'namespace', 'null',
  'package', 'return', 'true', 'var', 'void', 'while',
]) // biome-ignore format: a list to read, not a column

const idWords = 'wants a-z, 0-9 and _, beginning with a letter, at most 40 (no -: it is minus in an expression)'
const stepId = z.string('wants text').regex(STEP_ID, idWords).refine(isFreeWord, 'is a word expressions keep for themselves')
export function isFreeWord(id: string): boolean {
  return !RESERVED.has(id)
}

const text = z.string('wants text').min(1, 'is empty')
const cel = z.string('wants an expression as text').min(1, 'is empty')
const anyValue: z.ZodType = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(anyValue), z.record(z.string(), anyValue)]))
const withMap = z.record(z.string(), anyValue, 'wants a map')
const outputTypes = z.record(stepId, z.enum(OUTPUT_TYPES, 'wants string, int, number or bool'))
const texts = z.record(z.string().regex(VARIABLE, 'is not a variable name'), z.string('wants text: quote numbers'))

const secrets = z.record(
  z.string().regex(VARIABLE, 'is not a variable name'),
  z.string('wants env:NAME or file:/path').regex(/^(?:env:[A-Za-z_]\w{0,99}|file:\/[^\0]{1,1000})$/, 'wants env:NAME or file:/path'),
)

const retry = z.strictObject({
  max: z.number('wants a number').int().min(1, 'wants 1 to 10').max(10, 'wants 1 to 10').default(2).describe('further attempts'),
  delay: durationUpTo(60_000, 'at most 60s').default('5s'),
  backoff: z.number('wants a number').min(1, 'wants 1 to 10').max(10, 'wants 1 to 10').default(2),
  jitter: z.boolean('wants true or false').default(true),
  on: z.array(text).min(1).optional().describe('codes it answers to; default: what the action calls retryable'),
})

const onFailure = z
  .enum(['ask', 'stop', 'continue'], 'wants ask, stop or continue (undo and goto are not read by this version)')
  .describe('after the last attempt failed')

const named = {
  id: stepId.optional().describe('names the step in expressions and in the record'),
  name: text.optional().describe('for people; may hold values'),
  if: cel.optional().describe('CEL; false skips the step'),
}
const asking = {
  confirm: z
    .union([z.literal(true), text], 'wants true or a question')
    .optional()
    .describe('asks the person driving before the effect'),
}
const failing = {on_failure: onFailure.optional()}
const attempted = {
  timeout: duration.optional().describe('per attempt, default 5m'),
  retry: retry.optional(),
  resume: z.enum(['verify', 'safe', 'ask'], 'wants verify, safe or ask').optional().describe('when nobody saw how an attempt ended'),
}
const probe = z.strictObject({uses: text.describe('an action that changes nothing'), with: withMap.optional()}, 'wants {uses, with}')

/** Kind key → the keys a step of that kind takes. */
export const STEP_SHAPES = {
  uses: {...named, uses: text.describe('an action: what one types after scram, / for blanks'), with: withMap.optional(), ...asking, ...attempted, ...failing},
  run: {
    ...named,
    run: z
      .union([z.array(text).min(1).max(200), text], 'wants a list (argv, no shell) or a constant script')
      .describe('a list is argv, no shell; text is a constant script for /bin/sh -eu'),
    env: texts.optional().describe('for the child; the way values reach a script'),
    secrets: secrets.optional().describe('variable → env:NAME or file:/path'),
    effect: z.enum(['unsafe', 'idempotent'], 'wants unsafe or idempotent').optional(),
    outputs: z.union([z.literal('text'), outputTypes], 'wants text, or a map of name and type').optional(),
    ...asking,
    ...attempted,
    ...failing,
  },
  manual: {
    ...named,
    manual: text.describe('a person does it and says so'),
    evidence: z.enum(['optional', 'required'], 'wants optional or required').optional(),
    outputs: outputTypes.optional().describe('asked for'),
    ...asking,
    ...failing,
  },
  wait: {...named, wait: duration.describe('an absolute due time: it survives the process'), ...asking, ...failing},
  wait_until: {
    ...named,
    wait_until: cel.describe('CEL over result'),
    probe,
    every: durationUpTo(LONGEST_MS, '1s or more', 1000).optional().describe('default 10s'),
    for: durationOrNone.optional().describe('how long it must hold, seen; default 0s: one true sample'),
    timeout: duration.optional().describe('default 15m'),
    ...asking,
    ...failing,
  },
} as const

export type StepKindKey = keyof typeof STEP_SHAPES

export const STEP_SCHEMAS = {
  uses: z.strictObject(STEP_SHAPES.uses),
  run: z.strictObject(STEP_SHAPES.run),
  manual: z.strictObject(STEP_SHAPES.manual),
  wait: z.strictObject(STEP_SHAPES.wait),
  wait_until: z.strictObject(STEP_SHAPES.wait_until),
}

const GROUP = {...named, steps: z.array(z.unknown(), 'wants a list').min(1, 'is empty')}
export const groupSchema = z.strictObject(GROUP)

const scalar = z.union([z.string(), z.number(), z.boolean()], 'wants a text, number or bool')
const input = z.strictObject({
  type: z.enum(['string', 'int', 'number', 'bool', 'duration'], 'wants string, int, number, bool or duration').default('string'),
  default: scalar.optional(),
  required: z.boolean('wants true or false').optional(),
  pattern: text.max(200).optional().describe('a regular expression for the whole value'),
  choices: z.array(scalar).min(1).max(100).optional(),
  prompt: text.optional(),
})

const TOP = {
  scram: z.literal(1, 'wants 1: written for a schema this scram does not read').describe('schema version'),
  runbook: z.string('wants text').regex(RUNBOOK_ID, 'wants a-z, 0-9 and -, beginning with a letter, at most 60').describe('id, as in scram run ID'),
  title: text,
  description: text.optional(),
  owners: z.array(text).optional(),
  severity: z.enum(['sev1', 'sev2', 'sev3', 'sev4', 'sev5'], 'wants sev1 to sev5').optional(),
  inputs: z.record(stepId, input).optional().describe('values are recorded, so never secrets'),
  defaults: z.strictObject({timeout: duration.optional(), retry: retry.optional(), on_failure: onFailure.optional()}).optional(),
  outputs: z.record(stepId, text).optional().describe('printed and recorded at the end'),
}
const STEP_LIST = 'wants a list of 1 to 500 steps'
export const runbookSchema = z.strictObject({...TOP, steps: z.array(z.unknown(), STEP_LIST).min(1, STEP_LIST).max(500, STEP_LIST)})

/** The same with its steps spelt out, for `toJSONSchema` only: validation picks the step's kind first. */
export function wholeSchema(): z.ZodType {
  const group = z.strictObject({
    ...named,
    get steps(): z.ZodType {
      return z.array(step).min(1)
    },
  })
  const step: z.ZodType = z.union([...Object.values(STEP_SCHEMAS), group])
  return z.strictObject({...TOP, steps: z.array(step).min(1).max(500)})
}

export const STEP_KEYS: Readonly<Record<StepKindKey | 'steps', readonly string[]>> = {
  uses: Object.keys(STEP_SHAPES.uses),
  run: Object.keys(STEP_SHAPES.run),
  manual: Object.keys(STEP_SHAPES.manual),
  wait: Object.keys(STEP_SHAPES.wait),
  wait_until: Object.keys(STEP_SHAPES.wait_until),
  steps: Object.keys(GROUP),
}

export type RawStep = {[K in StepKindKey]: {readonly kind: K} & z.output<(typeof STEP_SCHEMAS)[K]>}[StepKindKey]
export type RawRunbook = z.output<typeof runbookSchema>
export type RawRetry = z.output<typeof retry>
