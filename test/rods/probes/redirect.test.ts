import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {HttpProbeSection} from '../../../src/rods/open-probe.ts'
import {rodOf} from '../open-driver.ts'
import {type UserServer, userServer} from './user-server.ts'

let here: UserServer
let elsewhere: UserServer
beforeEach(async () => {
  here = await userServer()
  elsewhere = await userServer()
})
afterEach(() => Promise.all([here.close(), elsewhere.close()]))

const headers = {Authorization: 'Bearer env:T', 'X-Api-Key': 'literal', Accept: 'text/html'}
const look = async (more: Partial<HttpProbeSection> = {}) => {
  const expect = {withdrawn: {status: 200}, inserted: {status: 503}}
  const section = {url: `${here.base}/start`, method: 'GET', headers, timeout: 2000, expect, ...more}
  const [probe] = await rodOf({probe: {http: section}}, {secrets: {'env:T': 'canary-5'}}).probes()
  return (await probe?.look(AbortSignal.timeout(5000))) ?? Promise.reject(new Error('there is no probe'))
}
const leads = (server: UserServer, path: string, location: string, status = 302) => {
  const before = server.answer
  server.answer = (request, response) => (request.url === path ? response.writeHead(status, {location}).end() : before(request, response))
}

describe('a probe that meets a redirect', () => {
  it('follows none by itself: a login page is not the service', async () => {
    leads(here, '/start', '/login')
    expect((await look()).position).toBe('unknown')
    expect(here.requests).toHaveLength(1)
  })

  it('follows as many as it may, over fresh connections, and tells so', async () => {
    leads(here, '/start', 'next')
    leads(here, '/next', '/last', 308)
    const {position, evidence} = await look({redirect: 2})
    expect(position).toBe('withdrawn')
    expect(evidence).toMatch(/^200, body [0-9a-f]{8}, after 2 redirects in \d+ ms$/)
    expect(here.requests.map(({url}) => url)).toEqual(['/start', '/next', '/last'])
    expect(new Set(here.requests.map(({socket}) => socket)).size).toBe(3)
    expect(here.requests[2]?.headers).toMatchObject({authorization: 'Bearer canary-5', 'user-agent': 'scram-probe'})
    expect((await look({redirect: 1, expect: {withdrawn: {status: 200}, inserted: {status: 308}}})).position).toBe('inserted')
  })

  it('takes none of its headers to another host, nor back again', async () => {
    leads(here, '/start', `${elsewhere.base}/there`)
    leads(elsewhere, '/there', `${here.base}/back`)
    expect((await look({redirect: 2})).position).toBe('withdrawn')
    for (const request of [elsewhere.requests[0], here.requests[1]]) {
      expect(JSON.stringify(request?.headers)).not.toMatch(/canary|literal/)
      expect(request?.headers).toMatchObject({'user-agent': 'scram-probe'})
      expect(request?.headers.accept).toBeUndefined()
    }
  })

  it.each(['', 'ftp://127.0.0.1/x', 'http://', 'javascript:alert(1)'])('to %j stays with the redirect as the answer', async location => {
    here.answer = (_, response) => response.writeHead(302, location === '' ? {} : {location}).end()
    expect((await look({redirect: 5, expect: {withdrawn: {status: 200}, inserted: {status: 302}}})).position).toBe('inserted')
    expect(here.requests).toHaveLength(1)
  })

  it('that goes in circles ends with the last allowed', async () => {
    leads(here, '/start', '/start')
    expect((await look({redirect: 5})).position).toBe('unknown')
    expect(here.requests).toHaveLength(6)
  })

  it('asks on with GET where a POST was answered elsewhere', async () => {
    leads(here, '/start', '/done', 303)
    await look({redirect: 1, method: 'POST'})
    expect(here.requests.map(({method}) => method)).toEqual(['POST', 'GET'])
    leads(here, '/start', '/done', 307)
    await look({redirect: 1, method: 'POST'})
    expect(here.requests.slice(2).map(({method}) => method)).toEqual(['POST', 'POST'])
  })

  it('is not refused when only a later host refuses: that is not the effect', async () => {
    leads(here, '/start', elsewhere.base)
    await elsewhere.close()
    const {position, evidence} = await look({redirect: 1, expect: {withdrawn: {status: 200}, inserted: {error: 'ECONNREFUSED'}}})
    expect(position).toBe('unknown')
    expect(evidence).toContain('after a redirect')
    elsewhere = await userServer()
  })

  it('has one timeout for the whole way', async () => {
    leads(here, '/start', '/slow')
    const quick = here.answer
    here.answer = (request, response) => setTimeout(() => quick(request, response), 300)
    expect((await look({redirect: 1, timeout: 450})).position).toBe('unknown')
    expect((await look({redirect: 1, timeout: 5000, expect: {withdrawn: {latency: {gte: 550}}, inserted: {latency: {lt: 550}}}})).position).toBe('withdrawn')
  })
})
