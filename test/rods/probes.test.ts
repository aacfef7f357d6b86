import {createServer, type Server, type ServerResponse} from 'node:http'
import {type AddressInfo, createServer as createTcp} from 'node:net'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {ProbeSection} from '../../src/rods/open-probe.ts'
import {listPositions} from '../../src/rods/position.ts'
import {rodOf} from './open-driver.ts'

type HttpProbe = NonNullable<ProbeSection['http']>

let server: Server
let base: string
let answer: (response: ServerResponse) => void
let seen: {headers: Record<string, unknown>; sockets: Set<unknown>}
beforeEach(async () => {
  seen = {headers: {}, sockets: new Set()}
  answer = response => response.end('ok')
  server = createServer((request, response) => {
    seen.headers = request.headers
    seen.sockets.add(request.socket)
    answer(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const look = async (section: ProbeSection, positions = ['withdrawn', 'drain', 'inserted'], secrets = {}) => {
  const [probe] = await rodOf({probe: section, positions}, {secrets}).probes()
  return (await probe?.look(AbortSignal.timeout(3000))) ?? Promise.reject(new Error('there is no probe'))
}
const http = (expected: HttpProbe['expect'], more: Partial<HttpProbe> = {}): ProbeSection => ({
  http: {url: `${base}/`, method: 'GET', headers: {}, timeout: 500, expect: expected, ...more},
})
const answers = (status: number, headers = {}, body = '') => {
  answer = response => response.writeHead(status, headers).end(body)
}

describe('an HTTP probe', () => {
  const expected = {withdrawn: {status: [200, 401]}, inserted: {status: 503, header: {'Retry-After': '*', 'X-Rod': 'api'}}}

  it.each([
    [200, {}, 'withdrawn'],
    [401, {}, 'withdrawn'],
    [503, {'retry-after': '120', 'x-rod': 'api'}, 'inserted'],
    [503, {'retry-after': '120', 'x-rod': 'another'}, 'unknown'],
    [503, {'x-rod': 'api'}, 'unknown'],
    [500, {}, 'unknown'],
    [302, {location: '/login'}, 'unknown'],
  ])('takes %i with %j for %s', async (status, headers, position) => {
    answers(status, headers)
    const {evidence, ...seen} = await look(http(expected))
    expect(seen.position).toBe(position)
    expect(evidence).toMatch(/^\d{3}, /)
  })

  it.each([
    ['{"mailers":{"paused":true},"up":11}', 'inserted'],
    ['{"mailers":{"paused":false},"up":12}', 'withdrawn'],
    ['{"mailers":{"paused":true},"up":"12"}', 'unknown'],
    ['{"mailers":{}}', 'unknown'],
    ['<h1>Please log in</h1>', 'unknown'],
  ])('reads %s as %s', async (body, position) => {
    answers(200, {}, body)
    const withdrawn = {json: {path: '$.up', gte: 12}}
    const inserted = {json: {path: '$.mailers.paused', eq: true}, body: '"up":11'}
    expect((await look(http({withdrawn, inserted}))).position).toBe(position)
  })

  it('an answer that fits two positions is unknown, and says which', async () => {
    answers(503)
    const {position, fits, evidence} = await look(http({withdrawn: {status: 200}, drain: {status: 503}, inserted: {status: 503}}))
    expect({position, fits}).toEqual({position: 'unknown', fits: ['drain', 'inserted']})
    expect(evidence).toContain('fits drain and inserted alike')
  })

  it('tells fast from slow where latency is the effect', async () => {
    answer = response => setTimeout(() => response.end(), 100)
    expect((await look(http({withdrawn: {latency: {lt: 50}}, inserted: {latency: {gte: 50}}}))).position).toBe('inserted')
  })

  it('nobody there is unknown, unless a refused connection is the effect', async () => {
    await new Promise(resolve => server.close(resolve))
    expect((await look(http(expected))).position).toBe('unknown')
    expect((await look(http({withdrawn: {status: 200}, inserted: {error: 'ECONNREFUSED'}}))).position).toBe('inserted')
  })

  it('nobody there under both addresses of a name is refused all the same', async () => {
    await new Promise(resolve => server.close(resolve))
    const url = base.replace('127.0.0.1', 'localhost')
    expect((await look(http({withdrawn: {status: 200}, inserted: {error: 'ECONNREFUSED'}}, {url}))).position).toBe('inserted')
  })

  it('a long page is judged by its beginning', async () => {
    answers(200, {}, `<h1>Welcome</h1>${'x'.repeat(200_000)}the end`)
    const seen = await look(http({withdrawn: {status: 200, body: 'Welcome'}, inserted: {status: 200, body: 'the end'}}))
    expect(seen.position).toBe('withdrawn')
    expect(seen.evidence).toMatch(/^200, first 64 KiB of body [0-9a-f]{8} in \d+ ms$/)
  })

  it('silence is unknown when its timeout is over', async () => {
    answer = () => {}
    expect((await look(http(expected, {timeout: 50}))).position).toBe('unknown')
  })

  it('names itself, takes a fresh connection each time, and shows no secret', async () => {
    answers(200)
    const section = http(expected, {url: `${base}/?key=1`, headers: {Authorization: 'Bearer env:T'}})
    const [probe] = await rodOf({probe: section}, {secrets: {'env:T': 'canary-8'}}).probes()
    const looks = [await probe?.look(AbortSignal.timeout(1000)), await probe?.look(AbortSignal.timeout(1000))]
    expect(seen.sockets.size).toBe(2)
    expect(seen.headers).toMatchObject({authorization: 'Bearer canary-8', 'user-agent': 'scram-probe'})
    expect(JSON.stringify([probe?.name, looks])).not.toMatch(/canary|key=1/)
  })

  it('a hostile body or header leaves no trace in the evidence', async () => {
    answers(503, {'retry-after': 'caf\u00e9\u009b2J', 'x-rod': 'api'}, '\u001b[2Jbody')
    expect((await look(http(expected))).evidence).toMatch(/^[\x20-\x7e]+$/)
  })

  it('Ctrl-C passes through', async () => {
    answer = () => {}
    const [probe] = await rodOf({probe: http(expected)}).probes()
    const ctrlC = new AbortController()
    setTimeout(() => ctrlC.abort(), 20)
    await expect(probe?.look(ctrlC.signal)).rejects.toMatchObject({name: 'AbortError'})
  })
})

describe('a command probe', () => {
  const command = (argv: string[], expected: Record<string, {exit?: number; stdout?: string}>): ProbeSection => ({
    // Time enough to start a program on a busy machine, except for the one that never ends.
    command: {argv, timeout: argv[0] === 'sleep' ? 300 : 5000, expect: expected},
  })

  it.each([
    [['true'], 'withdrawn'],
    [['false'], 'inserted'],
    [['sh', '-c', 'exit 7'], 'unknown'],
    [['sleep', '60'], 'unknown'],
    [['/no/such/probe'], 'unknown'],
  ])('takes %j for %s by its exit', async (argv, position) => {
    expect((await look(command(argv, {withdrawn: {exit: 0}, inserted: {exit: 1}}))).position).toBe(position)
  })

  it('is named in one printable line, whatever its argv', async () => {
    const hostile = '/no/such\n\u001b[31mprobe'
    const section = command([hostile, 'a b', '\u0007'], {withdrawn: {exit: 0}, inserted: {exit: 1}})
    expect((await look(section)).evidence).toBe("'…' cannot be run (ENOENT)")
    const [probe] = await rodOf({probe: section}).probes()
    expect(probe?.name).toBe("command '…' 'a b' '…'")
  })

  it('compares stdout whole, trimmed', async () => {
    const expected = {withdrawn: {stdout: 'v1'}, inserted: {stdout: 'v10'}}
    expect((await look(command(['echo', 'v10'], expected))).position).toBe('inserted')
    expect((await look(command(['echo', 'v1 '], expected))).position).toBe('withdrawn')
    expect((await look(command(['echo', 'v100'], expected))).position).toBe('unknown')
  })
})

describe('a tcp probe', () => {
  it('tells open from refused', async () => {
    const tcp = createTcp()
    await new Promise<void>(resolve => tcp.listen(0, '127.0.0.1', resolve))
    const {port} = tcp.address() as AddressInfo
    const section: ProbeSection = {tcp: {host: '127.0.0.1', port, timeout: 500, expect: {withdrawn: 'open', inserted: 'refused'}}}
    expect((await look(section)).position).toBe('withdrawn')
    await new Promise(resolve => tcp.close(resolve))
    expect((await look(section)).position).toBe('inserted')
  })
})

describe('the expectations of a probe', () => {
  it('know rates and shares as they are typed', async () => {
    answers(503)
    expect((await look(http({none: {status: 200}, '0': {status: 503}}), [...listPositions({rate: [0, 10, 'none']})])).position).toBe('0/s')
  })

  it.each([
    [{withdrawn: {status: 200}}, 'probe.http.expect: must say what withdrawn looks like'],
    [{inserted: {status: 200}, drain: {status: 429}}, 'probe.http.expect: must say'],
    [{withdrawn: {status: 200}, gone: {status: 500}}, 'probe.http.expect.gone: "gone" is no position of this rod; it has withdrawn, drain, inserted'],
  ])('%j cannot decide anything and are refused with their place', async (expected, message) => {
    await expect(look(http(expected))).rejects.toMatchObject({code: 'config.invalid', message: expect.stringContaining(message)})
  })
})
