import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {systemClock} from '../../src/lib/clock.ts'
import {carryOut} from '../../src/rods/carry-out.ts'
import {observe} from '../../src/rods/observe.ts'
import type {RodSection} from '../../src/rods/open-rod.ts'
import {rodOf} from './open-driver.ts'
import {type UserServer, userServer} from './probes/user-server.ts'

/** An edge with an admin side: a share of the requests is refused, or a rate admitted; it may lie about having done it. */
interface Edge {
  setting: unknown
  isLying: boolean
}

let server: UserServer
let edge: Edge
let admitted: number
beforeEach(async () => {
  edge = {setting: 0, isLying: false}
  admitted = 0
  let asked = 0
  server = await userServer(async (request, response) => {
    if (request.url === '/admin' && request.method === 'PUT') {
      const {value} = JSON.parse(Buffer.concat(await request.toArray()).toString()) as {value: unknown}
      if (!edge.isLying) edge.setting = value
      response.end()
    } else if (request.url === '/admin') response.end(JSON.stringify({value: edge.setting, admitted}))
    else response.writeHead((asked++ * 37) % 100 < shareNow() ? 429 : 200).end() // spread evenly
  })
})
afterEach(() => server.close())
const shareNow = () => (typeof edge.setting === 'number' ? edge.setting : 0)

const admin = () => ({
  driver: 'http',
  with: {set: {method: 'PUT', url: `${server.base}/admin`, json: {value: '{value}'}}, get: {url: `${server.base}/admin`, json: '$.value'}},
  verify: {timeout: 3000, every: 50, consecutive: 3},
})
async function move(section: Partial<RodSection>, to: string) {
  const rod = rodOf(section)
  const signal = AbortSignal.timeout(60_000)
  const before = await observe(rod, signal, systemClock)
  const {kind, data} = await carryOut(rod, before, {to, why: 'contain', fence: 1}, {clock: systemClock, signal})
  return {kind, position: data.effective?.position, evidence: data.effective?.evidence}
}

describe('a percent rod, measured on a real server', () => {
  // 100 samples: every share is met exactly, the server counts.
  const percent = (): Partial<RodSection> => ({
    ...admin(),
    positions: {percent: {step: 50}},
    probe: {http: {url: `${server.base}/api`, method: 'GET', headers: {}, timeout: 2000, expect: {}, share: {status: 429, samples: 100, tolerance: 15}}},
  })

  it('is in at its position after one look', async () => {
    const {kind, position, evidence} = await move(percent(), '50%')
    expect({kind, position}).toEqual({kind: 'rod.inserted', position: '50%'})
    expect(evidence).toBe('50 of 100 = 50.0 % are 429')
    expect(server.requests.filter(({url}) => url === '/api').length).toBe(100)
  })

  it('is in at a share it does not list, with the control side', async () => {
    expect(await move(percent(), '37%')).toMatchObject({kind: 'rod.inserted', position: '37%', evidence: expect.stringContaining('fits 50% and 37% alike')})
  })

  it('is unverified where the admin side lies', async () => {
    edge.isLying = true
    expect(await move(percent(), '100%')).toMatchObject({kind: 'rod.unverified', position: 'withdrawn'})
  })
})

describe('a rate rod, measured on a real server', () => {
  const rate = (): Partial<RodSection> => ({
    ...admin(),
    positions: {rate: [0, 10, 'none']},
    with: {...admin().with, values: {none: null, '10': '10', '0': 100}},
    probe: {
      http: {
        url: `${server.base}/api`,
        method: 'GET',
        headers: {},
        timeout: 2000,
        expect: {none: {status: 200}, '0': {status: 429}},
        count: {url: `${server.base}/admin`, json: '$.admitted', over: 1000},
      },
    },
  })

  it('is in at a rate, fully in, and out again', async () => {
    edge.setting = null
    expect(await move(rate(), '10/s')).toMatchObject({kind: 'rod.inserted', position: '10/s', evidence: expect.stringContaining('grew by 0 in')})
    expect(await move(rate(), '0/s')).toMatchObject({kind: 'rod.inserted', position: '0/s'})
    expect(await move(rate(), 'withdrawn')).toMatchObject({kind: 'rod.withdrawn', position: 'withdrawn'})
  })

  it('is not out because lone requests are admitted at 10/s and the admin side said OK', async () => {
    edge.setting = '10'
    edge.isLying = true
    expect(await move(rate(), 'withdrawn')).toMatchObject({kind: 'rod.unverified', position: 'unknown'})
  })

  it('is unverified while more is admitted than the rate allows', async () => {
    edge.setting = null
    const demand = setInterval(() => admitted++, 5)
    expect(await move(rate(), '10/s')).toMatchObject({kind: 'rod.unverified', evidence: expect.stringContaining('more than any rate admits')})
    clearInterval(demand)
  })
})
