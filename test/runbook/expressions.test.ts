// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {ExpressionError, openExpressions} from '../../src/runbook/expressions.ts'
import {render} from '../../src/runbook/render.ts'
import {celOutputs} from '../../src/runbook/scope.ts'
import {parseTemplate, Unclosed} from '../../src/runbook/template.ts'
import {runbookOf} from './driving.ts'
import {ACTIONS} from './world.ts'

const {runbook} = runbookOf(
  '  - { id: probe, uses: probe/http, with: { url: u } }\n  - { id: end, uses: resolve }\n',
  'inputs: { auto: { type: bool }, n: { type: int }, d: { type: duration }, s: {} }\n',
)
const expressions = openExpressions(runbook, ACTIONS)
const outputs = celOutputs({ok: 'bool', status: 'int', error_rate: 'double'}, {ok: true, status: 200, error_rate: 0.25})
const values = {
  inputs: {auto: false, n: 3n, d: expressions.duration(90_000), s: 'text'},
  steps: {probe: {...outputs, outcome: 'finished'}},
  run: {id: 'r-1', by: 'ada', started: new Date(0)},
  rods: {inserted: 0n, position: {api: 'inserted'}},
  now: new Date(60_000),
}
const evaluate = (source: string) => expressions.evaluate(source, values, {list: runbook.steps})
const check = (source: string) => expressions.check(source, {list: runbook.steps, before: null})?.message ?? null

describe('an expression', () => {
  it.each<[string, unknown]>([
    ['steps.probe.status == 200', true],
    ['inputs.n + 1', 4n],
    ['steps.probe.error_rate * 100', 25],
    ['steps.probe.status / 0.5', 400],
    ['inputs.d > duration("1m")', true],
    ['now - run.started == duration("1m")', true],
    ['rods.position["api"] == "inserted" && rods.inserted == 0', true],
    ['steps.probe.p95_ms < 500.0 || true', true],
    ['has(steps.probe.p95_ms)', false],
    ['["a", "b"].exists(x, x == "b")', true],
  ])('%s', (source, expected) => {
    expect(check(source)).toBeNull()
    expect(evaluate(source)).toEqual(expected)
  })

  it.each([
    'inputs.constructor', 'inputs.nope', 'steps.probe.nope', 'steps.later.ok', 'item', 'index == 0', 'nobody', 'env.HOME', 'process.exit()', 'steps.probe.error_rate == 1', '1 +', 'size(steps)',
    'type(1) == int', 'bytes("a")', 'has(inputs.nope)',
  ])('%s is refused when the file is checked', source => {
    expect(check(source)).not.toBeNull()
  }) // biome-ignore format: one look

  it.each(['steps.end.outcome == "finished"', 'steps.probe.p95_ms < 1.0', '1/0 == 1', '9223372036854775807 + 1 > 0', 'inputs.s.matches("a")'])(
    '%s is an error when it is evaluated, never null or false',
    source => {
      expect(() => evaluate(source)).toThrow(ExpressionError)
    },
  )

  it('refuses a pattern that can hang before it hangs', () => {
    const begin = performance.now()
    expect(check(`"${'a'.repeat(30)}!".matches("^(a+)+$")`)).toContain('can hang')
    expect(performance.now() - begin).toBeLessThan(1000)
  })
})

describe('a template', () => {
  it('keeps the type of a value that is one expression, and writes text otherwise', () => {
    expect(
      render(
        {a: '${{ inputs.n }}', b: 'n=${{ inputs.n }} ${{ steps.probe.ok }}', c: ['${{ inputs.auto }}', 7], d: '${{ inputs.d }}', e: '${{ run.started }}'},
        evaluate,
      ),
    ).toEqual({
      a: 3,
      b: 'n=3 true',
      c: [false, 7],
      d: '1m30s',
      e: '1970-01-01T00:00:00.000Z',
    })
  })

  it('is scanned once: a value is never code', () => {
    const tricky = {...values, inputs: {...values.inputs, s: '${{ run.id }}'}}
    expect(render('${{ inputs.s }}!', source => expressions.evaluate(source, tricky, {list: runbook.steps}))).toBe('${{ run.id }}!')
  })

  it('skips quoted braces, and $${{ is a literal', () => {
    expect(render('${{ "a}}b" }}', evaluate)).toBe('a}}b')
    expect(render('$${{ inputs.n }}', evaluate)).toBe('${{ inputs.n }}')
    expect(parseTemplate('x ${{ a }} y').parts).toEqual([{text: 'x '}, {expression: 'a', offset: 6}, {text: ' y'}])
  })

  it('refuses lists inside text, and braces that do not close', () => {
    expect(() => render('a ${{ [1, 2] }}', evaluate)).toThrow(ExpressionError)
    expect(() => parseTemplate('a ${{ "}}"')).toThrow(Unclosed)
  })
})
