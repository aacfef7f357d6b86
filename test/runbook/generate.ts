import fc from 'fast-check'
import type {Loaded} from '../../src/runbook/load.ts'
import {loaded} from './driving.ts'

/** Runbooks of every kind of step, policy and failure, written as JSON (which YAML is). Ids come from the place, so that they are unique. */
type Written = {readonly [key: string]: unknown}

const VERIFY = {uses: 'probe/http', with: {url: 'u'}, within: '4s'}
const undo = fc.constantFrom<Written>({run: ['back']}, {run: ['back'], effect: 'idempotent'}, {run: ['flaky', '1']}, {run: ['back'], verify: VERIFY})
const onFailure = fc.constantFrom<unknown>(
  undefined,
  'ask',
  'continue',
  'stop',
  'undo',
  ...[
    ['step', 'continue'],
    ['group', 'continue'],
    ['run', 'ask'],
    ['run', 'stop'],
  ].map(([undo, after]) =>
    Object.fromEntries([
      ['undo', undo],
      ['then', after],
    ]),
  ),
)
const luck = fc.constantFrom('go', 'go', 'go', 'flaky 1', 'flaky 2', 'broken')
const retry = fc.constantFrom<unknown>(undefined, {max: 1, delay: '1s'}, {max: 2, delay: '1s', jitter: false})
const written = (expression: string) => `\${{ ${expression} }}`
const value = fc.constantFrom('plain', written('run.id'), written('now'), written('rods.inserted'))
/** What a resume later finds the same: it stands in the record of our own. */
const lasting = value.filter(text => !text.includes('now'))
const condition = fc.constantFrom<string | undefined>(undefined, undefined, undefined, 'true', 'false', 'rods.inserted == 0')

/** What may run beside others: it asks nobody. */
const looking = fc.oneof(
  fc.record({uses: fc.constant('probe/http'), with: fc.record({url: luck}), retry, on_failure: onFailure}),
  fc.record({
    run: fc.tuple(luck, value).map(words),
    effect: fc.constant('idempotent'),
    retry,
    on_failure: onFailure,
    resume: fc.constantFrom(undefined, 'ask'),
  }),
  fc.record({run: fc.tuple(luck, value).map(words), on_failure: onFailure, verify: fc.constantFrom(undefined, VERIFY)}),
  fc.record({wait: fc.constantFrom('1s', '5m')}),
  fc.record({
    wait_until: fc.constant('result.ok'),
    probe: fc.constant({uses: 'probe/http', with: {url: 'u'}}),
    every: fc.constant('2s'),
    for: fc.constantFrom('0s', '4s'),
  }),
)

const acting = fc.oneof(
  looking,
  fc.record({
    run: fc.tuple(luck, value).map(words),
    undo,
    on_failure: onFailure,
    approve: fc.constantFrom(undefined, undefined, {from: ['ops']}),
    confirm: fc.constantFrom(undefined, true),
  }),
  fc.record({
    uses: fc.constant('rod/insert'),
    with: fc.record({rod: fc.constantFrom('a', 'b', 'broken'), why: value}),
    undo: fc.constantFrom(undefined, {run: ['back']}),
    on_failure: onFailure,
    confirm: fc.constantFrom(undefined, 'Sure?'),
  }),
  fc.record({uses: fc.constant('rod/withdraw'), with: fc.record({rod: fc.constantFrom('a', 'b')}), on_failure: onFailure}),
  fc.record({uses: fc.constant('note'), with: fc.record({text: lasting})}),
  fc.record({uses: fc.constant('postmortem/draft'), on_failure: onFailure, retry}),
  fc.record({manual: fc.constant('Do it'), outputs: fc.constantFrom(undefined, {cause: 'string'})}),
)

function words([what, more]: [string, string]): readonly string[] {
  return [...what.split(' '), more]
}

const {list} = fc.letrec<{list: readonly Written[]; node: Written}>(tie => ({
  list: fc.array(tie('node'), {minLength: 1, maxLength: 4, depthIdentifier: 'tree'}),
  node: fc.oneof(
    {depthIdentifier: 'tree', maxDepth: 2, withCrossShrink: true},
    {weight: 6, arbitrary: fc.tuple(condition, acting).map(([when, step]) => ({if: when, ...step}))},
    {weight: 1, arbitrary: fc.record({steps: tie('list'), if: condition})},
    {weight: 1, arbitrary: fc.record({steps: tie('list'), for_each: fc.constantFrom<unknown>(['x', 'y'], [1, 2], 'rods.inserted == 0 ? ["p", "q"] : ["r"]')})},
    {weight: 1, arbitrary: fc.record({parallel: fc.array(looking, {minLength: 1, maxLength: 3})})},
    {weight: 1, arbitrary: fc.record({call: fc.constant('sub'), with: fc.record({who: lasting}), if: condition})},
  ),
}))

/** Names from the place: `s1`, in a group `s1_2`. A failure of the first may jump to the last of its list. */
function named(steps: readonly Written[], prefix: string): readonly Written[] {
  return steps.map((step, at) => {
    const id = `${prefix}${at}`
    const inner = Object.entries(step).flatMap(([key, item]) =>
      item === undefined ? [] : [[key, Array.isArray(item) && (key === 'steps' || key === 'parallel') ? named(item, `${id}_`) : item]],
    )
    const jumps = step['on_failure'] === 'undo' && at === 0 && steps.length > 2
    return {id, ...Object.fromEntries(inner), ...(jumps && {on_failure: {goto: `${prefix}${steps.length - 1}`}})}
  })
}

const top = (id: string, steps: readonly Written[], more: Written = {}) => JSON.stringify({scram: 1, runbook: id, title: id, ...more, steps}, null, 1)

export interface Generated {
  readonly text: string
  readonly sub: string
}

export const runbooks: fc.Arbitrary<Generated> = fc
  .tuple(
    list,
    fc.array(
      fc.tuple(condition, acting).map(([when, step]) => ({if: when, ...step})),
      {minLength: 1, maxLength: 2},
    ),
  )
  .map(([steps, called]) => ({
    text: top('test', named(steps, 's'), {inputs: {n: {type: 'int', default: 3}}}),
    sub: top('sub', named(called, 'c'), {inputs: {who: {}}}),
  }))

export function load({text, sub}: Generated): Loaded {
  return loaded(text, {sub})
}
