// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {type Finding, findingLine} from '../../src/runbook/finding.ts'
import {type LintContext, lintRunbook} from '../../src/runbook/lint.ts'
import {loadRunbook} from '../../src/runbook/load.ts'
import {ACTIONS} from './world.ts'

const names = {
  rods: ['api-maintenance', 'api-admit-rate'],
  components: ['api', 'production'],
  guarded: ['api-admit-rate'],
  broken: {},
  banks: ['contain'],
  cadenceMs: {sev1: 1_200_000},
}

/** Lines 1 to 4 are the head: the steps begin at line 5. */
async function lint(steps: string, top = '', context: Partial<LintContext> = {}): Promise<readonly Finding[]> {
  const loading = loadRunbook('test.yaml', `scram: 1\nrunbook: test\n${top}title: A test\nsteps:\n${steps}\n`)
  return loading.ok ? lintRunbook(loading.loaded, {actions: ACTIONS, names, ...context}) : loading.findings
}

const OK = '  - { id: a, uses: note, with: { text: x } }\n'

describe('a finding names the place and the remedy', () => {
  it.each<[string, string, string]>([
    ['a misspelt key', '  - id: a\n    uses: note\n    retrys: 3', 'test.yaml:7:5  E schema  `retrys` is not a key of a step; did you mean `retry`?'],
    ['an undo of nothing', '  - id: a\n    uses: note\n    undo: {}', 'test.yaml:7:11  E schema  `undo` wants one `uses` or `run`'],
    [
      'two kinds',
      '  - uses: note\n    run: [a]',
      'test.yaml:5:5  E step-kind  a step has exactly one of uses, run, manual, wait, wait_until, steps, parallel, call; this has uses and run',
    ],
    ['a bare number', '  - { id: a, uses: note, timeout: 300 }', 'test.yaml:5:35  E schema  `timeout` wants a unit: 300s or 300m? (above 0, at most 30d)'],
    [
      'an id with a dash',
      '  - { id: a-b, uses: note }',
      'test.yaml:5:11  E schema  `id` wants a-z, 0-9 and _, beginning with a letter, at most 40 (no -: it is minus in an expression)',
    ],
    [
      'an id that expressions keep',
      '  - { id: in, uses: note }',
      'test.yaml:5:11  E schema  `id` wants another word than "in": expressions keep that for themselves',
    ],
    ['the same id twice', `${OK}  - { id: a, run: [a], resume: ask }`, 'test.yaml:6:11  E duplicate-id  `a` is also the id at line 5; give this one its own'],
    ['an unknown action', '  - { id: a, uses: rod/instert }', 'test.yaml:5:20  E unknown-action  there is no action `rod/instert`, nearest: rod/insert'],
    [
      'a probe that acts',
      '  - { id: a, wait_until: "true", probe: { uses: resolve } }',
      'test.yaml:5:49  E unknown-action  `resolve` changes something; a probe only looks',
    ],
    ['a missing input', '  - { id: a, uses: note, with: {} }', 'test.yaml:5:32  E action-input  note: wants `text`'],
    [
      'an unknown rod',
      '  - { id: a, uses: rod/insert, with: { rod: api-maint, why: x, expires: 1h } }',
      'test.yaml:5:45  E unknown-name  scram.yaml has no rod `api-maint`; it has api-maintenance, api-admit-rate',
    ],
    [
      'an unknown component',
      '  - { id: a, uses: update, with: { text: x, components: { apy: operational } } }',
      'test.yaml:5:59  E unknown-name  scram.yaml has no component `apy`; it has api, production',
    ],
    [
      'an expression over a step that is not there',
      `${OK}  - { id: b, if: steps.prob.ok, uses: note, with: { text: x } }`,
      'test.yaml:6:18  E expression  no step `prob` comes before this one',
    ],
    [
      'an expression over a later step',
      '  - { id: b, if: has(steps.a.outcome), uses: note, with: { text: x } }\n  - { id: a, uses: note, with: { text: x } }',
      'test.yaml:5:22  E expression  no step `a` comes before this one',
    ],
    [
      'an output inside has()',
      '  - { id: p, uses: probe/http, with: { url: u } }\n  - { id: b, if: has(steps.p.nope), uses: note, with: { text: x } }',
      'test.yaml:6:22  E expression  step `p` has no output `nope`; it has ok, samples, failed, error_rate, p95_ms, status, outcome',
    ],
    ['an `if` that is no bool', '  - { id: b, if: "1 + 1", uses: note, with: { text: x } }', 'test.yaml:5:19  E expression  is int, wants true or false'],
    [
      'matches',
      '  - { id: b, if: "run.id.matches(\'a+\')", uses: note, with: { text: x } }',
      'test.yaml:5:19  E expression-fence  `matches` is not allowed (it can hang); use startsWith, contains or `==`',
    ],
    [
      'bind',
      '  - { id: b, if: "cel.bind(x, true, x)", uses: note, with: { text: x } }',
      'test.yaml:5:19  E expression-fence  `bind` is not allowed in an expression',
    ],
    ['a template in a text', '  - { id: b, uses: note, with: { text: "a ${{ run.nope }}" } }', 'test.yaml:5:47  E expression  `run` has no `nope`'],
    [
      'an unclosed template',
      '  - { id: b, uses: note, with: { text: "a ${{ run.id" } }',
      'test.yaml:5:43  E expression  this ${{ has no }}; write $${{ for a literal one',
    ],
    [
      'a value in shell text',
      '  - { id: b, run: "deploy ${{ run.id }}", resume: ask }',
      'test.yaml:5:27  E shell-splice  a value inside shell text becomes code: put it in `env` and write "$NAME"',
    ],
    ['a computed program', '  - { id: b, run: ["${{ run.id }}"], resume: ask }', 'test.yaml:5:20  E argv0-computed  the program to run must be written out'],
    [
      'retry on what may not be repeated',
      '  - { id: b, run: [a], retry: { max: 3 }, resume: ask }',
      'test.yaml:5:24  E retry-unsafe  this step may not be repeated unasked; declare `effect: idempotent` or drop `retry`',
    ],
    [
      'verify on what cannot look',
      '  - { id: b, run: [a], resume: verify }',
      'test.yaml:5:32  E resume-verify  `resume: verify` needs a `verify` here or an action that has one',
    ],
    [
      'a token in a text',
      '  - { id: b, uses: note, with: { text: "Authorization: Bearer abcdefghijkl" } }',
      'test.yaml:5:40  E secret-in-text  this looks like a credential and would be recorded; use `secrets`',
    ],
    [
      'an effect without a name',
      '  - uses: resolve\n    if: rods.inserted == 0',
      'test.yaml:5:5  E schema  a step that does something wants an `id` (or a `name`)',
    ],
    [
      'identity that hangs on a name',
      '  - name: Push it\n    uses: note\n    with: { text: x }',
      'test.yaml:5:5  W id-missing  identity hangs on the name; write `id: push_it`',
    ],
    [
      'a command that can only be asked about',
      '  - { id: b, run: [a] }',
      'test.yaml:5:14  W no-verify  nothing checks that this worked, so after a crash scram can only ask; add a `verify`, declare `effect: idempotent`, or say `resume: ask`',
    ],
    [
      'a rod that stays in',
      '  - { id: a, uses: rod/insert, with: { rod: api-maintenance, why: x } }',
      'test.yaml:5:20  W rod-left-in  api-maintenance stays inserted: no withdrawal follows and no `expires` is given',
    ],
    [
      'a rod that is only undone by a command, where a `goto` leads past its withdrawal',
      `  - { id: a, uses: rod/insert, with: { rod: api-maintenance, why: x }, undo: { run: [switch, off] } }
  - { id: b, run: [b], effect: idempotent, on_failure: { goto: d } }
  - { id: c, uses: rod/withdraw, with: { rod: api-maintenance }, confirm: true }
  - { id: d, run: [d], effect: idempotent }`,
      'test.yaml:5:20  W rod-left-in  api-maintenance can stay inserted on the path over `goto: d`: no withdrawal, expiry or undo there',
    ],
    [
      'a withdrawal nobody guards',
      '  - { id: a, uses: rod/withdraw, with: { rod: api-maintenance } }',
      'test.yaml:5:20  W withdraw-unguarded  neither a guard nor a `confirm` stands before this withdrawal',
    ],
    ['a blind resolve', '  - { id: a, uses: resolve }', 'test.yaml:5:20  W resolve-unguarded  this resolves without looking at `rods.inserted`'],
    [
      'updates in the wrong order',
      '  - { id: a, uses: update, with: { text: x, status: monitoring } }\n  - { id: b, uses: update, with: { text: x, status: identified } }',
      'test.yaml:6:53  W status-order  identified comes after monitoring',
    ],
    [
      'a rod before the public hears',
      '  - { id: a, uses: rod/insert, with: { rod: api-maintenance, why: x, expires: 1h } }\n  - { id: b, uses: open, with: { title: x } }',
      'test.yaml:5:20  W unannounced  users feel this rod before the first public update',
    ],
    [
      'an unquoted variable',
      '  - { id: b, run: "scale $COUNT", env: { COUNT: "1" }, resume: ask }',
      'test.yaml:5:26  W shell-quoting  `$COUNT` is unquoted; write "$COUNT"',
    ],
    [
      'a value that may be an option',
      '  - { id: b, run: [a, "${{ run.by }}"], resume: ask }',
      'test.yaml:5:23  W dash-value  this argument may begin with `-`: put `--` before it or give the input a pattern',
    ],
  ])('%s', async (_, steps, line) => {
    expect((await lint(steps)).map(findingLine)).toEqual([line])
  })

  it.each<[string, string]>([
    ['quoted variables', '  - { id: b, run: \'scale "$COUNT"\', env: { COUNT: "1" }, resume: ask }'],
    ['a guarded rod', '  - { id: a, uses: rod/withdraw, with: { rod: api-admit-rate } }'],
    ['a value after --', '  - { id: b, run: [a, --, "${{ run.by }}"], resume: ask }'],
    ['a resolve that looks', '  - { id: a, if: rods.inserted == 0, uses: resolve }'],
    ['extra keys', '  - { id: a, uses: note, with: { text: x }, x-owner: ops }'],
    ['values filled in later', '  - { id: a, uses: rod/insert, with: { rod: "${{ run.id }}", why: x, expires: 1h } }'],
    [
      'an int against a double',
      '  - { id: p, uses: probe/http, with: { url: u } }\n  - { id: b, if: steps.p.failed / steps.p.error_rate > 1, uses: note, with: { text: x } }',
    ],
  ])('and is silent about %s', async (_, steps) => {
    expect((await lint(steps)).map(findingLine)).toEqual([])
  })

  it('refuses inputs that contradict themselves', async () => {
    const inputs = 'inputs:\n  n: { type: int, default: x }\n  api_token: {}\n  both: { required: true, default: a }\n'
    expect((await lint(OK, inputs)).map(findingLine)).toEqual([
      'test.yaml:4:28  E schema  input `n`: the default is a string; int wants a number',
      'test.yaml:5:3  E secret-in-text  input `api_token`: inputs are recorded; use `secrets`',
      'test.yaml:6:21  E schema  input `both`: both `default` and `required`; with a default it is never asked for',
    ])
  })

  it('bounds expressions: 513 characters, three macros', async () => {
    const long = `"${'a'.repeat(509)}" == ""`
    const deep = '[1].all(a, [1].all(b, [1].all(c, a == b)))'
    for (const source of [long, deep]) {
      const [found] = await lint(`  - { id: b, if: '${source}', uses: note, with: { text: x } }`)
      expect(found).toMatchObject({code: 'expression-fence', line: 5})
    }
  })

  it('points into a block text by its line', async () => {
    const [found] = await lint('  - id: m\n    manual: |\n      first\n      then ${{ run.nope }}\n')
    expect(found).toMatchObject({code: 'expression', line: 8})
  })

  it('reads a bomb as a finding, not as a crash', async () => {
    const [found] = await lint(`  - ${'['.repeat(5000)}`)
    expect(found).toMatchObject({code: 'yaml', level: 'E'})
  })
})
