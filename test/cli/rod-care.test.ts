import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {startRedis} from '../servers/redis.ts'
import {requireTool} from '../servers/require-tool.ts'
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

function workspace(rods: readonly string[], more: readonly string[] = []): void {
  mkdirSync(at.home, {recursive: true})
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', ...rods, ...more, ''].join('\n'))
}
const rod = (id: string, ...more: string[]) => switchRod(switches.url, id, more)
type Event = {readonly kind: string; readonly actor: {readonly kind: string}; readonly data: Record<string, unknown>}
const events = async (): Promise<readonly Event[]> =>
  (await at.run(['timeline', 'export'])).stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Event)
const kinds = async () => (await events()).map(({kind}) => kind)
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** `scram watch`, ended by Ctrl-C when `until` is done. */
async function watching(args: readonly string[], until: () => Promise<unknown>, watchers = 1) {
  const pids: number[] = []
  const ends = Array.from({length: watchers}, () => at.run(['watch', '--every', '1s', ...args], {started: pid => pids.push(pid)}))
  await until()
  for (const pid of pids) process.kill(pid, 'SIGINT')
  return Promise.all(ends)
}

async function untilSo(isSo: () => Promise<boolean>, mostMs = 20_000): Promise<void> {
  const end = Date.now() + mostMs
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not come about')
    await sleep(200)
  }
}

describe('rod test', () => {
  it('asks everything a move would ask, moves nothing and records nothing', async () => {
    workspace([rod('t1', 'runs_without: [platform]')], ['systems: {platform: {hosts: ["*.example.com"]}}'])
    const {code, stdout} = await at.run(['rod', 'test', 't1'])
    expect([code, switches.of('t1').calls, await kinds()]).toEqual([0, [], []])
    expect(stdout).toContain('touches host 127.0.0.1')
    expect(stdout).toContain('sees withdrawn')
  })

  it('says no to a rod that depends on what it says it runs without', async () => {
    workspace([rod('t2', 'runs_without: [platform]')], ['systems: {platform: {hosts: [127.0.0.1]}}'])
    const {code, stdout} = await at.run(['rod', 'test', 't2'])
    expect([code, stdout]).toEqual([1, expect.stringContaining('it runs without platform, it says, and touches host 127.0.0.1 of it')])
  })

  it('tells apart a rod that does not check, a secret that is missing, and a side that is silent', async () => {
    const gone = rod('t3').replaceAll(switches.url, 'http://127.0.0.1:9')
    workspace([
      gone,
      rod('t4').replace('json: {position', 'headers: {authorization: "Bearer env:NO_SUCH_TOKEN"}, json: {position'),
      rod('t5').replace('driver: http', 'driver: htttp'),
    ])
    expect((await at.run(['rod', 'test', 't3'])).code).toBe(69)
    expect((await at.run(['rod', 'test', 't4'])).code).toBe(78)
    expect((await at.run(['rod', 'test', 't5'])).code).toBe(65)
    expect((await at.run(['rod', 'test', 'nobody'])).code).toBe(66)
    expect((await at.run(['rod', 'test'])).code).toBe(64)
    const doctor = await at.run(['doctor'])
    expect(doctor.code).toBe(1)
    for (const id of ['t3', 't4', 't5']) expect(doctor.stdout).toMatch(new RegExp(`fail +rod ${id}`))
  })

  it('exercises a rod for real, and shows what it is worth from then on', async () => {
    workspace([rod('t6', 'cooldown: 1h')])
    const {code, stdout} = await at.run(['rod', 'test', 't6', '--exercise'])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/t6 exercised: in acknowledged after \d+ ms.*effective after \d+ ms; out acknowledged/)])
    expect(switches.of('t6').calls.map(({position}) => position)).toEqual(['inserted', 'withdrawn'])
    expect((await events()).at(-1)).toMatchObject({kind: 'rod.tested', data: {mode: 'exercise', result: 'passed', in: {effectiveMs: expect.any(Number)}}})
    expect((await at.run(['rod', 'list'])).stdout).toMatch(/last exercised .*, usually effective in \d+ ms/)
    const history = (await at.run(['rod', 'history', 't6'])).stdout
    expect(history.trim().split('\n')).toHaveLength(5)
    expect(history).not.toContain('at inserted')
    // Practice holds up nobody: it may be needed now.
    expect((await at.run(['in', 't6', '--why', 'contain'])).code).toBe(0)
  })

  it('says of a rod that failed its exercise that it failed, not that nobody tried', async () => {
    workspace([rod('t9')])
    switches.of('t9').mood = 'lying'
    expect((await at.run(['rod', 'test', 't9', '--exercise'])).code).toBe(1)
    expect((await at.run(['rod', 'list'])).stdout).toMatch(/its exercise FAILED .* \(the insertion ended as unverified.*\), it never worked before/)
    expect((await at.run(['doctor'])).stdout).toMatch(/warn +rod t9 +its exercise failed at/)
  })

  it('does not put in what it may not take out again', async () => {
    workspace([rod('t8', 'approvals: {withdraw: 2}')])
    const refused = await at.run(['rod', 'test', 't8', '--exercise'])
    expect([refused.code, refused.stderr, switches.of('t8').calls]).toEqual([77, expect.stringContaining('--exercise --override approvals'), []])
    expect((await at.run(['rod', 'test', 't8', '--exercise', '--override', 'approvals'])).code).toBe(0)
    expect(switches.of('t8').calls.map(({position}) => position)).toEqual(['inserted', 'withdrawn'])
  })

  it('practises neither during an incident nor with a rod that is in', async () => {
    workspace([rod('t7')])
    await at.run(['open', 'HTTP errors', '-s', 'sev2'])
    expect((await at.run(['rod', 'test', 't7', '--exercise'])).code).toBe(77)
    expect((await at.run(['rod', 'test', 't7', '--exercise', '--override', 'incident'])).code).toBe(0)
    expect((await at.run(['in', 't7', '--why', 'contain'])).code).toBe(0)
    expect((await at.run(['rod', 'test', 't7', '--exercise', '--override', 'incident'])).code).toBe(77)
  })
})

describe('watch', () => {
  it('tells a drift once, after two looks in a row, with two watchers, and puts nothing back in', async () => {
    workspace([rod('w1')])
    await at.run(['in', 'w1', '--why', 'contain'])
    switches.of('w1').position = 'withdrawn'
    const [one, two] = await watching([], () => untilSo(async () => (await kinds()).includes('rod.drifted')).then(() => sleep(2500)), 2)
    expect([one?.code, two?.code]).toEqual([130, 130])
    expect((await kinds()).filter(kind => kind === 'rod.drifted')).toHaveLength(1)
    expect(switches.of('w1').calls).toHaveLength(1)
    expect((await events()).find(({kind}) => kind === 'rod.drifted')).toMatchObject({
      actor: {kind: 'watch'},
      data: {expected: 'inserted', seen: 'withdrawn', by: 'probe', targets: [{target: '', position: 'withdrawn'}]},
    })
    expect(`${one?.stdout}${two?.stdout}`).toContain('w1 drifted: expected inserted, seen withdrawn')
    expect((await at.run([])).stdout).toMatch(/w1 DRIFTED: want inserted, seen withdrawn/)
    expect((await at.run(['rod', 'verify', 'w1'])).code).toBe(1)
  })

  it('looks once with --once, and says by its exit code that all is as recorded', async () => {
    workspace([rod('w2')])
    expect((await at.run(['watch', '--once'])).stdout).toContain('no rod is in')
    await at.run(['in', 'w2', '--why', 'contain'])
    const {code, stdout} = await at.run(['watch', '--once', '--json'])
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({what: 'looked', rods: [expect.objectContaining({rod: 'w2', status: 'inserted'})]})])
  })

  it('reminds at half of the time and at its end, each once with two watchers', async () => {
    workspace([rod('w3')])
    await at.run(['in', 'w3', '--why', 'contain', '--expires', '8s'])
    await watching(
      [],
      () => untilSo(async () => (await events()).some(({kind, data}) => kind === 'rod.reminded' && data['stage'] === 'due')).then(() => sleep(1500)),
      2,
    )
    const stages = (await events()).filter(({kind}) => kind === 'rod.reminded').map(({data}) => data['stage'])
    expect(['half,due', 'due']).toContain(stages.join())
    expect((await at.run(['note', 'x'])).stderr).toContain('! rod w3: its expiry is OVERDUE')
  })

  it('with --once begins a release too, and gives up on a guard that is not good: the next look goes on', async () => {
    const release = `withdraw: {dwell: 300ms, guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}, back: {gt: 40}}}`
    workspace([rod('w6', 'on_expiry: release', release)])
    await at.run(['in', 'w6', '--why', 'contain', '--expires', '1s'])
    await sleep(1100)
    gauge.value = 25
    const waits = await at.run(['watch', '--once'])
    expect([waits.code, waits.stderr, switches.of('w6').position]).toEqual([
      1,
      expect.stringContaining('its guard is not good: w6 stays where it is'),
      'inserted',
    ])
    gauge.value = 3
    const released = await at.run(['watch', '--once'])
    expect([released.code, released.stdout, switches.of('w6').position]).toEqual([0, expect.stringContaining('no rod is in'), 'withdrawn'])
  })

  it('releases at its expiry only what asked for it, and only through its guard', async () => {
    const release = `withdraw: {dwell: 300ms, guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}, back: {gt: 40}}}`
    workspace([rod('w4', 'on_expiry: release', release), rod('w5')])
    for (const id of ['w4', 'w5']) await at.run(['in', id, '--why', 'contain', '--expires', '1s'])
    gauge.value = 25
    await watching([], () => sleep(5000))
    expect(switches.of('w4').position).toBe('inserted')
    gauge.value = 3
    await watching([], () => untilSo(async () => switches.of('w4').position === 'withdrawn').then(() => sleep(2000)))
    expect(switches.of('w5').position).toBe('inserted')
    const out = (await events()).findLast(({kind}) => kind === 'rod.withdrawn')
    expect(out).toMatchObject({actor: {kind: 'watch'}, data: {rod: 'w4'}})
  })
})

describe('a release', () => {
  const release = () =>
    `withdraw: {dwell: 300ms, guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}, back: {gt: 40}}}`

  it('that waits for its guard ends when somebody extends the rod, and is started by one of two watchers', async () => {
    workspace([rod('r1', 'on_expiry: release', release())])
    gauge.value = 25
    await at.run(['in', 'r1', '--why', 'contain', '--expires', '1s'])
    const ends = await watching(
      [],
      async () => {
        await sleep(6000)
        await at.run(['rod', 'extend', 'r1', '--expires', '1h', '--why', 'still needed'])
        gauge.value = 3
        await sleep(3000)
      },
      2,
    )
    expect(switches.of('r1').position).toBe('inserted')
    expect(await kinds()).not.toContain('rod.withdrawing')
    for (const {stderr} of ends) expect(stderr).not.toMatch(/^! rod r1: .*(?:is moving|is not)/m)
  })
})

describe('a journal that another process keeps locked', () => {
  it('is waited for when the rod has moved: the outcome is no less a fact', async () => {
    workspace([rod('j1')])
    const one = Object.assign(switches.of('j1'), {mood: 'slow'} as const)
    const going = at.run(['in', 'j1', '--why', 'contain'])
    await untilSo(async () => one.calls.length === 1)
    const other = new DatabaseSync(join(at.home, 'record/journal.db'), {timeout: 1000})
    other.exec('begin immediate')
    await sleep(8000)
    other.exec('rollback')
    other.close()
    const {code, stdout} = await going
    expect([code, stdout]).toEqual([0, expect.stringContaining('j1 inserted; the probe agrees')])
    expect(await kinds()).toEqual(['rod.inserting', 'rod.inserted'])
  })
})

requireTool('redis-server')('a rod whose target lets go by itself is not extended behind its back, but inserted again', async () => {
  const redis = await startRedis()
  try {
    const rodLines = [
      '  x1:',
      '    title: Pause',
      '    what: Mail is queued',
      '    spares: All else',
      '    driver: redis',
      `    with: {url: "unix:${redis.socket}", password: "env:REDIS_PASSWORD", key: pause}`,
      '    probe: none',
      '    because: The key is read back',
      '    on_expiry: release',
    ]
    workspace([rodLines.join('\n')])
    const env = {REDIS_PASSWORD: redis.password}
    await at.run(['in', 'x1', '--why', 'contain', '--expires', '10m'], {env})
    const before = Number(await redis.cli('PTTL', 'pause'))
    expect([before > 300_000, before <= 600_000]).toEqual([true, true])
    const refused = await at.run(['rod', 'extend', 'x1', '--expires', '2h', '--why', 'longer'], {env})
    expect([refused.code, refused.stderr]).toEqual([77, expect.stringContaining('scram in x1 --expires 1h --why TEXT')])
    await at.run(['in', 'x1', '--why', 'longer', '--expires', '1h'], {env})
    expect(Number(await redis.cli('PTTL', 'pause'))).toBeGreaterThan(600_000)
  } finally {
    await redis.stop()
  }
})

describe('a rod that never moved', () => {
  it('is asked about as withdrawn', async () => {
    workspace([rod('n1'), rod('n2')])
    expect((await at.run(['rod', 'verify', 'n1'])).code).toBe(0)
    expect((await at.run(['rod', 'verify', 'n1'])).code).toBe(0)
    switches.of('n2').position = 'inserted'
    expect((await at.run(['rod', 'verify', 'n2'])).code).toBe(1)
    expect((await at.run([])).stdout).toMatch(/n2 JAMMED and still in/)
  })
})

describe('a move that was cut off', () => {
  it.each([
    ['before the call is answered', 'hanging', 200],
    ['after the call, before users see it', 'well', 60_000],
  ] as const)('%s: printed as unknown, settled by asking, never sent a third time', async (when, mood, lagMs) => {
    const id = `k${when.length}`
    workspace([rod(id)])
    const one = Object.assign(switches.of(id), {mood, lagMs})
    let pid = 0
    const going = at.run(['in', id, '--why', 'contain'], {started: started => (pid = started)})
    await untilSo(async () => one.calls.length === 1)
    process.kill(pid, 'SIGKILL')
    await going
    expect(await kinds()).toEqual(['rod.inserting'])
    expect((await at.run([])).stdout).toMatch(new RegExp(`${id} UNKNOWN: inserting began`))
    Object.assign(one, {mood: 'well', lagMs: 0})
    const verified = await at.run(['rod', 'verify', id])
    if (mood === 'hanging') {
      expect(verified.code).toBe(1)
      expect((await at.run(['in', id, '--why', 'again'])).code).toBe(0)
    } else expect(verified.code).toBe(0)
    expect([one.position, one.calls.length <= 2]).toEqual(['inserted', true])
  })
})

describe('two people at one rod', () => {
  it('who asks while the other one moves it is told to wait, and has nothing recorded', async () => {
    workspace([rod('p2').replace('timeout: 2s', 'timeout: 60s')])
    const one = Object.assign(switches.of('p2'), {mood: 'hanging'} as const)
    let pid = 0
    const going = at.run(['in', 'p2', '--why', 'contain'], {started: started => (pid = started)})
    await untilSo(async () => one.calls.length === 1)
    const asked = await at.run(['rod', 'verify', 'p2'])
    expect([asked.code, asked.stderr]).toEqual([75, expect.stringContaining('is moving p2')])
    expect(await kinds()).toEqual(['rod.inserting'])
    process.kill(pid, 'SIGKILL')
    await going
    expect((await at.run(['rod', 'verify', 'p2'])).code).toBe(1)
  })

  it('an insertion is heard by a withdrawal that still waits for its guard', async () => {
    const guarded = `withdraw: {dwell: 300ms, guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}}}`
    workspace([rod('p3', guarded)])
    gauge.value = 25
    await at.run(['in', 'p3', '--why', 'contain'])
    let said = ''
    const going = at.run(['out', 'p3'], {heard: text => (said += text)})
    await untilSo(async () => said.includes('waiting at inserted'))
    expect((await at.run(['in', 'p3', '--why', 'still needed'])).code).toBe(0)
    gauge.value = 3
    const {code, stderr} = await going
    expect([code, stderr]).toEqual([77, expect.stringContaining('moved p3 meanwhile (still needed)')])
    expect(switches.of('p3').position).toBe('inserted')
  })

  it('an insertion waits for nobody; the withdrawal it meets ends, and is told who', async () => {
    const guarded = `withdraw: {dwell: 5s, guard: {http: {url: "${gauge.url}", json: $.q, timeout: 500ms}, every: 50ms, advance: {lte: 10}}}`
    workspace([rod('p1', guarded)])
    gauge.value = 3
    await at.run(['in', 'p1', '--why', 'contain'])
    let pid = 0
    const going = at.run(['out', 'p1'], {started: started => (pid = started)})
    await untilSo(async () => switches.of('p1').position === 'half', 60_000)
    const busy = await at.run(['out', 'p1'])
    expect([busy.code, busy.stderr]).toEqual([75, expect.stringContaining('is moving p1; nothing was sent')])
    const inserted = await at.run(['in', 'p1', '--why', 'it is worse', '--override', 'cooldown'])
    expect(inserted.code).toBe(0)
    const {code, stderr} = await going
    expect([code, stderr]).toEqual([77, expect.stringContaining('moved p1 meanwhile (it is worse)')])
    expect([pid > 0, switches.of('p1').position]).toEqual([true, 'inserted'])
    expect((await events()).find(({data}) => data['unfenced'] === true)).toMatchObject({kind: 'rod.inserting'})
  })
})
