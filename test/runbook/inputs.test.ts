// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {checkInputs, fillDefaults, missingInput} from '../../src/runbook/inputs.ts'
import {runbookOf, start} from './driving.ts'
import {World} from './world.ts'

const TOP = `inputs:
  release: { required: true, pattern: 'r-[0-9]+' }
  auto: { type: bool, default: false }
  n: { type: int, default: 3, choices: [3, 5] }
  hold: { type: duration, default: 5m }
`
const {runbook} = runbookOf('  - { id: a, uses: note, with: { text: x } }\n', TOP)

describe('inputs', () => {
  it('are typed, and defaults fill in', () => {
    expect(checkInputs(runbook, {release: 'r-12', n: '5', auto: 'true'})).toEqual({
      values: {release: 'r-12', auto: true, n: 5, hold: '5m'},
      missing: [],
      computed: [],
    })
  })

  it('have computed defaults, made once and never read again; what a person gave is no template', () => {
    const {runbook: own} = runbookOf(
      '  - { id: a, uses: note, with: { text: x } }\n',
      'inputs: { who: { default: "${{ run.by }}", pattern: "[a-z$ {}.]+" }, s: {} }\n',
    )
    const evaluate = (source: string) => (source === 'run.by' ? '${{ now }}' : 'never')
    const {values, computed} = checkInputs(own, {s: '${{ run.by }}'})
    expect([values, computed]).toEqual([{s: '${{ run.by }}'}, ['who']])
    expect(fillDefaults(own, values, computed, evaluate)).toEqual({who: '${{ now }}', s: '${{ run.by }}'})
    expect(() => fillDefaults(own, values, computed, () => 'Ada Lovelace!')).toThrow('wants [a-z$ {}.]+')
  })

  it('are missing when required', () => {
    const {missing} = checkInputs(runbook, {})
    expect(missingInput(missing)).toMatchObject({code: 'usage.missing', hints: ['--input release=…']})
  })

  it.each([
    [{relase: 'r-1'}, 'no input `relase`; this one takes release, auto, n, hold'],
    [{release: 'r-1 and more'}, 'wants r-[0-9]+'],
    [{release: 'r-1', auto: 'yes'}, 'wants true or false'],
    [{release: 'r-1', n: '4'}, 'is one of 3, 5'],
    [{release: 'r-1', hold: '5'}, 'wants a duration'],
    [{release: 'r-1', hold: '999999d'}, 'wants a duration such as 90s or 2h, at most 366d'],
    [{release: 'x'.repeat(501)}, 'at most 500'],
  ])('are refused: %j', (given, words) => {
    expect(() => checkInputs(runbook, given)).toThrow(words)
  })
})

describe('a hostile value', () => {
  const HOSTILE = `x"; echo PWNED; #'$(echo SUB)`

  it('reaches a command as one literal argument, and as one literal variable', async () => {
    const world = new World()
    let env = {}
    world.command = call => {
      env = call.env
      return {end: 'exited', exitCode: 0, stdout: ''}
    }
    const steps = `  - { id: a, run: [say, "\${{ inputs.s }}"], env: { V: "\${{ inputs.s }}" } }\n  - { id: b, uses: note, with: { text: "\${{ inputs.s }}" } }\n`
    expect(await start(world, runbookOf(steps, 'inputs: { s: {} }\n'), {inputs: {s: HOSTILE}})).toMatchObject({outcome: 'done'})
    expect(world.calls.map(({given}) => given)).toEqual([['say', HOSTILE], {text: HOSTILE}])
    expect(env).toEqual({V: HOSTILE})
  })

  it.each([['-rf'], ['--help']])('may not become an option: %s', async value => {
    const world = new World()
    const result = await start(world, runbookOf('  - { id: a, run: [rm, "${{ inputs.s }}"] }\n', 'inputs: { s: {} }\n'), {inputs: {s: value}})
    expect(result).toMatchObject({outcome: 'parked', exit: 1})
    expect(world.calls).toEqual([])
    const guarded = new World()
    expect(await start(guarded, runbookOf('  - { id: a, run: [rm, --, "${{ inputs.s }}"] }\n', 'inputs: { s: {} }\n'), {inputs: {s: value}})).toMatchObject({
      outcome: 'done',
    })
  })

  it('may not hold a NUL', async () => {
    const world = new World()
    const result = await start(world, runbookOf('  - { id: a, run: [say, "${{ inputs.s }}"] }\n', 'inputs: { s: {} }\n'), {inputs: {s: 'a\0b'}})
    expect(result).toMatchObject({exit: 1, needs: expect.stringContaining('NUL')})
  })
})
