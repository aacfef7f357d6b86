import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {Clock} from '../../../src/lib/clock.ts'
import type {NoAnswer} from '../../../src/lib/no-answer.ts'
import {listPositions} from '../../../src/rods/position.ts'
import {shareProbe} from '../../../src/rods/probes/share.ts'
import type {Answer} from '../../../src/rods/probes/user-request.ts'
import {rodOf} from '../open-driver.ts'
import {type UserServer, userServer} from './user-server.ts'

const positions = listPositions({percent: {step: 25}})
const never = new AbortController().signal

/** The same figures in every run of the tests (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A clock that jumps over every wait. */
function instantClock(): Clock {
  let ticks = 0
  return {
    now: () => ticks,
    ticks: () => ticks,
    async sleep(ms) {
      ticks += ms
    },
  }
}

const answered = (status: number): Answer => ({status, headers: {}, body: '', isCut: false, latencyMs: 1, redirects: 0})
const SILENT: NoAnswer = {status: null, wasSent: true, errno: null, reason: 'no complete answer within 5 s'}

function simulated(send: () => Answer | NoAnswer, admitted?: {status: number}) {
  const request = {name: 'GET /ping', reaches: [], send: async () => send()}
  return shareProbe({request, status: 429, samples: 400, tolerance: 8, timeoutMs: 5000, positions, admitted, maskedBy: [], clock: instantClock()})
}

/** How many of `runs` looks agree with `wanted` where `share` percent are refused. */
async function agreeing(runs: number, share: number, wanted: string, seed: number): Promise<number> {
  const random = seeded(seed)
  const probe = simulated(() => answered(random() * 100 < share ? 429 : 200))
  let agreed = 0
  for (let run = 0; run < runs; run++) if ((await probe.look(never, wanted)).fits.includes(wanted)) agreed++
  return agreed
}

describe('a share of 400 samples, tolerance 8, in simulation', () => {
  it.each(['withdrawn', '25%', '50%', '100%'])('at %s raises fewer than 1 false alarm in 100: 1,000 runs', async wanted => {
    const share = wanted === 'withdrawn' ? 0 : Number.parseInt(wanted, 10)
    expect(await agreeing(1000, share, wanted, 2012)).toBeGreaterThan(990)
  })

  it.each([
    ['withdrawn', 12],
    ['withdrawn', 25],
    ['25%', 0],
    ['25%', 10],
    ['25%', 40],
    ['50%', 25],
    ['50%', 35],
    ['50%', 100],
    ['100%', 88],
    ['100%', 75],
  ])('wanted %s is not seen where %i %% are refused', async (wanted, share) => {
    expect(await agreeing(200, share, wanted, 607)).toBeLessThanOrEqual(10)
  })

  it('at the wrong listed share names the right one, on a fraction of the samples', async () => {
    const random = seeded(7)
    let sent = 0
    const probe = simulated(() => {
      sent++
      return answered(random() < 0.25 ? 429 : 200)
    })
    const looks = []
    for (let run = 0; run < 100; run++) looks.push(await probe.look(never, '100%'))
    expect(looks.filter(({position}) => position === '25%').length).toBeGreaterThan(95)
    expect(sent / 100).toBeLessThan(250)
  })

  it('says what was measured, and how many samples settled it', async () => {
    let n = 0
    const half = await simulated(() => answered(n++ % 2 === 0 ? 429 : 200)).look(never, '50%')
    expect(half).toEqual({position: '50%', fits: ['50%'], evidence: '200 of 400 = 50.0 % are 429'})
    const none = await simulated(() => answered(200)).look(never, '50%')
    expect(none.position).toBe('withdrawn')
    expect(none.evidence).toMatch(/^0 of (\d{2}) = 0\.0 % are 429, settled without \d{3} more$/)
  })

  it('a wanted share that the rod does not list is looked for, and fits beside its neighbour', async () => {
    const probe = (ofHundred: number) => {
      let n = 0
      return simulated(() => answered(n++ % 100 < ofHundred ? 429 : 200))
    }
    expect((await probe(33).look(never, '33%')).fits).toEqual(['25%', '33%'])
    expect((await probe(36).look(never, '33%')).fits).toEqual(['33%'])
    expect((await probe(36).look(never)).fits).toEqual([])
    expect((await probe(5).look(never, '5%')).fits).toEqual(['withdrawn', '5%'])
  })

  it('what cannot be told counts for neither side', async () => {
    let n = 0
    const some = await simulated(() => (++n % 20 === 0 ? SILENT : answered(n % 2 === 0 ? 429 : 200))).look(never, '50%')
    expect(some.position).toBe('50%')
    expect(some.evidence).toContain('20 cannot be told (no complete answer within 5 s)')
    const none = await simulated(() => SILENT).look(never, 'withdrawn')
    expect(none).toMatchObject({position: 'unknown', fits: []})
    expect(none.evidence).toMatch(/^0 of 70 = 0\.0 % are 429, 70 cannot be told/)
  })

  it('a page of errors is not a rod that is out, where the file says what an admitted request is answered', async () => {
    expect((await simulated(() => answered(502)).look(never, 'withdrawn')).position).toBe('withdrawn')
    expect((await simulated(() => answered(502), {status: 200}).look(never, 'withdrawn')).position).toBe('unknown')
  })
})

describe('a share on a real server', () => {
  let server: UserServer
  beforeEach(async () => {
    server = await userServer()
  })
  afterEach(() => server.close())

  const section = (share: {samples: number; tolerance: number}, step = 50) => ({
    positions: {percent: {step}},
    verify: {timeout: 30_000, every: 5, consecutive: 3},
    probe: {http: {url: `${server.base}/ping`, method: 'GET', headers: {}, timeout: 10_000, expect: {}, share: {status: 429, ...share}}},
  })
  const opened = async (samples: number, tolerance: number) => {
    const [probe] = await rodOf(section({samples, tolerance})).probes()
    return probe ?? Promise.reject(new Error('there is no probe'))
  }

  it('takes every sample over a connection of its own, at most 50 a second', async () => {
    let n = 0
    const at: number[] = []
    server.answer = (_, response) => {
      at.push(performance.now())
      response.writeHead(n++ % 2 === 0 ? 429 : 200).end()
    }
    const probe = await opened(60, 20)
    expect(probe.name).toBe(`GET ${server.base}/ping 60 times`)
    expect(await probe.look(never, '50%')).toEqual({position: '50%', fits: ['50%'], evidence: '30 of 60 = 50.0 % are 429'})
    expect(new Set(server.requests.map(({socket}) => socket)).size).toBe(60)
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(59 * 20 - 100)
  })

  it('refusals that answer sooner than work do not weigh more', async () => {
    let n = 0
    server.answer = (_, response) => {
      if (n++ % 2 === 0) response.writeHead(429).end()
      else setTimeout(() => response.end(), 2000)
    }
    expect((await (await opened(60, 20)).look(never, '50%')).position).toBe('50%')
  })

  it('ends at once with Ctrl-C, and leaves no connection', async () => {
    server.answer = () => {}
    const ctrlC = new AbortController()
    const looking = (await opened(400, 8)).look(ctrlC.signal, '50%')
    await new Promise(resolve => setTimeout(resolve, 200))
    const abortedAt = performance.now()
    ctrlC.abort()
    await expect(looking).rejects.toMatchObject({name: 'AbortError'})
    expect(performance.now() - abortedAt).toBeLessThan(1000)
    await new Promise(resolve => setTimeout(resolve, 100)) // what was connecting still arrives
    const sent = server.requests.length
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(server.requests).toHaveLength(sent)
    expect(server.requests.every(({socket}) => socket.destroyed)).toBe(true)
  })

  it('cut short by a deadline knows nothing, and says how far it came', async () => {
    const {position, fits, evidence} = await (await opened(400, 8)).look(AbortSignal.timeout(300), '50%')
    expect({position, fits}).toEqual({position: 'unknown', fits: []})
    expect(evidence).toMatch(/^0 of \d+( = 0\.0 %)? are 429, cut off before \d{3} more$/)
  })

  it('nobody there is unknown, after a few dozen tries', async () => {
    const probe = await opened(400, 8)
    await server.close()
    const {position, evidence} = await probe.look(never, 'withdrawn')
    expect(position).toBe('unknown')
    expect(evidence).toMatch(/^0 of 70 = 0\.0 % are 429, 70 cannot be told \(no connection \(ECONNREFUSED/)
    server = await userServer()
  })
})
