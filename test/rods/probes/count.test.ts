import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {HttpProbeSection} from '../../../src/rods/open-probe.ts'
import {rodOf} from '../open-driver.ts'
import {type UserServer, userServer} from './user-server.ts'

const never = new AbortController().signal
const OVER_MS = 2000

/** Admits a rate as a token bucket does, of a demand of a request every 5 ms; `limit` null: everybody. */
interface World {
  limit: number | null
  admitted: unknown
  demand: NodeJS.Timeout
}

let server: UserServer
let world: World
beforeEach(async () => {
  let tokens = 0
  let filledAt = performance.now()
  const isAdmitted = () => {
    if (world.limit === null) return true
    tokens = Math.min(1, tokens + ((performance.now() - filledAt) * world.limit) / 1000)
    filledAt = performance.now()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
  const ask = () => {
    const isIn = isAdmitted()
    if (isIn && typeof world.admitted === 'number') world.admitted += 1
    return isIn
  }
  world = {limit: null, admitted: 0, demand: setInterval(ask, 5)}
  server = await userServer((request, response) => {
    if (request.url === '/stats') response.end(JSON.stringify({n: {admitted: world.admitted}}))
    else response.writeHead(ask() ? 200 : 503).end()
  })
})
afterEach(() => {
  clearInterval(world.demand)
  return server.close()
})

const section = (more: Partial<HttpProbeSection> = {}): HttpProbeSection => ({
  url: `${server.base}/health`,
  method: 'GET',
  headers: {},
  timeout: 2000,
  expect: {withdrawn: {status: 200}, '0/s': {status: 503}},
  count: {url: `${server.base}/stats`, json: '$.n.admitted', over: OVER_MS},
  ...more,
})
const opened = async (more: Partial<HttpProbeSection> = {}) => {
  const rod = {positions: {rate: [0, 10, 20, 'none' as const]}, verify: {timeout: 30_000, every: 5, consecutive: 3}, probe: {http: section(more)}}
  const [probe] = await rodOf(rod, {secrets: {'env:T': 'canary-6'}}).probes()
  return probe ?? Promise.reject(new Error('there is no probe'))
}

describe('a probe that counts', () => {
  it('sees a rate that is kept: at most 1.2 times as many, with the control side', async () => {
    world.limit = 10
    const look = await (await opened()).look(never, '10/s')
    expect(look).toMatchObject({position: 'unknown', fits: ['20/s', '10/s'], needsReadBack: true})
    expect(look.evidence).toMatch(/^\$\.n\.admitted grew by \d+ in [2-4]\.\d s = \d+\.\d\/s, fits 20\/s and 10\/s$/)
  })

  it('sees that more is admitted than was wanted, and than any rate admits', async () => {
    world.limit = 20
    expect((await (await opened()).look(never, '10/s')).fits).toEqual(['20/s'])
    world.limit = null
    expect(await (await opened()).look(never, '10/s')).toMatchObject({position: 'withdrawn', fits: ['withdrawn']})
  })

  it('less demand is as good', async () => {
    clearInterval(world.demand)
    expect((await (await opened()).look(never, '10/s')).fits).toContain('10/s')
  })

  it('sees the ends by one answer, and believes neither alone: at 10/s a lone request is admitted', async () => {
    const probe = await opened()
    expect(await probe.look(never, 'withdrawn')).toMatchObject({position: 'withdrawn', needsReadBack: true})
    world.limit = 0
    expect(await probe.look(never, '0/s')).toMatchObject({position: '0/s', needsReadBack: true})
    clearInterval(world.demand)
    world.limit = 10
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(await probe.look(never, 'withdrawn')).toMatchObject({position: 'withdrawn', needsReadBack: true})
  })

  it('is many samples in between, and one at the ends', async () => {
    const probe = await opened()
    expect([probe.isSampled?.('10/s'), probe.isSampled?.('0/s'), probe.isSampled?.('withdrawn'), probe.isSampled?.()]).toEqual([true, false, false, false])
    expect(probe.name).toBe(`GET ${server.base}/health, growth of $.n.admitted of GET ${server.base}/stats`)
  })

  it.each([['12'], [null], [-1000], [undefined]])('a counter that reads %j is unknown', async admitted => {
    world.admitted = admitted
    const look = await (await opened()).look(never, '10/s')
    expect(look).toMatchObject({position: 'unknown', fits: []})
    expect(look.evidence).toContain('is no number')
  })

  it('a counter that went back, or is gone, is unknown', async () => {
    const probe = await opened()
    world.admitted = 1000
    const looking = probe.look(never, '10/s')
    setTimeout(() => {
      world.admitted = 0
    }, 500)
    expect((await looking).evidence).toMatch(/went back, from 1\d{3} to \d+/)
    await server.close()
    expect(await probe.look(never, '10/s')).toMatchObject({position: 'unknown', fits: []})
    server = await userServer()
  })

  it('takes its headers to the counter on the same host, and to no other', async () => {
    const other = await userServer((_, response) => response.end('{"n":{"admitted":5}}'))
    const headers = {authorization: 'Bearer env:T'}
    await (await opened({headers})).look(never, '10/s')
    expect(server.requests.at(-1)?.headers).toMatchObject({authorization: 'Bearer canary-6'})
    await (await opened({headers, count: {url: `${other.base}/stats`, json: '$.n.admitted', over: OVER_MS}})).look(never, '10/s')
    expect(other.requests).toHaveLength(2)
    expect(other.requests[0]?.headers.authorization).toBeUndefined()
    await other.close()
  })

  it('passes Ctrl-C on while it waits; a deadline is no answer', async () => {
    const probe = await opened()
    const ctrlC = new AbortController()
    setTimeout(() => ctrlC.abort(), 200)
    await expect(probe.look(ctrlC.signal, '10/s')).rejects.toMatchObject({name: 'AbortError'})
    const late = await probe.look(AbortSignal.timeout(600), '10/s')
    expect(late).toMatchObject({position: 'unknown', fits: []})
    expect(late.evidence).toContain('before the deadline')
  })
})
