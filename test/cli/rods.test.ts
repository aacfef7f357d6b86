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
})
afterEach(() => at.remove())

/** A workspace in the home; every test has switches of its own name. */
function workspace(rods: readonly string[], more: readonly string[] = []): void {
  mkdirSync(at.home, {recursive: true})
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', ...rods, ...more, ''].join('\n'))
}
const rod = (id: string, ...more: string[]) => switchRod(switches.url, id, more)
const kinds = async () =>
  (await at.run(['timeline', 'export'])).stdout
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as {kind: string}).kind)

describe('a rod that someone else moved', () => {
  it('is refused with both positions and the time, and --take goes on from there', async () => {
    workspace([rod('alpha')])
    expect((await at.run(['in', 'alpha', '--why', 'contain'])).code).toBe(0)
    switches.of('alpha').position = 'half'
    const refused = await at.run(['out', 'alpha'])
    expect(refused.code).toBe(77)
    expect(refused.stderr).toMatch(/moved by someone else: recorded inserted at \S+, reads half now/)
    expect(refused.stderr).toContain('scram out alpha --take')
    expect(switches.of('alpha').calls).toHaveLength(1)
    const {code, value} = await at.json(['out', 'alpha', '--take'])
    expect([code, value['kind']]).toEqual([0, 'rod.withdrawn'])
    const taken = (await at.run(['timeline', 'export'])).stdout.split('\n').find(line => line.includes('"taken"')) ?? ''
    expect(JSON.parse(taken)).toMatchObject({kind: 'rod.withdrawing', data: {taken: [{target: '', recorded: 'inserted', position: 'half'}]}})
  })
})

describe('the rules of a rod', () => {
  it('refuse before anything is sent, name themselves, and are set aside by that name', async () => {
    workspace([rod('beta', 'conflicts: [{rod: gamma}]'), rod('gamma')])
    await at.run(['in', 'gamma', '--why', 'first'])
    const refused = await at.run(['in', 'beta', '--why', 'second'])
    expect([refused.code, switches.of('beta').calls.length]).toEqual([77, 0])
    expect(refused.stderr).toContain('scram in beta --override conflicts:gamma --why TEXT')
    expect((await at.run(['in', 'beta', '--why', 'both, on purpose', '--override', 'conflicts:gamma'])).code).toBe(0)
    const dry = await at.json(['in', 'beta', '--why', 'x', '--dry-run'])
    expect(dry.value['refusals']).toEqual([expect.objectContaining({name: 'conflicts:gamma'})])
  })

  it('bind the other way round, too: the rod that is in said so', async () => {
    workspace([rod('delta', 'conflicts: [{rod: epsilon}]'), rod('epsilon')])
    await at.run(['in', 'delta', '--why', 'first'])
    expect((await at.run(['in', 'epsilon', '--why', 'second'])).code).toBe(77)
  })

  it('want a second person where the rod says so, by name', async () => {
    workspace([rod('zeta', 'approvals: {withdraw: 2}')])
    await at.run(['in', 'zeta', '--why', 'contain'])
    expect((await at.run(['out', 'zeta'])).code).toBe(77)
    expect((await at.run(['out', 'zeta', '--approved-by', 'second'])).code).toBe(0)
  })

  it('let no opposite move follow at once, and never hold up the first', async () => {
    workspace([rod('eta', 'cooldown: 1h')])
    expect((await at.run(['in', 'eta', '--why', 'contain'])).code).toBe(0)
    const refused = await at.run(['out', 'eta'])
    expect([refused.code, refused.stderr]).toEqual([77, expect.stringContaining('rule cooldown')])
    expect((await at.run(['out', 'eta', '--override', 'cooldown', '--why', 'wrong rod'])).code).toBe(0)
  })
})

describe('a guarded withdrawal', () => {
  const guarded = (more = '') =>
    `withdraw: {dwell: 300ms, ${more}guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}, back: {gt: 40}}}`
  const moves = (id: string) => switches.of(id).calls.map(({position}) => position)

  it('goes out in steps, each a recorded move, while its guard is good', async () => {
    workspace([rod('g1', guarded())])
    gauge.value = 3
    await at.run(['in', 'g1', '--why', 'contain'])
    const {code, stdout, stderr} = await at.run(['out', 'g1', '--why', 'over'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('g1 withdrawn; the probe agrees')])
    expect(stderr).toMatch(/g1 {2}inserted → half: the guard was good for 0\.3 s/)
    expect(moves('g1')).toEqual(['inserted', 'half', 'withdrawn'])
    expect(await kinds()).toEqual(['rod.inserting', 'rod.inserted', 'rod.withdrawing', 'rod.inserted', 'rod.withdrawing', 'rod.withdrawn'])
  })

  it('never goes on because time passes: a guard that is high, or silent, keeps it in until Ctrl-C, and says where it stands', async () => {
    workspace([rod('g2', guarded())])
    await at.run(['in', 'g2', '--why', 'contain'])
    for (const value of [25, null]) {
      gauge.value = value
      let pid = 0
      const waiting = at.run(['out', 'g2'], {started: started => (pid = started)})
      await new Promise(resolve => setTimeout(resolve, 4000))
      process.kill(pid, 'SIGINT')
      const {code, stderr} = await waiting
      expect([code, moves('g2')]).toEqual([130, ['inserted']])
      expect(stderr).toContain('g2 is verified at inserted, and nothing is under way')
    }
  })

  it('is held after its step-backs, exit 4, fully in, and keeps the incident from being resolved', async () => {
    workspace([rod('g3', guarded('max_step_backs: 0, '))])
    gauge.value = 3
    await at.run(['open', 'HTTP errors', '-s', 'sev2'])
    await at.run(['in', 'g3', '--why', 'contain'])
    const half = switches.of('g3')
    const follow = setInterval(() => {
      gauge.value = half.position === 'inserted' ? 3 : 99
    }, 5)
    const {code, stdout} = await at.run(['out', 'g3'])
    clearInterval(follow)
    expect(code).toBe(4)
    expect(stdout).toContain('HELD at inserted')
    expect(moves('g3')).toEqual(['inserted', 'half', 'inserted'])
    expect((await at.run(['resolve', '-m', 'over'])).code).toBe(77)
    expect((await at.run([])).stdout).toContain('HELD at inserted')
  })

  it('takes one step with --step, and none at all without a word with --at-once', async () => {
    workspace([rod('g4', guarded())])
    gauge.value = 3
    await at.run(['in', 'g4', '--why', 'contain'])
    const step = await at.run(['out', 'g4', '--step'])
    expect([step.code, step.stdout]).toEqual([0, expect.stringContaining('it stands at half; further: scram out g4')])
    expect((await at.run(['out', 'g4', '--at-once'])).code).toBe(64)
    gauge.value = 99
    expect((await at.run(['out', 'g4', '--at-once', '--why', 'it does nothing'])).code).toBe(0)
    expect(moves('g4')).toEqual(['inserted', 'half', 'withdrawn'])
    expect((await at.run(['timeline', 'export'])).stdout).toContain('"overrides":["steps"]')
  })

  it('killed in the middle goes on from where the control side reads', async () => {
    workspace([rod('g5', guarded().replace('dwell: 300ms', 'dwell: 2s'))])
    gauge.value = 3
    await at.run(['in', 'g5', '--why', 'contain'])
    let pid = 0
    const going = at.run(['out', 'g5'], {started: started => (pid = started)})
    while (moves('g5').length < 2) await new Promise(resolve => setTimeout(resolve, 20))
    process.kill(pid, 'SIGKILL')
    await going
    const {code} = await at.run(['out', 'g5'])
    expect([code, moves('g5').slice(-1)]).toEqual([0, ['withdrawn']])
    expect(moves('g5').length).toBeLessThanOrEqual(4)
  })

  it('goes by way of another rod: that one in, this one out, that one out in steps, then this one is asked', async () => {
    workspace([rod('g6', `withdraw: {via: g7}`).replace('expect: {withdrawn', 'masked_by: [g7], expect: {withdrawn'), rod('g7', guarded())])
    gauge.value = 3
    await at.run(['in', 'g6', '--why', 'contain'])
    const {code, stdout} = await at.run(['out', 'g6', '--why', 'over'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('g6 withdrawn; the probe agrees')])
    expect(moves('g6')).toEqual(['inserted', 'withdrawn'])
    expect(moves('g7')).toEqual(['inserted', 'half', 'withdrawn'])
  })
})

describe('a bank', () => {
  const bank = (...waves: string[][]) => ['banks:', `  contain: {title: Contain, waves: ${JSON.stringify(waves)}}`]

  it('goes on past one that jams, one that lies and one in conflict, a line for each, exit 1', async () => {
    workspace([rod('b1'), rod('b2'), rod('b3', 'conflicts: [{rod: b1}]'), rod('b4', 'approvals: {insert: 2}')], bank(['b1', 'b2', 'b3'], ['b4']))
    switches.of('b1').mood = 'lying'
    switches.of('b2').mood = 'refusing'
    const {code, stdout, stderr} = await at.run(['trip', 'contain', '--why', 'routing', '--yes'])
    expect(code).toBe(1)
    expect(stdout.split('\n').slice(1, 5)).toEqual([
      expect.stringMatching(/^ {2}b1 \(wave 1\) {2}UNVERIFIED: the probe sees withdrawn, not inserted$/),
      expect.stringMatching(/^ {2}b2 \(wave 1\) {2}JAMMED: /),
      expect.stringMatching(/^ {2}b3 \(wave 1\) {2}REFUSED: .*rule conflicts:b1/),
      expect.stringMatching(/^ {2}b4 \(wave 2\) {2}inserted after \d+ ms; the probe agrees$/),
    ])
    for (const id of ['b1', 'b2', 'b3', 'b4']) expect(stderr).toContain(`${id} (wave`)
    const overridden = (await at.run(['timeline', 'export'])).stdout.split('\n').find(line => line.includes('"overrides"')) ?? ''
    expect(JSON.parse(overridden)).toMatchObject({kind: 'rod.inserting', data: {rod: 'b4', overrides: ['approvals'], bank: 'contain'}})
    expect((await at.run(['trip', 'contain', '--why', 'again', '--yes'])).stdout).toContain('b4 (wave 2)  was inserted already')
  })

  it('does not wait with the second wave for the verification of the first', async () => {
    workspace([rod('c1'), rod('c2')], bank(['c1'], ['c2']))
    switches.of('c1').lagMs = 1500
    expect((await at.run(['trip', 'contain', '--why', 'routing', '--yes'])).code).toBe(0)
    const {value} = await at.json(['rod', 'show', 'c1'])
    const verifiedAt = Date.parse((value['state'] as {insertedAt: string}).insertedAt)
    expect(switches.of('c2').calls[0]?.atMs).toBeLessThan(verifiedAt - 500)
  })

  it('Ctrl-C ends it with 130, and of each rod it is said how far it got', async () => {
    workspace([rod('e1'), rod('e2').replace('timeout: 2s', 'timeout: 60s'), rod('e3')], bank(['e1', 'e2'], ['e3']))
    Object.assign(switches.of('e2'), {mood: 'hanging'})
    let pid = 0
    let said = ''
    const going = at.run(['trip', 'contain', '--why', 'routing', '--yes'], {started: started => (pid = started), heard: text => (said += text)})
    while (!said.includes('e1 (wave 1)') || switches.of('e2').calls.length === 0) await new Promise(resolve => setTimeout(resolve, 20))
    process.kill(pid, 'SIGINT')
    const {code, stdout} = await going
    expect(code).toBe(130)
    expect(stdout.trimEnd().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^ {2}e1 \(wave 1\) {2}inserted after \d+ ms; the probe agrees$/),
      expect.stringMatching(/^ {2}e2 \(wave 1\) {2}UNKNOWN: interrupted while e2 was moving/),
      '  e3 (wave 2)  NOT BEGUN: interrupted before anything of e3 was sent',
      'next: scram rod verify e2',
      'next: scram in e3 --why TEXT',
    ])
    expect(switches.of('e3').calls).toEqual([])
  })

  it('asks once, and nobody is there to ask: 64, nothing sent, nothing recorded', async () => {
    workspace([rod('d1')], bank(['d1']))
    const {code, value} = await at.json(['trip', 'contain', '--why', 'x'])
    expect([code, (value['error'] as {hints: string[]}).hints]).toEqual([64, ['scram trip contain --yes --why TEXT']])
    expect(switches.of('d1').calls).toEqual([])
    expect((await at.run(['trip', 'contian', '--why', 'x', '--yes'])).code).toBe(66)
  })
})

describe('one rod in a workspace where all else is broken', () => {
  it('goes in blind where the secret of its probe cannot be had, and says so', async () => {
    workspace([rod('iota').replace('probe: {http: {', 'probe: {http: {headers: {authorization: "Bearer env:NO_SUCH_TOKEN"}, ')])
    expect((await at.run(['in', 'iota', '--why', 'contain'])).code).toBe(78)
    const {code, value} = await at.json(['in', 'iota', '--why', 'contain', '--blind'])
    expect([code, value]).toEqual([3, expect.objectContaining({kind: 'rod.unverified', data: expect.objectContaining({blind: true})})])
    expect(switches.of('iota').position).toBe('inserted')
  })

  it('still goes in', async () => {
    workspace([rod('theta'), '  other:', '    title: 7', '    driver: nonsense'], ['page: {nonsense: true}', 'banks: 12'])
    const {code, stdout} = await at.run(['in', 'theta', '--why', 'contain'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('inserted; the probe agrees')])
    expect(await kinds()).toEqual(['rod.inserting', 'rod.inserted'])
  })
})
