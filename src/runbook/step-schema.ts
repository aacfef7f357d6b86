/**
 * A step, as zod: one strict object per kind. The kind is chosen by its key before anything is validated, so that
 * a finding speaks of one kind and not of all. The JSON Schema for editors is made from the same objects.
 */
import {z} from 'zod'
import {
  cel, constant, duration, durationOrNone, durationUpTo, LONGEST_MS, outputTypes, RUNBOOK_ID, scalar, secrets, stepId, text, texts, withMap,
} from './schema-scalars.ts' // biome-ignore format: names, not a column

export const retry = z.strictObject({
  max: z.number('wants a number').int('wants 1 to 10').min(1, 'wants 1 to 10').max(10, 'wants 1 to 10').default(2).describe('further attempts'),
  delay: durationUpTo(60_000, 'at most 60s').default('5s'),
  backoff: z.number('wants a number').min(1, 'wants 1 to 10').max(10, 'wants 1 to 10').default(2),
  jitter: z.boolean('wants true or false').default(true),
  on: z.array(text).min(1).optional().describe('codes it answers to; default: what the action calls retryable'),
})

const LAST = ['ask', 'stop', 'continue'] as const
const ON_FAILURE = 'wants ask, stop, continue, undo, {goto: ID} or {undo: step, group or run, then: ask, stop or continue}'
const onFailure = z
  .union(
    [
      z.enum([...LAST, 'undo']),
      z.strictObject({goto: stepId.describe('a later step of the same list')}),
      // biome-ignore lint/suspicious/noThenProperty: a key of the format
      z.strictObject({undo: z.enum(['step', 'group', 'run']), then: z.enum(LAST).default('ask')}),
    ],
    ON_FAILURE,
  )
  .describe('after the last attempt failed; undo = {undo: group, then: ask}')

/** For all steps: there is no list in which a `goto` could lead forwards from each of them. */
export const defaultOnFailure = z
  .union(
    [
      z.enum([...LAST, 'undo']),
      // biome-ignore lint/suspicious/noThenProperty: a key of the format
      z.strictObject({undo: z.enum(['step', 'group', 'run']), then: z.enum(LAST).default('ask')}),
    ],
    'wants ask, stop, continue, undo or {undo: step, group or run, then: ask, stop or continue}',
  )
  .describe('for steps that say nothing')

const approve = z.strictObject(
  {
    from: z.array(text).max(10).default([]).describe('roles, one of which the approver holds; none: anyone else than the driver'),
    count: z.number('wants 1 to 10').int('wants 1 to 10').min(1, 'wants 1 to 10').max(10, 'wants 1 to 10').default(1),
    timeout: duration.default('10m'),
    on_timeout: z.enum(['ask', 'stop'], 'wants ask or stop: never go on').default('ask'),
  },
  'wants {from, count, timeout, on_timeout}',
)

const probe = z.strictObject({uses: text.describe('an action that changes nothing'), with: withMap.optional()}, 'wants {uses, with}')
const verify = z.strictObject(
  {
    uses: text.describe('an action that changes nothing'),
    with: withMap.optional(),
    expect: cel.optional().describe('CEL over result; default result.ok'),
    within: durationUpTo(3_600_000, 'at most 1h').default('30s'),
    every: durationUpTo(600_000, '1s to 10m', 1000).default('2s'),
  },
  'wants {uses, with, expect, within, every}',
)

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
  approve: approve.optional().describe('another person says yes before the effect'),
  on_failure: onFailure.optional(),
}
const undo = z.unknown().optional().describe('one uses or run that takes the effect back')
const attempted = {
  timeout: duration.optional().describe('per attempt, default 5m'),
  retry: retry.optional(),
  resume: z.enum(['verify', 'safe', 'ask'], 'wants verify, safe or ask').optional().describe('when nobody saw how an attempt ended'),
  verify: verify.optional().describe('asked after the effect, and again at resume'),
  idempotency_key: text.optional().describe('in place of RUN/INSTANCE; may hold values'),
}
const using = {uses: text.describe('an action: what one types after scram, / for blanks'), with: withMap.optional()}
const running = {
  run: z
    .union([z.array(text).min(1).max(200), text], 'wants a list (argv, no shell) or a constant script')
    .describe('a list is argv, no shell; text is a constant script for /bin/sh -eu'),
  env: texts.optional().describe('for the child; the way values reach a script'),
  secrets: secrets.optional().describe('variable → env:NAME, file:/path or exec:["program", "argument"]'),
  shell: z.enum(['sh', 'bash'], 'wants sh or bash').optional().describe('of a script; bash runs with -euo pipefail'),
  effect: z.enum(['unsafe', 'idempotent'], 'wants unsafe or idempotent').optional(),
}
const runOutputs = z.union([z.literal('text'), outputTypes], 'wants text, or a map of name and type')

/** Kind key → the keys a step of that kind takes. */
export const STEP_SHAPES = {
  uses: {...named, ...using, ...asking, undo, ...attempted},
  run: {
    ...named,
    ...running,
    outputs: runOutputs.optional().describe('text: steps.ID.text; a map: stdout is one JSON object that holds these'),
    check: z.array(constant, 'wants a list (argv)').min(1).max(200).optional().describe('argv to run in its place under --check'),
    ...asking,
    undo,
    ...attempted,
  },
  manual: {
    ...named,
    manual: text.describe('a person does it and says so'),
    evidence: z.enum(['optional', 'required'], 'wants optional or required').optional(),
    outputs: outputTypes.optional().describe('asked for'),
    ...asking,
    undo,
  },
  wait: {...named, wait: duration.describe('an absolute due time: it survives the process'), ...asking},
  wait_until: {
    ...named,
    wait_until: cel.describe('CEL over result'),
    probe,
    every: durationUpTo(LONGEST_MS, '1s or more', 1000).optional().describe('default 10s'),
    for: durationOrNone.optional().describe('how long it must hold, seen; default 0s: one true sample'),
    timeout: duration.optional().describe('default 15m'),
    ...asking,
  },
  steps: {
    ...named,
    steps: z.array(z.unknown(), 'wants a list').min(1, 'is empty').max(500, 'has at most 500 steps'),
    for_each: z
      .union([z.array(scalar), cel], 'wants a list of texts, numbers or bools, or an expression that gives one')
      .optional()
      .describe('the steps once for each item; item and index inside'),
  },
  parallel: {
    ...named,
    parallel: z.array(z.unknown(), 'wants a list of 1 to 8 steps').min(1, 'wants a list of 1 to 8 steps').max(8, 'wants a list of 1 to 8 steps'),
  },
  call: {...named, call: z.string('wants the id of a runbook').regex(RUNBOOK_ID, 'wants the id of a runbook'), with: withMap.optional().describe('its inputs')},
} as const

export type KindKey = keyof typeof STEP_SHAPES
export const KINDS = ['uses', 'run', 'manual', 'wait', 'wait_until', 'steps', 'parallel', 'call'] as const satisfies readonly KindKey[]

const UNDO_SHAPES = {uses: {name: named.name, ...using, ...attempted}, run: {name: named.name, ...running, ...attempted}} as const

export const STEP_SCHEMAS = {
  uses: z.strictObject(STEP_SHAPES.uses),
  run: z.strictObject(STEP_SHAPES.run),
  manual: z.strictObject(STEP_SHAPES.manual),
  wait: z.strictObject(STEP_SHAPES.wait),
  wait_until: z.strictObject(STEP_SHAPES.wait_until),
  steps: z.strictObject(STEP_SHAPES.steps),
  parallel: z.strictObject(STEP_SHAPES.parallel),
  call: z.strictObject(STEP_SHAPES.call),
}
export const UNDO_SCHEMAS = {uses: z.strictObject(UNDO_SHAPES.uses), run: z.strictObject(UNDO_SHAPES.run)}

export const STEP_KEYS: Readonly<Record<KindKey, readonly string[]>> = Object.fromEntries(
  KINDS.map(kind => [kind, Object.keys(STEP_SHAPES[kind])]),
) as unknown as Record<KindKey, readonly string[]> // one entry a kind, made of the list of kinds
export const UNDO_KEYS = {uses: Object.keys(UNDO_SHAPES.uses), run: Object.keys(UNDO_SHAPES.run)} as const

export type RawNode = {[K in KindKey]: {readonly kind: K} & z.output<(typeof STEP_SCHEMAS)[K]>}[KindKey]
export type Raw<K extends KindKey> = Extract<RawNode, {kind: K}>
export type RawUndo = {[K in 'uses' | 'run']: {readonly kind: K} & z.output<(typeof UNDO_SCHEMAS)[K]>}['uses' | 'run']
export type RawRetry = z.output<typeof retry>
export type RawOnFailure = z.output<typeof onFailure>
