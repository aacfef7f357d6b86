// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {rehearsals} from '../../../src/actions/rehearse-run.ts'
import {findingLine} from '../../../src/runbook/finding.ts'
import {testJsonSchema} from '../../../src/runbook/json-schema.ts'
import {loadTest} from '../../../src/runbook/testing/load-test.ts'
import {bestMatch, covers, matches} from '../../../src/runbook/testing/pattern.ts'
import {type CaseResult, runTest} from '../../../src/runbook/testing/run-test.ts'
import {loaded} from '../driving.ts'
import {shippedDesk} from './shipped-desk.ts'

const folder = `${import.meta.dirname}/../../../runbooks`

const RUNBOOK = `scram: 1
runbook: test
title: A test
steps:
  - { id: open, uses: open, with: { title: Down, text: It is down., severity: sev1 } }
  - { id: look, uses: probe/http, with: { url: u } }
  - { id: rod, uses: rod/insert, with: { rod: api-maintenance, why: w }, confirm: Sure?, undo: { uses: rod/withdraw, with: { rod: api-maintenance } } }
  - id: each
    for_each: [a, b]
    steps:
      - { id: push, run: [push, "\${{ item }}"], approve: {}, timeout: 2m, outputs: text }
  - { id: find, manual: Find it, evidence: required, outputs: { cause: string } }
  - { id: kept, uses: note, with: { text: "\${{ steps.find.cause }}" } }
outputs: { said: "\${{ steps.find.cause }}" }
`
const WORLD = '{ look: { outputs: { ok: true } }, "each[*]/push": { after: 1m, outputs: { text: pushed } } }'
const ANSWERS = '{ rod: yes, "each[*]/push": { approve: second, failure: retry }, find: { after: 6m, file: trace.txt, outputs: { cause: poison } } }'

async function run(cases: string, runbook = RUNBOOK): Promise<readonly CaseResult[]> {
  const loading = loadTest('test.test.yaml', `scram_test: 1\nrunbook: test\ncases:\n${cases}\n`)
  if (!loading.ok) throw new Error(loading.findings.map(findingLine).join('\n'))
  return runTest(loaded(runbook), loading.test, await rehearsals(shippedDesk(folder)))
}

const problems = async (cases: string, runbook?: string) => (await run(cases, runbook)).flatMap(one => one.problems)
const one = (rest: string, world = WORLD, answers = ANSWERS) => `  - name: one\n    world: ${world}\n    answers: ${answers}\n${rest}`

describe('a case', () => {
  it('passes in simulated time, killed at every point', async () => {
    const expected =
      '{ outcome: done, took: { at_least: 8m, at_most: 8m5s }, rods_inserted: [api-maintenance], updates: [investigating], outputs: { said: poison }, steps: { "each[*]/push": finished }, before: [[rod, each], ["each[a]", "each[b]"]] }'
    const [result] = await run(one(`    crash: every\n    expect: ${expected}`))
    expect(result).toMatchObject({problems: [], tookMs: 480_000})
    expect(result?.crashPoints).toBeGreaterThan(40)
  })

  it('says at its place what was expected and what came', async () => {
    const expected =
      '{ outcome: parked, took: { at_most: 5m }, rods_inserted: [], updates: [resolved], outputs: { said: nothing }, steps: { rod: undone, "each[a]/push": skipped, nope: finished }, before: [[find, rod]] }'
    expect(await problems(one(`    expect: ${expected}`))).toEqual([
      expect.stringMatching(/^test\.test\.yaml:7:24 {2}`outcome`: expected parked, came done$/),
      expect.stringMatching(/`took`: expected at most 5m, took 8m/),
      expect.stringMatching(/`updates`: expected \[resolved\], came \[investigating\]/),
      expect.stringMatching(/`rods_inserted`: expected \[\], came \[api-maintenance\]/),
      expect.stringMatching(/`before`: expected find before rod, but rod began before find had ended/),
      expect.stringMatching(/`steps`: expected rod undone, came finished/),
      expect.stringMatching(/`steps`: expected each\[a\]\/push skipped, came finished/),
      expect.stringMatching(/`steps`: expected nope finished, and it never began/),
      expect.stringMatching(/`outputs`: expected nothing, came poison/),
    ])
  })

  it.each<[string, string, string, RegExp]>([
    ['a step without a fake', '{ "each[*]/push": {} }', ANSWERS, /test\.test\.yaml:4:11 {2}look \(probe\/http\) has no fake: add `world: \{ look: /],
    ['a confirmation', WORLD, ANSWERS.replace('rod: yes, ', ''), /rod asks and has no answer \("Sure\?"\): add `answers: \{ rod: yes \}`/],
    [
      'an approval',
      WORLD,
      '{ "*": yes }',
      /each\[a\]\/push wants an approval and has no answer .*add `answers: \{ "each\[a\]\/push": \{ approve: second \} \}`/,
    ],
    ['a manual step', WORLD, ANSWERS.replace('file: trace.txt, ', ''), /find wants a person and has no answer \("Find it"\)/],
    [
      'a failure',
      WORLD.replace('after: 1m', 'fail: exec.exit'),
      ANSWERS.replace(', failure: retry', ''),
      /each\[a\]\/push failed and asks and has no answer \("exec\.exit: exit 1/,
    ],
    ['a failure that never ends', WORLD.replace('after: 1m', 'fail: exec.exit'), ANSWERS, /each\[a\]\/push was tried for ever/],
    ['a fake nothing asks for', WORLD.replace('{ look', '{ lok: {}, look'), ANSWERS, /test\.test\.yaml:5:14 {2}`world`: nothing asked for lok/],
    ['an answer nothing asks for', WORLD, ANSWERS.replace('{ rod', '{ rot: yes, rod'), /`answers`: nothing asked for rot/],
  ])('fails for %s', async (_, world, answers, message) => {
    expect(await problems(one('', world, answers))).toEqual([expect.stringMatching(message)])
  })

  it('repeats the last entry of a list, and a timeout is an unknown end that is told truthfully', async () => {
    const slow = WORLD.replace('{ after: 1m', '[{ after: 10m }, { after: 1m').replace('pushed } }', 'pushed } }]')
    const [result] = await run(one('    crash: every\n    expect: { outcome: done, took: { at_least: 12m }, steps: { "each[*]/push": finished } }', slow))
    expect(result?.problems).toEqual([])
  })

  it('dies after the events that are named, only', async () => {
    expect((await run(one('    crash: [3, 9]\n    expect: { outcome: done }'))).map(({crashPoints}) => crashPoints)).toEqual([2])
  })

  it('undoes a rod whose withdrawal asks, and sees a rod that does not hold', async () => {
    const undo = RUNBOOK.replace('outputs: text }', 'outputs: text, on_failure: { undo: run, then: continue } }').replace('for_each: [a, b]', 'for_each: [a]')
    const broken = WORLD.replace('after: 1m', 'fail: exec.exit')
    const answers = ANSWERS.replace('rod: yes', '"rod/undo": yes, rod: yes').replace(', failure: retry', '')
    expect(
      await problems(one('    crash: every\n    expect: { outcome: done_with_failures, rods_inserted: [], steps: { rod: undone } }', broken, answers), undo),
    ).toEqual([])
    const held = WORLD.replace('{ look', '{ rod: { fail: rod.unverified }, look')
    expect(
      await problems(
        one('    crash: every\n    expect: { outcome: parked, rods_inserted: [api-maintenance] }', held, '{ rod: { confirm: yes, failure: stop } }'),
      ),
    ).toEqual([expect.stringMatching(/`world`: nothing asked for each\[\*\]\/push/)])
  })
})

describe('crash: every', () => {
  it('finds what a crash changes: outputs that a verify cannot know', async () => {
    const runbook =
      'scram: 1\nrunbook: test\ntitle: T\nsteps:\n  - { id: a, run: [go], outputs: text, verify: { uses: probe/http, with: { url: u } } }\n  - { id: b, run: [go, "${{ steps.a.text }}"] }\n'
    const world = '{ a: { outputs: { text: x } }, a/verify: { outputs: { ok: true } }, b: {} }'
    expect(await problems(one('    crash: every\n    expect: { outcome: done }', world, '{}'), runbook)).toEqual([
      expect.stringMatching(/test\.test\.yaml:7:12 {2}killed after the effect of a#1: b failed and asks .*No such key: text/),
      expect.stringMatching(/killed before step\.finished a#1, step\.started b#1: b failed and asks/),
    ])
  })
})

describe('the file', () => {
  it.each<[string, string, string]>([
    ['a misspelt key', 'scram_test: 1\nrunbook: a\ncases:\n  - nam: x\n    name: y\n', 't:4:5  E schema  `nam` is not a key of a case; did you mean `name`?'],
    ['a step that is none', 'scram_test: 1\nrunbook: a\ncases:\n  - { name: x, world: { "a b": {} } }\n', 't:4:25  E schema  `a b` is no step'],
    [
      'a key of a fake',
      'scram_test: 1\nrunbook: a\ncases:\n  - { name: x, world: { a: { outcome: {} } } }\n',
      't:4:30  E schema  `outcome` is not a key of `world.a`',
    ],
    [
      'a duration without a unit',
      'scram_test: 1\nrunbook: a\ncases:\n  - { name: x, world: { a: { after: 5 } } }\n',
      't:4:37  E schema  `world.a.after` wants a unit: 5s or 5m?',
    ],
    ['a time of no zone', 'scram_test: 1\nrunbook: a\ncases:\n  - { name: x, start: yesterday }\n', 't:4:23  E schema  `start` wants a time in UTC such as'],
    ['no cases', 'scram_test: 1\nrunbook: a\n', 't:1:1  E schema  a test wants `cases`'],
    ['a later version', 'scram_test: 2\nrunbook: a\ncases: [{ name: x }]\n', 't:1:13  E schema  `scram_test` wants 1'],
    ['no YAML', 'a: [', 't:1:5  E yaml '],
  ])('%s is found at its place', (_, text, line) => {
    const loading = loadTest('t', text)
    expect(loading.ok ? [] : loading.findings.map(findingLine)).toEqual([expect.stringContaining(line)])
  })

  it('has a schema for editors', () => {
    expect(JSON.stringify(testJsonSchema())).toContain('"rods_inserted"')
  })

  it('names steps by the most particular pattern', () => {
    const patterns = ['*', 'patch[*]/push', 'patch[canary]/push', '*/push']
    expect(bestMatch(patterns, 'patch[canary]/push')).toBe('patch[canary]/push')
    expect(bestMatch(patterns, 'patch[x.y]/push')).toBe('patch[*]/push')
    expect(bestMatch(patterns, 'other')).toBe('*')
    expect(matches('patch[*]/push', 'patch[a]/b/push')).toBe(false)
    expect(covers('patch', 'patch[canary]/push')).toBe(true)
    expect(covers('patch', 'patches')).toBe(false)
  })
})
