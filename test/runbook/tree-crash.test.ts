// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {drive, endOf, obedient, resentDifferently, twice} from './crashing.ts'
import {loaded} from './driving.ts'

const OTHERS = {
  sub: `
scram: 1
runbook: sub
title: Called
inputs: { who: { type: string } }
steps:
  - { id: tell, uses: note, with: { text: "to \${{ inputs.who }}" } }
  - { id: work, run: [go, "\${{ inputs.who }}"], outputs: text }
outputs: { said: "\${{ steps.work.text }}" }
`,
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  [
    'loops over a list and over an expression, one in the other',
    `
  - id: pools
    for_each: [canary, production]
    steps:
      - { id: push, run: [go, "\${{ item }}"], verify: { uses: probe/command, with: { argv: [look, "\${{ item }}"] } } }
      - id: nodes
        for_each: 'rods.inserted == 0 ? ["a", "b"] : ["c"]'
        steps:
          - { id: rod, uses: rod/insert, with: { rod: "r\${{ item }}", why: "\${{ steps.push.outcome }}" } }
          - { id: scale, run: [go, "\${{ item }}", "\${{ index }}"], effect: idempotent }
  - { id: said, uses: note, with: { text: "\${{ steps.pools.count }} \${{ steps.pools.failed }}" } }
`,
  ],
  [
    'a group whose condition its own steps change',
    `
  - id: contain
    if: rods.inserted == 0
    steps:
      - { id: rod, uses: rod/insert, with: { rod: api, why: contain }, confirm: Sure? }
      - { id: then_this, run: [go] }
  - { id: otherwise, if: steps.contain.outcome == "skipped", run: [go] }
`,
  ],
  [
    'steps at the same time',
    `
  - parallel:
      - { id: a, uses: probe/http, with: { url: u }, retry: { max: 1, delay: 2s } }
      - { id: b, run: [go], effect: idempotent }
      - { id: c, run: [go, c], outputs: text }
      - { id: d, wait: 1m }
      - { id: e, wait_until: result.ok, probe: { uses: probe/http, with: { url: u } }, every: 2s, for: 6s }
  - { id: after, uses: note, with: { text: "\${{ steps.a.error_rate }} \${{ steps.c.text }}" } }
`,
  ],
  [
    'steps at the same time, of which some fail',
    `
  - id: both
    parallel:
      - { id: a, run: [flaky, "1"] }
      - { id: b, run: [broken] }
      - { id: c, uses: probe/http, with: { url: "flaky 2" }, retry: { max: 1, delay: 1s } }
      - { id: d, wait: 5s }
      - { id: e, run: [go], effect: idempotent }
  - { id: after, uses: note, with: { text: "\${{ steps.both.outcome }}" } }
`,
  ],
  [
    'a call',
    `
  - { id: first, call: sub, with: { who: "\${{ inputs.n }}" } }
  - id: each
    for_each: [x, y]
    steps:
      - { id: again, call: sub, with: { who: "\${{ item }}" } }
  - { id: said, uses: note, with: { text: "\${{ steps.first.said }}" } }
`,
  ],
  [
    'an undo of a step, asked for by a person',
    `
  - { id: a, run: [flaky, "1", undo-me], undo: { run: [back] } }
  - { id: b, run: [go] }
`,
  ],
  [
    'an undo of a group, then again',
    `
  - { id: before, run: [go], undo: { run: [never] } }
  - id: g
    steps:
      - { id: a, run: [go, a], undo: { run: [back, a] } }
      - { id: rod, uses: rod/insert, with: { rod: api, why: w }, undo: { uses: rod/withdraw, with: { rod: api } } }
      - { id: b, run: [go, b], effect: idempotent, undo: { run: [back, b], effect: idempotent } }
      - { id: fails, run: [flaky, "1"], on_failure: { undo: group, then: ask } }
  - { id: after, run: [go] }
`,
  ],
  [
    'an undo of the whole run, then on',
    `
  - id: l
    for_each: [x, y]
    steps:
      - { id: a, run: [go, "\${{ item }}"], undo: { run: [back, "\${{ item }}"] } }
  - { id: rod, uses: rod/insert, with: { rod: api, why: w }, undo: { uses: rod/withdraw, with: { rod: api } } }
  - { id: fails, run: [broken], on_failure: { undo: run, then: continue } }
  - { id: after, uses: note, with: { text: "\${{ rods.inserted }}" } }
`,
  ],
  [
    'an undo of a round of a loop, then stop',
    `
  - id: l
    for_each: [x, y]
    steps:
      - { id: a, run: [go, "\${{ item }}"], undo: { run: [back, "\${{ item }}"] } }
      - { id: fails, if: 'item == "y"', run: [broken], on_failure: { undo: group, then: stop } }
  - { id: never, run: [go] }
`,
  ],
  [
    'an undo that fails once',
    `
  - { id: a, run: [go], undo: { run: [flaky, "1"] } }
  - { id: b, run: [broken], on_failure: { undo: run, then: continue } }
`,
  ],
  [
    'a jump forward, also out of the last step of a body',
    `
  - { id: a, run: [broken], on_failure: { goto: c } }
  - { id: b, run: [go] }
  - id: c
    for_each: [x, y]
    steps:
      - { id: one, run: [broken], on_failure: { goto: three } }
      - { id: two, run: [go] }
      - { id: three, run: [go] }
  - { id: d, uses: note, with: { text: "\${{ steps.a.outcome }} \${{ steps.b.outcome }} \${{ steps.c.failed }}" } }
`,
  ],
  [
    'an approval',
    `
  - { id: a, run: [go], approve: { from: [ops] }, confirm: Sure? }
  - { id: b, uses: rod/insert, with: { rod: api, why: w }, approve: {} }
`,
  ],
  [
    'an approval of what is undone and done anew',
    `
  - { id: a, run: [go], effect: idempotent, approve: { from: [ops] }, confirm: Sure?, undo: { run: [back], effect: idempotent } }
  - { id: b, run: [flaky, "2"], effect: idempotent, approve: {}, on_failure: { undo: run, then: ask } }
`,
  ],
  [
    'failures that are retried, and retried by a person',
    `
  - { id: a, run: [flaky, "2"], effect: idempotent, retry: { max: 1, delay: 1s } }
  - { id: b, uses: probe/http, with: { url: "flaky 3" }, retry: { max: 2, delay: 1s } }
  - { id: c, run: [broken], on_failure: continue }
  - { id: d, uses: rod/insert, with: { rod: broken, why: w }, on_failure: continue }
  - { id: stamp, run: [go, "\${{ now }}"], effect: idempotent, retry: { max: 1, delay: 1s } }
`,
  ],
  [
    'a verify of its own over every policy',
    `
  - { id: a, run: [go], verify: { uses: probe/http, with: { url: u } } }
  - { id: b, run: [go], effect: idempotent, verify: { uses: probe/http, with: { url: u } } }
  - { id: d, run: [go], resume: ask, verify: { uses: probe/http, with: { url: u } } }
  - { id: e, run: [go], effect: idempotent, resume: safe, verify: { uses: probe/http, with: { url: u } }, undo: { run: [back] } }
`,
  ],
  [
    'keys of its own',
    `
  - { id: a, run: [go], effect: idempotent, idempotency_key: "mine-\${{ inputs.n }}" }
  - { id: b, uses: rod/insert, with: { rod: api, why: w }, idempotency_key: rod }
`,
  ],
]

const TOP = 'scram: 1\nrunbook: test\ntitle: A test\ninputs: { n: { type: int, default: 3 } }\nsteps:\n'

describe('what nobody saw', () => {
  it('is not made up: a verify says that it happened, not what came out', async () => {
    const steps = `
  - { id: push, run: [go], outputs: text, verify: { uses: probe/http, with: { url: u } } }
  - { id: after, run: [go, "\${{ steps.push.text }}"] }
`
    const world = await drive(loaded(TOP + steps), obedient, [5])
    expect(world.log.find(({kind}) => kind === 'step.settled')?.data).toMatchObject({by: 'verify', as: 'finished'})
    expect(world.questions.map(({of, step, text}) => `${of} ${step} ${text}`)).toEqual([
      expect.stringContaining('failure after step.input: steps.push.text: No such key: text (a step not reached, or without that output'),
    ])
    expect([...world.done.keys()]).toEqual(['r-test/push', 'r-test/push#1/verify'])
  })
})

describe('a run of a tree that is killed', () => {
  it.each(EXAMPLES)('ends as if it had not been, wherever it was: %s', async (_, steps) => {
    const runbook = loaded(TOP + steps, OTHERS)
    for (const yes of [true, false]) {
      const whole = await drive(runbook, obedient, [], yes)
      const expected = endOf(whole)
      expect(twice(whole)).toEqual([])
      for (let at = 1; at < whole.points; at++) {
        const broken = await drive(runbook, obedient, [at], yes)
        expect({at, ...endOf(broken)}).toEqual({at, ...expected})
        expect({at, twice: twice(broken), resent: resentDifferently(broken)}).toEqual({at, twice: [], resent: []})
      }
    }
  })
})
