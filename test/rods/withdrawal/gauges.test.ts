import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {Json} from '../../../src/lib/canonical.ts'
import {systemClock} from '../../../src/lib/clock.ts'
import {commandGauge} from '../../../src/rods/withdrawal/command-gauge.ts'
import {httpGauge} from '../../../src/rods/withdrawal/http-gauge.ts'
import {withdrawGuarded} from '../../../src/rods/withdrawal/withdraw-guarded.ts'
import {rodOf} from '../open-driver.ts'
import {effective} from './driving.ts'

let server: Server
let base: string
let answer: (response: ServerResponse, request: IncomingMessage) => void
let sockets: Set<unknown>
beforeEach(async () => {
  sockets = new Set()
  answer = response => response.end('{"q": 7}')
  server = createServer((request, response) => {
    sockets.add(request.socket)
    answer(response, request)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const secrets: Readonly<Record<string, string>> = {'env:TOKEN': 'canary-3'}
const read = async ({headers = {}, path = '/stats?key=1', timeoutMs = 3000} = {}) => {
  const gauge = await httpGauge({url: base + path, method: 'GET', headers, json: '$.q', timeoutMs}, async reference => secrets[reference] ?? '')
  return {...(await gauge.read(new AbortController().signal)), name: gauge.name}
}
const answers = (status: number, body: string, headers = {}) => {
  answer = response => response.writeHead(status, headers).end(body)
}

describe('an HTTP gauge', () => {
  it.each([
    ['{"q": 12}', 12],
    ['{"q": 0}', 0],
    ['{"q": "green"}', 'green'],
    ['{"q": null}', null],
    ['{"q": true}', true],
  ] as [string, Json][])('reads %s as %j', async (body, value) => {
    answers(200, body)
    expect(await read()).toMatchObject({value, evidence: `GET ${base}/stats $.q = ${typeof value === 'string' ? 'text ba4788b2' : value}`})
  })

  it.each([
    ['an error, whatever stands in it', 500, '{"q": 0}', {}, 'answered 500'],
    ['a redirect to a login page', 302, '{"q": 0}', {location: '/login'}, 'answered 302'],
    ['a login page', 200, '<h1>Please log in</h1>', {'content-type': 'text/html'}, 'not JSON'],
    ['half an answer', 200, '{"q": 1', {}, 'not JSON'],
    ['nothing', 204, '', {}, 'not JSON'],
    ['another document', 200, '{"queue": 0}', {}, 'no such value'],
    ['a body without end', 200, `{"q": 0, "x": "${'x'.repeat(70_000)}"}`, {}, 'longer than 65536 bytes'],
  ])('%s has no value', async (_, status, body, headers, evidence) => {
    answers(status, body, headers)
    const seen = await read()
    expect(seen.value).toBeUndefined()
    expect(seen.evidence).toContain(evidence)
  })

  it.each([
    ['stays silent', () => undefined],
    ['stops in the middle', (response: ServerResponse) => response.writeHead(200, {'content-length': 100}).write('{"q": 0')],
    ['drips', (response: ServerResponse) => response.writeHead(200).write('{"q": 0}')],
    ['resets', (response: ServerResponse) => response.destroy()],
  ])('a server that %s has no value, and ends in time', async (_, act) => {
    answer = response => void act(response)
    const {value, evidence} = await read({timeoutMs: 200})
    expect(value).toBeUndefined()
    expect(evidence).toMatch(/no complete answer/)
  })

  it('nobody there has no value', async () => {
    await new Promise(resolve => server.close(resolve))
    expect(await read()).toMatchObject({value: undefined, evidence: expect.stringContaining('ECONNREFUSED')})
  })

  it('takes a fresh connection each time, says who it is, and shows neither secret nor query', async () => {
    let seen: IncomingMessage['headers'] = {}
    answer = (response, request) => {
      seen = request.headers
      response.end('{"q": "you are canary-3\\u001b[2J"}')
    }
    const looks = [await read({headers: {Authorization: 'Bearer env:TOKEN'}}), await read({headers: {Authorization: 'Bearer env:TOKEN'}})]
    expect(seen).toMatchObject({authorization: 'Bearer canary-3', 'user-agent': 'scram-guard', connection: 'close'})
    expect(sockets.size).toBe(2)
    for (const {name, evidence} of looks) {
      expect(name + evidence).not.toMatch(/canary|key=1/)
      expect(evidence).toMatch(/^[\x20-\x7e]+$/)
    }
  })

  it('Ctrl-C passes through', async () => {
    answer = () => {}
    const gauge = await httpGauge({url: base, method: 'GET', headers: {}, json: '$.q', timeoutMs: 3000}, async () => '')
    const ctrlC = new AbortController()
    setTimeout(() => ctrlC.abort(), 20)
    await expect(gauge.read(ctrlC.signal)).rejects.toMatchObject({name: 'AbortError'})
  })
})

describe('a command gauge', () => {
  const run = (argv: string[], timeoutMs = 5000) => commandGauge({argv, cwd: '/', timeoutMs}).read(new AbortController().signal)

  it.each([
    [['echo', '12'], 12],
    [['echo', '-0.5'], -0.5],
    [['printf', '  7\n'], 7],
    [['echo', 'green'], 'green'],
    [['echo', '1e999'], '1e999'],
    [['echo', '0x10'], '0x10'],
    [['echo'], undefined],
    [['sh', '-c', 'echo 3; exit 1'], undefined],
    [['/no/such/gauge'], undefined],
  ])('%j reads %j', async (argv, value) => {
    const seen = await run(argv)
    expect(seen.value).toBe(value)
    expect(seen.evidence).toMatch(/^command [^\u0000-\u001f]+$/)
  })

  it('one that takes too long has no value', async () => {
    expect((await run(['sleep', '60'], 100)).value).toBeUndefined()
  })
})

describe('the guard of a rod, on a real server', () => {
  const http = (path: string) => ({url: base + path, method: 'GET', headers: {}, json: '$.q', timeout: 5000})

  it('reads guard and release_when from their addresses, release_when no longer than an answer can count', async () => {
    const withdrawal = await rodOf({
      withdraw: {guard: {http: http('/guard'), every: 250, advance: {lte: 10}, back: {gt: 40}}, release_when: {http: http('/slow'), lte: 8}},
    }).withdrawal()
    answer = (response, request) => (request.url === '/slow' ? undefined : response.end('{"q": 7}'))
    const {guarded} = withdrawal
    expect(guarded).toMatchObject({dwellMs: 4000, maxStepBacks: 3, guard: {everyMs: 250}})
    expect(withdrawal.reaches).toEqual([{host: '127.0.0.1'}, {host: '127.0.0.1'}])
    const {signal} = new AbortController()
    expect((await guarded?.guard.gauge.read(signal))?.value).toBe(7)
    expect((await guarded?.release?.gauge.read(signal))?.evidence).toContain('within 0.75 s')
  })

  const withdrawing = async (signal: AbortSignal, onMove: (to: string) => void) => {
    const guard = {http: {...http('/guard'), timeout: 200}, every: 50, advance: {lte: 10}, back: {gt: 40}}
    const {guarded} = await rodOf({positions: ['withdrawn', 'half', 'inserted'], withdraw: {guard, dwell: 200}}).withdrawal()
    if (!guarded) throw new Error('it has a guard')
    const move = async (to: string) => {
      onMove(to)
      return effective
    }
    const hands = {clock: systemClock, signal, tell: () => undefined, move}
    return withdrawGuarded({withdrawal: guarded, from: 'inserted', to: 'withdrawn', hands})
  }

  it('in real time: it waits through silence, errors and a login page, and goes out when the guard is good', async () => {
    const bad: (typeof answer)[] = [
      () => undefined,
      response => response.writeHead(500).end('{"q": 0}'),
      response => response.end('<h1>Please log in</h1>'),
      response => response.destroy(),
      response => response.end('{"q": 20}'),
    ]
    let left = 12
    let badAtMove = -1
    answer = (response, request) => {
      left -= 1
      const act = left > 0 ? bad[left % bad.length] : undefined
      if (act) act(response, request)
      else response.end('{"q": 7}')
    }
    const moves: string[] = []
    const end = await withdrawing(AbortSignal.timeout(20_000), to => {
      if (moves.length === 0) badAtMove = left
      moves.push(to)
    })
    expect(end).toEqual({end: 'withdrawn', stepBacks: 0})
    expect(moves).toEqual(['half', 'withdrawn'])
    expect(badAtMove).toBeLessThanOrEqual(0)
  })

  it('in real time: a guard that hangs for the whole run moves nothing, and Ctrl-C or a deadline ends it', async () => {
    answer = () => undefined
    const moves: string[] = []
    const ctrlC = new AbortController()
    setTimeout(() => ctrlC.abort(), 700)
    await expect(withdrawing(ctrlC.signal, to => moves.push(to))).rejects.toMatchObject({name: 'AbortError'})
    await expect(withdrawing(AbortSignal.timeout(700), to => moves.push(to))).rejects.toMatchObject({name: 'TimeoutError'})
    expect(moves).toEqual([])
  })
})
