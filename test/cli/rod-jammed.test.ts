import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it, jest} from '@jest/globals'
import {type Switches, startSwitches, switchRod} from '../servers/switches.ts'
import {type Machine, machine} from './run-scram.ts'

/** Starts the program many times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

let switches: Switches
let at: Machine
beforeEach(async () => {
  switches = await startSwitches()
  at = machine()
  mkdirSync(join(at.home, 'runbooks'), {recursive: true})
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', switchRod(switches.url, 'j1'), ''].join('\n'))
  writeFileSync(
    join(at.home, 'runbooks/count.yaml'),
    [
      'scram: 1',
      'runbook: count',
      'title: How many are in',
      'steps:',
      '  - { id: one, uses: note, if: rods.inserted == 1, with: { text: one is in } }',
      '  - { id: none, uses: note, if: rods.inserted == 0, with: { text: none is in } }',
      '',
    ].join('\n'),
  )
})
afterEach(async () => {
  await at.remove()
  await switches.close()
})

it('a withdrawal that jams leaves the rod in: resolve is refused, it is counted and reminded of, until somebody gets it out', async () => {
  await at.run(['open', 'HTTP errors', '-s', 'sev2'])
  expect((await at.run(['in', 'j1', '--why', 'contain', '--expires', '20s'])).code).toBe(0)
  switches.of('j1').mood = 'refusing'
  const jammed = await at.run(['out', 'j1'])
  expect([jammed.code, jammed.stdout]).toEqual([1, expect.stringContaining('j1 JAMMED')])
  const refused = await at.run(['resolve'])
  expect([refused.code, refused.stderr]).toEqual([77, expect.stringMatching(/not known to be withdrawn: j1 \(jammed for .*\)[\s\S]*scram out j1/)])
  expect((await at.run([])).stdout).toMatch(/j1 JAMMED and still in/)
  const timeline = async () => (await at.run(['timeline'])).stdout
  expect((await at.run(['run', 'count'])).code).toBe(0)
  expect([(await timeline()).includes('one is in'), (await timeline()).includes('none is in')]).toEqual([true, false])
  const due = Date.now() + 20_000
  await new Promise(resolve => setTimeout(resolve, due - Date.now()))
  const watched = await at.run(['watch', '--once'])
  expect(watched.stderr).toMatch(/reminder \d: j1/)
  expect((await at.run(['note', 'x'])).stderr).toContain('! rod j1: its expiry is OVERDUE')
  switches.of('j1').mood = 'well'
  expect((await at.run(['out', 'j1'])).code).toBe(0)
  await at.run(['run', 'count'])
  expect(await timeline()).toContain('none is in')
  expect((await at.run(['resolve'])).code).toBe(0)
})
