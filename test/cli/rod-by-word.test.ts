import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {type GaugeServer, type Switches, startGauge, startSwitches, switchRod} from '../servers/switches.ts'
import {type Machine, machine} from './run-scram.ts'

/** Each starts the program several times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

let switches: Switches
let gauge: GaugeServer
let at: Machine
beforeAll(async () => {
  switches = await startSwitches()
  gauge = await startGauge()
})
afterAll(() => Promise.all([switches.close(), gauge.close()]))
beforeEach(() => {
  at = machine()
  mkdirSync(at.home, {recursive: true})
})
afterEach(() => at.remove())

function workspace(...rods: readonly string[]): void {
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', ...rods, ''].join('\n'))
}
const blindRod = (id: string, ...more: readonly string[]) =>
  switchRod(switches.url, id, more).replace(/probe: \{http.*/, 'probe: none\n    because: Nobody sees a boot that does not happen')

describe('a rod without a probe', () => {
  it('comes out by the recorded word of a person, and then the incident can end', async () => {
    workspace(blindRod('b1'))
    await at.run(['open', 'Too many boots', '-s', 'sev2'])
    await at.run(['in', 'b1', '--why', 'contain'])
    const out = await at.run(['out', 'b1'])
    expect([out.code, out.stdout]).toEqual([3, expect.stringContaining('once you have looked yourself: scram out b1 --blind --why TEXT')])
    expect((await at.run(['resolve'])).code).toBe(77)
    expect((await at.run(['out', 'b1', '--blind'])).code).toBe(64)
    expect((await at.run(['out', 'b1', '--blind', '--to', 'half', '--why', 'w'])).code).toBe(64)
    const word = await at.run(['out', 'b1', '--blind', '--why', 'ten nodes booted at once'])
    expect([word.code, word.stdout]).toEqual([3, expect.stringContaining('UNVERIFIED, and taken to be out by your word')])
    expect((await at.run(['rod', 'show', 'b1'])).stdout).toMatch(/UNVERIFIED, out by the word of/)
    expect((await at.run(['rod', 'history', 'b1'])).stdout).toMatch(/b1 unverified at withdrawn \(out by a person's word\)/)
    expect((await at.run(['resolve'])).code).toBe(0)
  })

  it('does not, where its control side reads otherwise', async () => {
    workspace(blindRod('b2'))
    await at.run(['open', 'Too many boots', '-s', 'sev2'])
    await at.run(['in', 'b2', '--why', 'contain'])
    switches.of('b2').mood = 'lying'
    const word = await at.run(['out', 'b2', '--blind', '--why', 'I think so'])
    expect([word.code, word.stdout]).toEqual([3, expect.not.stringContaining('by your word')])
    expect((await at.run(['resolve'])).code).toBe(77)
  })

  it('comes out by its guard all the same, and the word is only about the last step', async () => {
    gauge.value = 3
    workspace(
      blindRod(
        'b3',
        `withdraw: {dwell: 300ms, guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}, back: {gt: 40}}}`,
      ),
    )
    await at.run(['in', 'b3', '--why', 'contain'])
    const word = await at.run(['out', 'b3', '--blind', '--why', 'ten nodes booted at once'])
    expect([word.code, word.stdout]).toEqual([3, expect.stringContaining('taken to be out by your word')])
    expect(switches.of('b3').calls.map(({position}) => position)).toEqual(['inserted', 'half', 'withdrawn'])
    expect((await at.run([])).stdout).not.toContain('b3')
  })
})

it('nobody gives a word for a rod that has a probe', async () => {
  workspace(switchRod(switches.url, 'b4'))
  await at.run(['in', 'b4', '--why', 'contain'])
  const refused = await at.run(['out', 'b4', '--blind', '--why', 'I think so'])
  expect([refused.code, refused.stderr, switches.of('b4').position]).toEqual([64, expect.stringContaining('b4 has a probe'), 'inserted'])
})
