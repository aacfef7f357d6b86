import type {ServerResponse} from 'node:http'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type AdminApi, type AdminRequest, startAdminApi} from '../../servers/admin-api.ts'
import {rodOf} from '../open-driver.ts'

let api: AdminApi
let base: string
beforeEach(async () => {
  api = await startAdminApi('t')
  base = `http://127.0.0.1:${api.port()}`
})
afterEach(() => api.stop())

const call = (why = 'why') => ({target: '', why, fence: 1, signal: AbortSignal.timeout(3000)})
const driverOf = (options: Record<string, unknown>, positions: string[] = ['withdrawn', 'inserted'], secrets = {}) =>
  rodOf({with: options, positions}, {secrets}).driver()
const put = (more: Record<string, unknown> = {}) => ({set: {method: 'PUT', url: `${base}/x`, json: '{value}', ...more}})
const answers = (...list: ((request: AdminRequest, response: ServerResponse) => unknown)[]) => {
  let n = 0
  api.answer = (request, response) => {
    list[Math.min(n++, list.length - 1)]?.(request, response)
    return true
  }
}
const status =
  (code: number, headers = {}, body = '') =>
  (_: AdminRequest, response: ServerResponse) =>
    response.writeHead(code, headers).end(body)

describe('what a status says about a set', () => {
  it.each([200, 201, 202, 204])('%i acknowledges', async code => {
    answers(status(code))
    expect(await (await driverOf(put())).set('inserted', call())).toBe(`PUT ${base}/x ${code}`)
    expect(api.requests).toHaveLength(1)
  })

  it.each([
    [206, 'rod.unanswered'],
    [301, 'rod.refused'],
    [302, 'rod.refused'],
    [400, 'rod.refused'],
    [401, 'rod.refused'],
    [403, 'rod.refused'],
    [404, 'rod.refused'],
    [408, 'rod.unanswered'],
    [409, 'rod.moved'],
    [410, 'rod.refused'],
    [412, 'rod.moved'],
    [413, 'rod.refused'],
    [422, 'rod.refused'],
    [425, 'rod.unanswered'],
    [429, 'rod.unreachable'],
    [500, 'rod.unanswered'],
    [502, 'rod.unanswered'],
    [503, 'rod.unanswered'],
    [504, 'rod.unanswered'],
  ])('%i is %s, and sent once', async (code, fault) => {
    answers(status(code, {'content-type': 'text/html'}, '<h1>Please log in</h1>'))
    await expect((await driverOf(put())).set('inserted', call())).rejects.toMatchObject({
      code: fault,
      message: expect.stringContaining(`PUT ${base}/x ${code}`),
    })
    expect(api.requests).toHaveLength(1)
  })

  it('`ok` says what acknowledges here', async () => {
    answers(status(206))
    expect(await (await driverOf(put({ok: [206]}))).set('inserted', call())).toContain('206')
  })

  it('500 and then 200 are two moves of ours, never a silent second try', async () => {
    answers(status(500), status(200))
    const driver = await driverOf(put())
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.unanswered'})
    expect(await driver.set('inserted', call())).toContain('200')
    expect(api.requests).toHaveLength(2)
  })

  it('a redirect is somebody else answering: not followed, its host named, its tokens not', async () => {
    answers(status(302, {location: 'https://sso.example.com/login?token=canary-r'}))
    const moving = (await driverOf(put({headers: {'x-api-key': 'env:K'}}), undefined, {'env:K': 'canary-k'})).set('inserted', call())
    await expect(moving).rejects.toMatchObject({message: `PUT ${base}/x 302: something answers in its place (it redirects to sso.example.com)`})
    expect(api.requests).toHaveLength(1)
  })

  it('429 is repeated once when it says when', async () => {
    answers(status(429, {'retry-after': '0'}), status(200))
    expect(await (await driverOf(put())).set('inserted', call())).toContain('200')
    expect(api.requests).toHaveLength(2)
  })

  it.each([
    ['0', 2],
    ['3600', 1],
    ['soon', 1],
  ])('429 for good with Retry-After %s is unreachable after %i calls', async (after, calls) => {
    answers(status(429, {'retry-after': after}))
    await expect((await driverOf(put())).set('inserted', call())).rejects.toMatchObject({code: 'rod.unreachable'})
    expect(api.requests).toHaveLength(calls)
  })

  it('reads a Retry-After date against the clock of the server', async () => {
    answers(status(429, {date: 'Thu, 07 Jun 2012 15:52:41 GMT', 'retry-after': 'Thu, 07 Jun 2012 15:52:41 GMT'}), status(204))
    expect(await (await driverOf(put())).set('inserted', call())).toContain('204')
  })

  it('an endless answer is cut off: it was sent, nobody knows', async () => {
    answers((_, response) => response.writeHead(200).end('x'.repeat(200_000)))
    await expect((await driverOf(put())).set('inserted', call())).rejects.toMatchObject({
      code: 'rod.unanswered',
      message: expect.stringContaining('longer than 65536 bytes'),
    })
  })

  it('silence says which limit was met', async () => {
    answers(() => {})
    const silent = (await driverOf(put())).set('inserted', {...call(), signal: AbortSignal.timeout(50)})
    await expect(silent).rejects.toMatchObject({code: 'rod.unanswered', message: `PUT ${base}/x: no complete answer before the deadline`})
  })

  it('sends no keep-alive', async () => {
    await (await driverOf(put())).set('inserted', call()).catch(() => {})
    expect(api.requests[0]?.headers.connection).toBe('close')
  })
})

describe('several addresses', () => {
  const closed = 'http://127.0.0.1:1/x'
  const both = (...urls: string[]) => driverOf({set: {method: 'PUT', urls, json: '{value}'}})

  it('are tried in order until one answers, and the detail says so', async () => {
    answers(status(200))
    expect(await (await both(closed, `${base}/x`)).set('inserted', call())).toBe(`PUT ${closed}: no connection (ECONNREFUSED); then PUT ${base}/x 200`)
  })

  it('the first answer decides, a refusal too', async () => {
    answers(status(403), status(200))
    await expect((await both(`${base}/x`, `${base}/y`)).set('inserted', call())).rejects.toMatchObject({code: 'rod.refused'})
    expect(api.requests).toHaveLength(1)
  })

  it('all silent: unreachable only if nothing was sent anywhere', async () => {
    answers(status(503))
    await expect((await both(closed, closed)).set('inserted', call())).rejects.toMatchObject({code: 'rod.unreachable'})
    await expect((await both(`${base}/x`, closed)).set('inserted', call())).rejects.toMatchObject({code: 'rod.unanswered'})
  })
})

describe('placeholders', () => {
  const why = 'say "no" & } \n {value}'
  const sent = async (set: Record<string, unknown>, options = {}, position = 'inserted', positions?: string[]) => {
    answers(status(200))
    await (await driverOf({set: {method: 'POST', url: `${base}/x`, ...set}, ...options}, positions)).set(position, call(why))
    return api.requests[0]
  }

  it('keep their type where they stand alone in JSON, and are text where they do not', async () => {
    const request = await sent({json: {rate: '{value}', at: '{position}', note: ['{value} because {why}', true]}}, {values: {inserted: null, withdrawn: 0}})
    expect(JSON.parse(request?.body ?? '')).toEqual({rate: null, at: 'inserted', note: [`null because ${why}`, true]})
  })

  it('send a share as a number', async () => {
    const request = await sent({json: {maintenance: '{value}', at: '{position}'}}, {}, '50%', ['withdrawn', '50%', '100%'])
    expect(request?.body).toBe('{"maintenance":50,"at":50}')
  })

  it('are percent-encoded in an address', async () => {
    const request = await sent({url: `${base}/apps/{position}?why={why}`})
    expect(request?.url).toBe('/apps/inserted?why=say%20%22no%22%20%26%20%7D%20%0A%20%7Bvalue%7D')
  })

  it('are escaped in a form and plain in a text', async () => {
    expect(new URLSearchParams((await sent({form: {mode: '{value}', why: '{why}', n: 1}}))?.body)).toEqual(new URLSearchParams({mode: 'inserted', why, n: '1'}))
    await api.stop()
    await api.start()
    base = `http://127.0.0.1:${api.port()}`
    const driver = await driverOf({set: {method: 'PUT', url: `${base}/x`, text: 'mode={value}'}})
    await driver.set('inserted', call())
    expect(api.requests.at(-1)).toMatchObject({body: 'mode=inserted', headers: {'content-type': 'text/plain; charset=utf-8'}})
  })
})

describe('reading back', () => {
  const reading = async (more: Record<string, unknown> = {}) => {
    const driver = await driverOf({...put(), get: {url: `${base}/x`, json: '$.mode'}, ...more})
    return driver.read({target: '', signal: AbortSignal.timeout(3000)})
  }

  it('takes the ETag for the version', async () => {
    answers(status(200, {etag: 'W/"7"'}, '{"mode":"inserted"}'))
    expect(await reading()).toEqual({position: 'inserted', version: 'W/"7"', evidence: `GET ${base}/x 200 $.mode is "inserted"`})
  })

  it.each([
    ['{"mode":"canary-body"}', 'another text'],
    ['{"mode":7}', '7'],
    ['{"mode":["canary-body"]}', 'a list'],
    ['{}', 'missing'],
    ['{"mode":"inser', 'no JSON'],
    ['', 'no JSON'],
  ])('%s is unknown, and the evidence holds nothing of it', async (body, said) => {
    answers(status(200, {}, body))
    const {position, evidence} = await reading()
    expect(position).toBe('unknown')
    expect(evidence).toContain(said)
    expect(evidence).not.toContain('canary')
  })

  it.each([204, 302, 401, 404, 500])('%i is unknown', async code => {
    answers(status(code, {}, code === 204 ? '' : '{"mode":"withdrawn"}'))
    expect((await reading()).position).toBe('unknown')
  })

  it('without `get` it never knows', async () => {
    expect(await reading({get: undefined})).toEqual({position: 'unknown', evidence: 'this rod has no `get`'})
  })
})

describe('options that cannot be right', () => {
  it.each([
    [{method: 'PUT'}, /either url or urls/],
    [{method: 'PUT', url: 'http://a/', urls: ['http://b/']}, /either url or urls/],
    [{method: 'PUT', url: 'http://a/', json: 1, text: 'x'}, /one of json, form, text/],
    [{method: 'PUT', url: 'http://user:pw@a/'}, /user:password/],
    [{method: 'PUT', url: 'http://{position}.example.com/'}, /placeholder in its host/],
    [{method: 'PUT', url: 'http://a/\nX: y'}, /control character/],
    [{method: 'PUT', url: 'file:///etc/passwd'}, /.*/],
    [{method: 'PUT', url: 'http://a/', headers: {'X-A': 'b\r\nc: d'}}, /control character/],
    [{method: 'PUT', url: 'http://a/', headers: {'X A': 'b'}}, /no header name/],
    [{method: 'TRACE', url: 'http://a/'}, /set\.method/],
  ])('%j', async (set, message) => {
    await expect(driverOf({set})).rejects.toMatchObject({message: expect.stringMatching(message)})
  })

  it('two positions with one value', async () => {
    await expect(driverOf({...put(), values: {withdrawn: 1, inserted: 1}})).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining('with.values'),
    })
  })
})

describe('a secret address', () => {
  it('is called, and never shown', async () => {
    answers(status(200), status(500))
    const driver = await driverOf({set: {method: 'POST', url: 'env:TRIGGER'}}, undefined, {'env:TRIGGER': `${base}/trigger/canary-u`})
    expect(await driver.set('inserted', call())).toBe('POST env:TRIGGER 200')
    expect(api.requests[0]?.url).toBe('/trigger/canary-u')
    await expect(driver.set('inserted', call())).rejects.toMatchObject({message: 'POST env:TRIGGER 500'})
    expect(driver.plan('inserted')).toEqual(['POST env:TRIGGER'])
  })

  it.each([
    [{url: 'env:S'}, 'canary no address', 'POST env:S: nothing was sent: this is no http address'],
    [
      {url: 'http://127.0.0.1:1/', headers: {'X-Key': 'env:S'}},
      'canary\r\nx: y',
      'POST http://127.0.0.1:1/: nothing was sent: the header X-Key has a character that headers cannot hold',
    ],
  ])('a secret that cannot be sent is not shown either (%j)', async (set, secret, message) => {
    const driver = await driverOf({set: {method: 'POST', ...set}}, undefined, {'env:S': secret})
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.unreachable', message})
  })
})
