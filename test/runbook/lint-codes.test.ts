// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {findingLine, type LintCode} from '../../src/runbook/finding.ts'
import {lintRunbook} from '../../src/runbook/lint.ts'
import {loadRunbook} from '../../src/runbook/load.ts'
import {EVERY_KEY, OTHER} from './every-key.ts'
import {ACTIONS} from './world.ts'

const names = {
  rods: ['api-maintenance', 'api-admit-rate', 'torn'],
  components: ['api'],
  guarded: ['api-admit-rate'],
  broken: {torn: 'no driver `htttp`'},
  banks: ['contain'],
  cadenceMs: {sev1: 1_200_000, sev2: 1_800_000},
}
const CALLED: Readonly<Record<string, string>> = {
  sub: 'scram: 1\nrunbook: sub\ntitle: S\ninputs: { release: { required: true } }\nsteps: [{ id: n, uses: note, with: { text: x } }]\n',
  back: 'scram: 1\nrunbook: back\ntitle: B\nsteps: [{ id: c, call: test }]\n',
}

async function lint(text: string): Promise<readonly string[]> {
  const loading = loadRunbook('a.yaml', text, id => (CALLED[id] === undefined ? null : {path: `${id}.yaml`, text: CALLED[id]}))
  return (loading.ok ? await lintRunbook(loading.loaded, {actions: ACTIONS, names}) : loading.findings).map(findingLine)
}

interface Case {
  /** Steps, from line 5; or with `top` the lines before `steps:`, from line 4. */
  readonly bad: string
  readonly line: string
  readonly good: string
  readonly top?: string
  readonly goodTop?: string
}

const NOTE = '{ id: n, uses: note, with: { text: x } }'
const PROBE = '- { id: probe, uses: probe/http, with: { url: u } }'
const INSERT = '- { id: in_rod, uses: rod/insert, with: { rod: api-maintenance, why: y'
const LOOP = '- { id: patch, for_each: [a, b], steps: [{ id: healthy, uses: probe/http, with: { url: u } }] }'

/** Every code there is: a new one does not compile without its pair of files. */
const CASES: Readonly<Record<LintCode, Case>> = {
  yaml: {bad: '- [', line: '6:1  E yaml  this is not indented as what it belongs to, or a ] or } is missing', good: `- ${NOTE}`},
  schema: {
    bad: '- { id: a, run: [a], effect: idempotent, retrys: 3 }',
    line: '5:44  E schema  `retrys` is not a key of a step; did you mean `retry`?',
    good: '- { id: a, run: [a], effect: idempotent, retry: { max: 3 } }',
  },
  'step-kind': {
    bad: '- { id: a, uses: note, run: [a] }',
    line: '5:5  E step-kind  a step has exactly one of uses, run, manual, wait, wait_until, steps, parallel, call; this has uses and run',
    good: `- ${NOTE}`,
  },
  'duplicate-id': {
    bad: `- ${NOTE}\n  - parallel: [${NOTE}]`,
    line: '6:22  E duplicate-id  `n` is also the id at line 5; give this one its own',
    good: `- ${NOTE}\n  - { id: g, parallel: [${NOTE}] }`,
  },
  'unknown-action': {
    bad: '- { id: a, uses: rod/instert }',
    line: '5:20  E unknown-action  there is no action `rod/instert`, nearest: rod/insert',
    good: `${INSERT}, expires: 2h } }`,
  },
  'action-input': {
    bad: '- { id: a, call: sub, with: { relase: x, release: y } }',
    line: '5:33  E action-input  sub: no input `relase`; did you mean `release`?',
    good: '- { id: a, call: sub, with: { release: "${{ run.id }}" } }',
  },
  'unknown-name': {
    bad: '- { id: a, manual: x, approve: { from: [opps] } }',
    line: '5:43  E unknown-name  there is no role `opps`; there are ic, deputy, scribe, comms, ops, sme',
    good: '- { id: a, manual: x, approve: { from: [ops] } }',
  },
  'broken-rod': {
    bad: '- { id: a, uses: rod/insert, with: { rod: torn, why: y, expires: 1h } }',
    line: '5:45  E broken-rod  rod `torn` does not check: no driver `htttp`',
    good: `${INSERT}, expires: 2h } }`,
  },
  expression: {
    bad: `${PROBE}\n  - { id: a, if: steps.prob.ok, manual: x }`,
    line: '6:18  E expression  no step `prob` comes before this one; nearest: probe',
    good: `${PROBE}\n  - { id: a, if: steps.probe.ok, manual: x }`,
  },
  'expression-fence': {
    bad: '- { id: p, for_each: [a], steps: [{ id: a, if: "item.matches(\'a+\')", manual: x }] }',
    line: '5:51  E expression-fence  `matches` is not allowed (it can hang); use startsWith, contains or `==`',
    good: '- { id: p, for_each: [a], steps: [{ id: a, if: "item.startsWith(\'a\')", manual: x }] }',
  },
  'not-visible': {
    bad: `${LOOP}\n  - { id: m, if: steps.healthy.ok, manual: x }`,
    line: '6:18  E not-visible  `healthy` runs inside the loop `patch`; from here only outcome, count, failed of `patch` exist',
    good: `${LOOP}\n  - { id: m, if: steps.patch.failed == 0, manual: x }`,
  },
  'shell-splice': {
    bad: '- { id: a, run: "deploy ${{ run.id }}", resume: ask }',
    line: '5:27  E shell-splice  a value inside shell text becomes code: put it in `env` and write "$NAME"',
    good: '- { id: a, run: \'deploy "$ID"\', env: { ID: "${{ run.id }}" }, resume: ask }',
  },
  'argv0-computed': {
    bad: '- { id: a, run: ["${{ run.id }}"], resume: ask }',
    line: '5:20  E argv0-computed  the program to run must be written out',
    good: '- { id: a, run: [a, --, "${{ run.id }}"], resume: ask }',
  },
  'secret-in-text': {
    bad: '- { id: a, run: [a], effect: idempotent, undo: { run: [b], env: { A: "Authorization: Bearer abcdefghijkl" } } }',
    line: '5:72  E secret-in-text  this looks like a credential and would be recorded; use `secrets`',
    good: '- { id: a, run: [a], effect: idempotent, undo: { run: [b], secrets: { A: "env:A" } } }',
  },
  'retry-unsafe': {
    bad: '- { id: a, run: [a], retry: { max: 3 }, resume: ask }',
    line: '5:24  E retry-unsafe  this step may not be repeated unasked; declare `effect: idempotent` or drop `retry`',
    good: '- { id: a, run: [a], retry: { max: 3 }, effect: idempotent }',
  },
  'ask-in-parallel': {
    bad: '- parallel: [{ id: a, uses: note, with: { text: x }, confirm: true }]',
    line: '5:56  E ask-in-parallel  questions and withdrawals happen one at a time; move this out of `parallel`',
    good: '- parallel: [{ id: a, uses: note, with: { text: x } }, { wait: 1s }]',
  },
  'resume-verify': {
    bad: '- { id: a, run: [a], resume: verify }',
    line: '5:32  E resume-verify  `resume: verify` needs a `verify` here or an action that has one',
    good: '- { id: a, run: [a], resume: verify, verify: { uses: probe/command, with: { argv: [b] } } }',
  },
  'loop-key': {
    bad: `- { id: p, for_each: [a, b, a], steps: [${NOTE}] }`,
    line: '5:31  E loop-key  items name instances: a is there twice',
    good: `- { id: p, for_each: [a, b, c], steps: [${NOTE}] }`,
  },
  'goto-target': {
    bad: `${PROBE}\n  - { id: a, manual: x, on_failure: { goto: probe } }`,
    line: '6:45  E goto-target  `goto` must name a later step of the same list',
    good: `${PROBE}\n  - { id: a, manual: x, on_failure: { goto: n } }\n  - ${NOTE}`,
  },
  'call-cycle': {
    bad: '- { id: a, call: back }',
    line: '5:20  E call-cycle  test calls back, which calls test',
    good: '- { id: a, call: sub, with: { release: x } }',
  },
  'fallback-text': {
    bad: `- ${NOTE}`,
    top: 'updates: { every: 15m, fallback: "At ${{ now }}" }',
    line: '4:38  E fallback-text  the fallback is posted unattended, so no values in it',
    good: `- ${NOTE}`,
    goodTop: 'updates: { every: 15m, fallback: "Still at it" }',
  },
  'abort-effect': {
    bad: `- ${NOTE}`,
    top: 'on_abort: [{ id: o, uses: rod/withdraw, with: { rod: api-maintenance } }]',
    line: '4:27  E abort-effect  `on_abort` may look and record, not act: `rod/withdraw` acts',
    good: `- ${NOTE}`,
    goodTop: 'on_abort: [{ uses: rod/list }, { id: o, uses: note, with: { text: x } }]',
  },
  'rod-left-in': {
    bad: `${INSERT} } }\n  - { id: a, run: [a], effect: idempotent, on_failure: { goto: n } }\n  - { id: out, uses: rod/withdraw, with: { rod: api-maintenance }, confirm: true }\n  - ${NOTE}`,
    line: '5:25  W rod-left-in  api-maintenance can stay inserted on the path over `goto: n`: no withdrawal, expiry or undo there',
    good: `${INSERT} } }\n  - { id: a, run: [a], effect: idempotent, on_failure: { goto: out } }\n  - ${NOTE}\n  - { id: out, uses: rod/withdraw, with: { rod: api-maintenance }, confirm: true }`,
  },
  'no-verify': {
    bad: '- { id: a, run: [a] }',
    line: '5:14  W no-verify  nothing checks that this worked, so after a crash scram can only ask; add a `verify`, declare `effect: idempotent`, or say `resume: ask`',
    good: '- { id: a, run: [a], verify: { uses: probe/command, with: { argv: [b] } } }',
  },
  'id-missing': {
    bad: '- { name: Push it, uses: note, with: { text: x } }',
    line: '5:5  W id-missing  identity hangs on the name; write `id: push_it`',
    good: '- { id: push_it, name: Push it, uses: note, with: { text: x } }',
  },
  'withdraw-unguarded': {
    bad: '- { id: a, uses: rod/withdraw, with: { rod: api-maintenance } }',
    line: '5:20  W withdraw-unguarded  neither a guard nor a `confirm` stands before this withdrawal',
    good: '- { id: a, uses: rod/withdraw, with: { rod: api-admit-rate } }',
  },
  'resolve-unguarded': {
    bad: '- { id: a, if: run.by != "", uses: resolve }',
    line: '5:38  W resolve-unguarded  this resolves without looking at `rods.inserted`',
    good: '- { id: g, if: rods.inserted == 0, steps: [{ id: a, uses: resolve }] }',
  },
  'approve-timeout': {
    bad: '- { id: a, manual: x, approve: { timeout: 24h } }',
    line: '5:45  W approve-timeout  24h outlasts an outage, 10m to 30m is usual',
    good: '- { id: a, manual: x, approve: { timeout: 30m } }',
  },
  'status-order': {
    bad: '- { id: a, uses: update, with: { text: x, status: monitoring } }\n  - { id: b, uses: update, with: { text: x, status: identified } }',
    line: '6:53  W status-order  identified comes after monitoring',
    good: '- { id: a, uses: update, with: { text: x, status: identified } }\n  - { id: b, uses: update, with: { text: x, status: monitoring } }',
  },
  cadence: {
    bad: `- ${NOTE}`,
    top: 'severity: sev1\nupdates: { every: 60m }',
    line: '5:19  W cadence  every 60m is slower than the 20m this workspace promises for SEV1',
    good: `- ${NOTE}`,
    goodTop: 'severity: sev1\nupdates: { every: 15m }',
  },
  'shell-quoting': {
    bad: '- { id: a, run: "scale $COUNT", env: { COUNT: "1" }, resume: ask }',
    line: '5:26  W shell-quoting  `$COUNT` is unquoted; write "$COUNT"',
    good: '- { id: a, run: \'scale "$COUNT"\', env: { COUNT: "1" }, resume: ask }',
  },
  'dash-value': {
    bad: '- { id: p, for_each: [a, -b], steps: [{ id: a, run: [x, "${{ item }}"], resume: ask }] }',
    line: '5:59  W dash-value  this argument may begin with `-`: put `--` before it or give the input a pattern',
    good: '- { id: p, for_each: [a, b], steps: [{ id: a, run: [x, "${{ item }}"], resume: ask }] }',
  },
  unannounced: {
    bad: `${INSERT}, expires: 1h } }\n  - { id: b, uses: open, with: { title: x } }`,
    line: '5:25  W unannounced  users feel this rod before the first public update',
    good: `- { id: b, uses: open, with: { title: x } }\n  ${INSERT}, expires: 1h } }`,
  },
}

const file = (steps: string, top: string | undefined) => `scram: 1\nrunbook: test\ntitle: A test\n${top === undefined ? '' : `${top}\n`}steps:\n  ${steps}\n`

describe('each code', () => {
  it.each(Object.entries(CASES))('%s: one file trips it and nothing else, its twin nothing at all', async (code, {bad, line, good, top, goodTop}) => {
    expect(line).toContain(` ${code}  `)
    expect(await lint(file(bad, top))).toEqual([`a.yaml:${line}`])
    expect(await lint(file(good, goodTop))).toEqual([])
  })
})

describe('and more of what trips a rule', () => {
  it.each<[string, string, string]>([
    ['a name and its value', '- { id: a, run: [a], effect: idempotent, env: { API_TOKEN: swordfish } }', '5:62  E secret-in-text'],
    ['a withdrawal in a parallel', '- parallel: [{ id: a, uses: rod/withdraw, with: { rod: api-admit-rate } }]', '5:25  E ask-in-parallel'],
    ['a person in a parallel', '- parallel: [{ id: a, manual: x }]', '5:25  E ask-in-parallel'],
    ['an approval in a parallel', '- parallel: [{ id: a, run: [a], effect: idempotent, approve: {} }]', '5:55  E ask-in-parallel'],
    ['a group in a parallel', `- parallel: [{ id: g, steps: [${NOTE}] }]`, '5:25  E schema  `parallel` takes uses, run, wait and wait_until, not `steps`'],
    ['nine in a parallel', `- parallel: [${'{ wait: 1s }, '.repeat(9)}]`, '5:15  E schema  `parallel` wants a list of 1 to 8 steps'],
    ['an item with a slash', `- { id: p, for_each: ["x/y"], steps: [${NOTE}] }`, '5:25  E loop-key  items name instances: plain'],
    ['items of two types', `- { id: p, for_each: [a, 1], steps: [${NOTE}] }`, '5:28  E loop-key  items are of one type: 1 is a number, the first a string'],
    ['no items', `- { id: p, for_each: [], steps: [${NOTE}] }`, '5:24  E loop-key  `for_each` names no items'],
    ['items that are no list', `- { id: p, for_each: "1 + 1", steps: [${NOTE}] }`, '5:25  E expression  is int, wants a list'],
    [
      '101 items',
      `- { id: p, for_each: [${Array.from({length: 101}, (_, i) => i).join(', ')}], steps: [${NOTE}] }`,
      '5:24  E schema  `for_each` has at most 100 items',
    ],
    ['a loop without an id', `- { for_each: [a], steps: [${NOTE}] }`, '5:7  E schema  a loop wants an `id`: each round is recorded under it'],
    ['a jump out of its group', `- { id: g, steps: [{ id: a, manual: x, on_failure: { goto: n } }] }\n  - ${NOTE}`, '5:62  E goto-target'],
    [
      'a jump between those at the same time',
      '- parallel: [{ id: a, run: [a], effect: idempotent, on_failure: { goto: w } }, { id: w, wait: 1s }]',
      '5:75  E goto-target',
    ],
    ['a verify that acts', '- { id: a, run: [a], verify: { uses: resolve } }', '5:40  E unknown-action  `resolve` changes something; a probe only looks'],
    [
      'a verify that expects what is not there',
      '- { id: a, run: [a], verify: { uses: probe/command, with: { argv: [x] }, expect: result.status == 1 } }',
      '5:84  E expression  the probe has no output `status`',
    ],
    [
      'an unknown action to undo with',
      '- { id: a, run: [a], effect: idempotent, undo: { uses: nte } }',
      '5:58  E unknown-action  there is no action `nte`, nearest: note',
    ],
    [
      'an undo with keys of a step',
      '- { id: a, run: [a], effect: idempotent, undo: { run: [b], confirm: true } }',
      '5:62  E schema  `confirm` is not a key of an undo',
    ],
    ['a value in a check', '- { id: a, run: [a], effect: idempotent, check: [x, "${{ run.id }}"] }', '5:55  E schema  `check.1` is constant'],
    ['a shell for no script', '- { id: a, run: [a], effect: idempotent, shell: bash }', '5:51  E schema  `shell` is for a script'],
    [
      'a secret that is no reference',
      '- { id: a, run: [a], effect: idempotent, secrets: { A: hunter22 } }',
      '5:58  E schema  `secrets.A` wants env:NAME, file:/path or exec:["program", "argument"]',
    ],
    [
      'a value in a key',
      '- { id: a, uses: note, with: { text: x, "${{ run.id }}": y } }',
      '5:43  E expression  a key is written out; values only may hold ${{ }}',
    ],
    [
      'a value in an idempotency key',
      '- { id: a, run: [a], effect: idempotent, idempotency_key: "k-${{ run.nope }}" }',
      '5:68  E expression  `run` has no `nope`',
    ],
    ['a failure word that is none', '- { id: a, manual: x, on_failure: retry }', '5:37  E schema  `on_failure` wants ask, stop, continue, undo, {goto: ID} or'],
    [
      'a sibling at the same time',
      `- parallel:\n    ${PROBE}\n    - { id: b, if: steps.probe.ok, wait: 1s }`,
      '7:20  E expression  no step `probe` comes before this one',
    ],
    ['an option through its pattern', '- { id: a, run: [x, "${{ inputs.r }}"], resume: ask }', '6:23  W dash-value'],
    ['six groups', `${'- steps: ['.repeat(1)}${'{ steps: ['.repeat(5)}${NOTE}${'] }'.repeat(5)}]`, '5:53  E schema  groups are at most 5 deep'],
  ])('%s', async (_, steps, line) => {
    const found = await lint(file(steps, steps.includes('inputs.r') ? "inputs: { r: { pattern: '.*', required: true } }" : undefined))
    expect(found).toEqual([expect.stringContaining(`a.yaml:${line}`)])
  })

  it.each<[string, string, string]>([
    ['at_most below every', 'updates: { every: 30m, at_most: 15m }', '4:33  E schema  `at_most` 15m is less than `every` 30m'],
    ['auto without a text', 'updates: { every: 30m, mode: auto }', '4:30  E schema  `mode: auto` wants a `fallback`: the text to begin with'],
    ['another mode', 'updates: { every: 30m, mode: shout }', '4:30  E schema  `updates.mode` wants prompt, draft or auto'],
    ['a sev2 without updates', 'severity: sev2', '4:11  W cadence  a SEV2 without `updates`: nobody is reminded'],
    ['a severity of another scale', 'severity: p1', '4:11  E schema  `severity` wants sev1 to sev5'],
    ['a command after an abort', 'on_abort: [{ id: r, run: [a] }]', '4:21  E abort-effect  `on_abort` may look and record, not act: `uses` only, not `run`'],
    ['a jump for every step', 'defaults: { on_failure: { goto: n } }', '4:25  E schema  `defaults.on_failure` wants ask, stop, continue, undo or'],
    [
      'a computed default over another input',
      'inputs: { a: { default: "${{ inputs.b }}" }, b: { default: x } }',
      "4:30  E expression  an input's default sees run, now, incident and rods",
    ],
    ['a computed default over a step', 'inputs: { a: { default: "${{ steps.n.outcome }}" } }', '4:30  E expression  no step `n` comes before this one'],
    [
      'a choice of another type',
      'inputs: { a: { type: int, choices: [1, x], default: 1 } }',
      '4:36  E schema  input `a`: the choice x is a string; int wants a number',
    ],
    ['an output over what is not there', 'outputs: { a: "${{ steps.x.ok }}" }', '4:20  E expression  no step `x` comes before this one'],
    ['a later schema', 'x-note: free\nscram2: 2', '5:1  E schema  `scram2` is not a key of a runbook'],
  ])('%s', async (_, top, line) => {
    expect(await lint(file(`- ${NOTE}`, top))).toEqual([expect.stringContaining(`a.yaml:${line}`)])
  })

  it('a file of a later schema', async () => {
    expect(await lint(file(`- ${NOTE}`, undefined).replace('scram: 1', 'scram: 2'))).toEqual([
      'a.yaml:1:8  E schema  `scram` is 2: written for schema 2; this scram reads 1',
    ])
  })

  it('x- keys are free in every map of ours', async () => {
    expect(
      await lint(
        file('- { id: a, x-a: 1, run: [a], effect: idempotent, retry: { max: 1, x-b: 2 }, undo: { run: [b], x-c: 3 } }', 'updates: { every: 1h, x-d: 4 }'),
      ),
    ).toEqual([])
  })
})

describe('a file that is no YAML is refused in our words', () => {
  it.each([
    [
      'a colon in a text',
      '- { id: a, manual: x }\n  - id: b\n    manual: Note: this',
      '7:13  E yaml  a second `key:` on one line; a text with a colon and a blank in it wants quotes',
    ],
    ['a text that begins with @', '- { id: a, manual: @x }', '5:22  E yaml  a text that begins with this character wants quotes'],
    ['a tab', '- id: a\n\tmanual: x', '6:1  E yaml  a tab cannot indent; write blanks'],
    ['an open quote', '- { id: a, manual: "x }', /E yaml {2}Missing closing "quote/],
    ['a key twice', '- { id: a, id: b, manual: x }', '5:14  E yaml  this key is in the same map already'],
    ['a number that would change', '- { id: a, uses: note, with: { text: 9007199254740993 } }', '5:40  E yaml  this number is too large to be exact; quote it'],
    ['a tag', '- { id: a, manual: !!binary x }', /E yaml {2}the tag .* is not allowed/],
  ])('%s', async (_, steps, line) => {
    expect(await lint(file(steps, undefined))).toEqual([
      expect.stringMatching(typeof line === 'string' ? `^a.yaml:${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$` : line),
    ])
  })
})

describe('a runbook with each kind and each key', () => {
  it('lints clean', async () => {
    const loading = loadRunbook('a.yaml', EVERY_KEY, () => ({path: 'other.yaml', text: OTHER}))
    expect(loading.ok ? (await lintRunbook(loading.loaded, {actions: ACTIONS, names})).map(findingLine) : loading.findings.map(findingLine)).toEqual([])
  })
})

describe('hostile files are refused at once', () => {
  const step = (source: string) => file(`- { id: a, if: '${source}', manual: x }`, undefined)
  it.each([
    ['a pattern that can hang', step('"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")')],
    ['513 characters', step(`"${'a'.repeat(509)}" == ""`)],
    ['three macros', step('[1].all(a, [1].all(b, [1].all(c, a == b)))')],
    ['nested brackets', file(`- ${'['.repeat(5000)}`, undefined)],
    ['nested braces', file(`- ${'{a: '.repeat(5000)}`, undefined)],
    ['a run of dashes', file(`- ${'- '.repeat(5000)}`, undefined)],
    ['deep blocks', file(Array.from({length: 500}, (_, i) => `${' '.repeat(i * 2)}- steps:`).join('\n  '), undefined)],
    ['aliases of aliases', file(Array.from({length: 60}, (_, i) => `- &a${i} [*a${i - 1}, *a${i - 1}]`).join('\n  '), undefined)],
    ['nested parentheses', step(`${'('.repeat(250)}1${')'.repeat(250)}`)],
    ['a tower of lists', step(`${'['.repeat(60)}${']'.repeat(60)} == []`)],
  ])('%s', async (_, text) => {
    await lint(text)
    const begin = performance.now()
    const found = await lint(text)
    const ms = performance.now() - begin
    expect(found).toEqual([expect.stringMatching(/ E (?:yaml|expression-fence) /)])
    // The bound is 50 ms; other work on the same processors is not what this is about.
    expect(ms).toBeLessThan(1000)
  })
})
