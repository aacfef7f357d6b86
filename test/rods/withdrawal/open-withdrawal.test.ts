import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {openWorkspace} from '../../../src/config/open-workspace.ts'
import {makeRedactor} from '../../../src/lib/redact.ts'
import {openRod} from '../../../src/rods/open-rod.ts'
import type {listPositions} from '../../../src/rods/position.ts'
import type {WithdrawSection} from '../../../src/rods/withdrawal/withdraw-section.ts'
import {rodOf} from '../open-driver.ts'

const http = {url: 'http://127.0.0.1:9/stats', method: 'GET', headers: {}, json: '$.q', timeout: 500}
const guard = {http, every: 250, advance: {lte: 10}, back: {gt: 40}}
const percent = {percent: {step: 25}}

const open = (withdraw: WithdrawSection | undefined, positions: Parameters<typeof listPositions>[0] = percent, secrets = {}) =>
  rodOf({positions, withdraw}, {secrets}).withdrawal()

describe('opening the withdrawal of a rod', () => {
  it('a rod that says nothing has its ladder and no guard', async () => {
    expect(await open(undefined)).toMatchObject({ladder: {rungs: ['100%', '75%', '50%', '25%', 'withdrawn']}, guarded: null, via: null, reaches: []})
    expect(await open({via: 'admit-rate'})).toMatchObject({guarded: null, via: 'admit-rate'})
  })

  it('takes what is written and fills in the rest', async () => {
    const written = await open({steps: [90, 50, 0], guard: {http, advance: {lte: 10}}, dwell: 6000, max_step_backs: 5})
    expect(written).toMatchObject({
      ladder: {rungs: ['100%', '90%', '50%', 'withdrawn']},
      guarded: {dwellMs: 6000, maxStepBacks: 5, release: null, guard: {everyMs: 500}},
    })
    expect(written.guarded?.guard).not.toHaveProperty('back')
  })

  it('a guard and release_when by command, and by the growth of a counter', async () => {
    const {guarded} = await open({
      guard: {...guard, http: undefined, command: {argv: ['echo', '7'], timeout: 5000}},
      release_when: {http: {...http, change_over: 4000}, lte: 8},
    })
    expect(await guarded?.guard.gauge.read(new AbortController().signal)).toEqual({value: 7, evidence: 'command echo 7 = 7'})
    expect(guarded?.release).toMatchObject({changeOverMs: 4000, when: {lte: 8}})
  })

  it('resolves its secrets when it is asked for, not before', async () => {
    const withSecret = {guard: {...guard, http: {...http, headers: {Authorization: 'Bearer env:TOKEN'}}}}
    const rod = rodOf({positions: percent, withdraw: withSecret})
    expect(rod.id).toBe('api-maintenance')
    await expect(rod.withdrawal()).rejects.toMatchObject({code: 'secret.missing'})
    expect((await open(withSecret, percent, {'env:TOKEN': 'canary-5'})).guarded?.guard.gauge.name).not.toContain('canary')
  })

  it.each([
    [
      'steps that are none',
      {steps: [75, 'all', 80], guard},
      [/^withdraw\.steps\.1: "all" is no position of this rod/, /^withdraw\.steps\.2: 80% does not follow 75%/],
    ],
    ['steps without a guard', {steps: [75, 50]}, [/^withdraw\.steps: steps need a guard/]],
    ['a dwell without a guard', {dwell: 4000, max_step_backs: 2}, [/^withdraw\.dwell: .*no guard/, /^withdraw\.max_step_backs: .*no guard/]],
    ['release_when without a guard', {release_when: {http, lte: 8}}, [/^withdraw\.release_when: needs a guard/]],
    [
      'thresholds that say nothing',
      {guard: {http, advance: {}, back: {}}},
      [/^withdraw\.guard\.advance: says nothing/, /^withdraw\.guard\.back: says nothing/],
    ],
    ['thresholds that overlap', {guard: {http, advance: {lte: 50}, back: {gt: 40}}}, [/^withdraw\.guard\.back: 45 would mean advance and back at once/]],
    ['a threshold that never holds', {guard: {http, advance: {lt: 1, gt: 2}}}, [/^withdraw\.guard\.advance: can never be so/]],
    ['a release_when without a comparison', {guard, release_when: {http}}, [/^withdraw\.release_when: says nothing/]],
    ['a guard that hammers', {guard: {...guard, every: 1}}, [/^withdraw\.guard\.every: is at least 50ms/]],
    ['a dwell of one look', {guard: {...guard, every: 5000}}, [/^withdraw\.dwell: must be at least/]],
    ['a window of nothing', {guard: {...guard, http: {...http, change_over: 0}}}, [/^withdraw\.guard\.http\.change_over: is more than 0/]],
  ] as [string, WithdrawSection, RegExp[]][])('refuses %s, each flaw at its place', async (_, section, messages) => {
    const fault = await open(section).then(
      () => null,
      (error: unknown) => error,
    )
    expect(fault).toMatchObject({code: 'config.invalid'})
    const lines = (fault as Error).message.split('\n')
    expect(lines.length).toBe(messages.length)
    for (const [i, message] of messages.entries()) expect(lines[i]).toMatch(message)
  })

  it('names file, line and column, and an insertion of the same rod never hears of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'withdrawal-'))
    try {
      const rod = ['scram: 1', 'rods:', '  r:', '    title: T', '    what: W', '    spares: S', '    driver: command', '    probe: none', '    because: B']
      const withdraw = [
        '    with: {set: ["true", "{position}"]}',
        '    positions: {percent: {step: 25}}',
        '    withdraw:',
        '      steps: [75, 80]',
        '      guard: {command: {argv: [./queue]}, advance: {lte: 50}, back: {gt: 40}}',
      ]
      writeFileSync(join(folder, 'scram.yaml'), [...rod, ...withdraw, ''].join('\n'))
      const {rods, secret} = await openWorkspace({named: undefined, from: folder, home: '/home/u/scram', env: {}, redactor: makeRedactor()})
      const opened = openRod('r', rods.definition('r'), {folder, secret, invalid: issues => rods.invalid('r', issues)})
      expect((await opened.driver()).plan('25%').length).toBe(1)
      const fault = await opened.withdrawal().catch((error: unknown) => error)
      const told = JSON.stringify([(fault as Error).message, (fault as {hints?: unknown}).hints])
      expect(told).toMatch(/scram\.yaml:13:19/)
      expect(told).toMatch(/scram\.yaml:14:69/)
    } finally {
      rmSync(folder, {recursive: true, force: true})
    }
  })
})
