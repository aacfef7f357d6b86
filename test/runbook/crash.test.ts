import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {drive, endOf, resentDifferently, type Setup, statusesOf, twice} from './crashing.ts'
import {resume, runbookOf, start} from './driving.ts'
import {failed, finished, Killed, World} from './world.ts'

const EXAMPLES: readonly (readonly [string, string, Setup])[] = [
  [
    'the shape of an incident',
    `
  - { id: open, uses: open, with: { title: Down } }
  - { id: probe, uses: probe/http, with: { url: u } }
  - { id: confirmed, if: steps.probe.error_rate > 0.05, uses: update, with: { text: "We see \${{ steps.probe.error_rate }}" } }
  - { id: rod, uses: rod/insert, with: { rod: api, why: contain }, confirm: Really? }
  - { id: fault, manual: Find it, evidence: required, outputs: { cause: string } }
  - { id: finding, uses: note, with: { text: "\${{ steps.fault.cause }}" } }
  - { id: patch, run: [push, "\${{ inputs.n }}"] }
  - { id: stamp, run: [stamp, "\${{ now }}"], effect: idempotent }
  - { id: scale, run: "scale \\"$N\\"", env: { N: "\${{ inputs.n }}" }, effect: idempotent }
  - { id: healthy, wait_until: result.ok, probe: { uses: probe/http, with: { url: u } }, every: 1s, for: 3s }
  - { id: soak, wait: 10m }
  - { id: out, uses: rod/withdraw, with: { rod: api } }
  - { id: resolve, if: rods.inserted == 0, uses: resolve }
  - { id: draft, uses: postmortem/draft }
`,
    world => {
      world.fakes['probe/http'] = () => finished({ok: true, error_rate: 0.25})
      world.fakes['rod/insert'] = () => finished({position: 'inserted'})
      world.fakes['rod/withdraw'] = () => finished({position: 'withdrawn'})
      world.fakes['postmortem/draft'] = () => finished({path: 'postmortem.md'})
    },
  ],
  [
    'groups, skips and a failure that is continued over',
    `
  - id: outer
    if: inputs.n == 3
    steps:
      - { id: a, run: [a], resume: ask }
      - steps:
          - { id: b, run: [b], on_failure: continue }
  - id: never
    if: inputs.n == 4
    steps: [{ id: c, run: [c] }, { id: d, uses: note, with: { text: d } }]
  - { id: e, uses: note, with: { text: "\${{ steps.b.outcome }} \${{ steps.c.outcome }}" } }
`,
    world => {
      world.command = ({argv}) => ({end: 'exited', exitCode: argv[0] === 'b' ? 1 : 0, stdout: ''})
    },
  ],
  [
    'a probe that fails twice and is retried',
    '  - { id: p, uses: probe/http, with: { url: u }, retry: { max: 3, delay: 1s } }\n  - { id: a, run: [a] }\n',
    world => {
      let n = 0
      world.fakes['probe/http'] = () => (++n < 3 ? failed() : finished({ok: true}))
    },
  ],
]

const INPUTS = 'inputs: { n: { type: int, default: 3 } }\n'

describe('a run that is killed', () => {
  it.each(EXAMPLES)('ends as if it had not been, wherever it was: %s', async (_, steps, setup) => {
    const runbook = runbookOf(steps, INPUTS)
    for (const yes of [true, false]) {
      const whole = await drive(runbook, setup, [], yes)
      const expected = endOf(whole)
      expect(twice(whole)).toEqual([])
      for (let at = 1; at < whole.points; at++) {
        const broken = await drive(runbook, setup, [at], yes)
        expect({at, ...endOf(broken)}).toEqual({at, ...expected})
        expect({at, twice: twice(broken)}).toEqual({at, twice: []})
        expect(resentDifferently(broken)).toEqual([])
      }
    }
  })

  it('asks when the same step ended scram twice, whatever its policy', async () => {
    const runbook = runbookOf('  - { id: p, uses: probe/http, with: { url: u } }\n')
    const world = new World()
    // Points before the effect: two for each append. First run.started and the intent; then resumed, unknown, settled, intent.
    for (const killAt of [4, 8]) {
      world.points = 0
      world.killAt = killAt
      await expect(world.log.length > 0 ? resume(world) : start(world, runbook)).rejects.toBeInstanceOf(Killed)
    }
    world.points = 0
    world.killAt = null
    const third = await resume(world)
    expect(third).toMatchObject({outcome: 'parked', exit: 4, reason: 'unknown', step: 'p'})
  })

  it('asks before it repeats a command nobody can check, and without a terminal does nothing', async () => {
    const world = new World()
    world.killAt = 5
    await expect(start(world, runbookOf('  - { id: push, run: [push] }\n'))).rejects.toBeInstanceOf(Killed)
    world.killAt = null
    const before = world.calls.length
    expect(await resume(world)).toMatchObject({outcome: 'parked', exit: 4, reason: 'unknown'})
    expect(await resume(world)).toMatchObject({outcome: 'parked', exit: 4, reason: 'unknown'})
    expect(world.calls.length).toBe(before)
  })

  it('ends the same for any runbook, killed anywhere, twice over', async () => {
    const step = fc.oneof(
      fc.constant('uses: note, with: { text: x }'),
      fc.constant('uses: rod/insert, with: { rod: a, why: b }'),
      fc.constant('uses: rod/withdraw, with: { rod: a }'),
      fc.constant('uses: probe/http, with: { url: u }, retry: { max: 2, delay: 1s }'),
      fc.constant('uses: postmortem/draft, on_failure: continue'),
      fc.constant('run: [go], resume: ask'),
      fc.constant(`run: [go, "\${{ run.id }}"], effect: idempotent, resume: ask`),
      fc.constant('run: [fails], on_failure: continue'),
      fc.constant('manual: Do it'),
      fc.constant('wait: 5m'),
      fc.constant('wait_until: result.ok, probe: { uses: probe/http, with: { url: u } }, every: 2s, for: 4s'),
    )
    const condition = fc.constantFrom('', 'if: "true", ', 'if: "false", ', 'if: rods.inserted == 0, ', 'confirm: Sure?, ')
    const runbooks = fc.array(fc.tuple(condition, step), {minLength: 1, maxLength: 7}).map(steps => {
      const lines = steps.map(
        ([when, what], i) => `  - { id: s${i}, ${what.startsWith('manual') || what.startsWith('wait') ? when.replace('confirm: Sure?, ', '') : when}${what} }`,
      )
      return lines.join('\n')
    })
    const setup: Setup = world => {
      world.fakes['probe/http'] = () => finished({ok: true})
      world.fakes['rod/insert'] = () => finished({position: 'inserted'})
      world.fakes['rod/withdraw'] = () => finished({position: 'withdrawn'})
      world.command = ({argv}) => ({end: 'exited', exitCode: argv[0] === 'fails' ? 1 : 0, stdout: ''})
    }
    await fc.assert(
      fc.asyncProperty(runbooks, fc.array(fc.nat(200), {minLength: 1, maxLength: 2}), fc.boolean(), async (steps, kills, yes) => {
        const runbook = runbookOf(`${steps}\n`)
        const whole = await drive(runbook, setup, [], yes)
        const broken = await drive(
          runbook,
          setup,
          kills.map(kill => 1 + (kill % Math.max(whole.points - 1, 1))),
          yes,
        )
        // A person who says "it happened" does not say what came out: outputs are compared where nobody was asked.
        const compared = kills.length === 1 ? endOf : statusesOf
        expect(compared(broken)).toEqual(compared(whole))
        expect(twice(broken)).toEqual([])
        expect(resentDifferently(broken)).toEqual([])
      }),
      {numRuns: 400},
    )
  })
})
