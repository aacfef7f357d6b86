import type {ServerResponse} from 'node:http'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {systemClock} from '../../../src/lib/clock.ts'
import {carryOut} from '../../../src/rods/carry-out.ts'
import {observe} from '../../../src/rods/observe.ts'
import {driverContract} from '../../contracts/driver.ts'
import {type HerokuPlatform, startHerokuPlatform} from '../../servers/heroku-platform.ts'
import {rodOf} from '../open-driver.ts'
import {testRod} from '../test-rod.ts'
import {herokuBench} from './heroku-bench.ts'

driverContract('heroku-maintenance', herokuBench)

describe("traps of Heroku's maintenance mode", () => {
  const token = 'canary-88d2'
  let platform: HerokuPlatform
  let base: string
  beforeEach(async () => {
    platform = await startHerokuPlatform(token, ['api-prod', 'other'])
    base = `http://127.0.0.1:${platform.port()}`
  })
  afterEach(() => platform.stop())

  const driverOf = (more: Record<string, unknown> = {}, positions: readonly string[] | {percent: {step: number}} = ['withdrawn', 'inserted']) =>
    rodOf({driver: 'heroku-maintenance', with: {app: 'api-prod', token: 'env:T', base, ...more}, positions}, {secrets: {'env:T': token}}).driver()
  const call = () => ({target: '', why: 'why', fence: 1, signal: AbortSignal.timeout(3000)})
  const set = async (to = 'inserted', more = {}) => (await driverOf(more)).set(to, call())
  const read = async (more = {}) => (await driverOf(more)).read({target: '', signal: AbortSignal.timeout(3000)})
  const answers = (status: number, body: string, headers = {}) => {
    platform.answer = (_, response: ServerResponse) => Boolean(response.writeHead(status, {'content-type': 'application/json', ...headers}).end(body))
  }

  it('moves the one app, by name and by UUID, and says what was answered', async () => {
    expect(await set()).toBe(`PATCH ${base}/apps/api-prod 200 answers maintenance true`)
    expect([platform.visit('api-prod'), platform.visit('other')]).toEqual([503, 200])
    const id = platform.apps.get('api-prod')?.id
    expect(await read({app: id})).toEqual({position: 'inserted', evidence: `GET ${base}/apps/${id} 200 maintenance is true`})
  })

  it.each([
    [400, 'bad_request', 'rod.refused'],
    [401, 'unauthorized', 'rod.refused'],
    [402, 'delinquent', 'rod.refused'],
    [403, 'suspended', 'rod.refused'],
    [404, 'not_found', 'rod.refused'],
    [406, 'not_acceptable', 'rod.refused'],
    [409, 'conflict', 'rod.moved'],
    [422, 'verification_needed', 'rod.refused'],
    [429, 'rate_limit', 'rod.unreachable'],
    [500, 'internal_server_error', 'rod.unanswered'],
    [503, 'service_unavailable', 'rod.unanswered'],
  ])('%i %s is %s, and its id is shown', async (status, id, code) => {
    answers(status, JSON.stringify({id, message: `canary-body ${token}`}))
    await expect(set()).rejects.toMatchObject({code, message: expect.stringMatching(new RegExp(`^PATCH ${base}/apps/api-prod ${status}.*\\(${id}\\)$`))})
    expect(platform.requests).toHaveLength(1)
  })

  it.each(['{"id":"a b\\n"}', `{"id":"${token}"}`, '{"id":["x"]}', '[]', 'null', '{"id":'])(
    'an error that says %s is shown by its status alone',
    async body => {
      answers(404, body)
      await expect(set()).rejects.toMatchObject({code: 'rod.refused', message: `PATCH ${base}/apps/api-prod 404`})
    },
  )

  it.each(['', '{}', 'null', '{"maintenance":"on"}', '{"maintenance":tr'])('200 with %j is nobody we know: unanswered, and unknown', async body => {
    answers(200, body)
    await expect(set()).rejects.toMatchObject({code: 'rod.unanswered'})
    expect((await read()).position).toBe('unknown')
  })

  it('a control side that says "done" and does nothing is told apart: acknowledged, reads withdrawn, unverified', async () => {
    platform.lies = true
    const driver = await driverOf()
    const look = async () => {
      const position = platform.visit('api-prod') === 503 ? 'inserted' : 'withdrawn'
      return {position, fits: [position], evidence: 'through the router'}
    }
    const rod = testRod({driver, probes: [{name: 'router', reaches: [], maskedBy: [], look}]})
    const {signal} = new AbortController()
    const before = await observe(rod, signal, systemClock)
    const outcome = await carryOut(rod, before, {to: 'inserted', why: 'why', fence: 1}, {clock: systemClock, signal})
    expect(outcome.kind).toBe('rod.unverified')
    expect(JSON.stringify(outcome)).toContain('answers maintenance true')
    expect(await read()).toMatchObject({position: 'withdrawn'})
  })

  it('plans the request with the token as its reference, and touches its base alone', async () => {
    const driver = await driverOf()
    expect(driver.plan('inserted')).toEqual([
      `PATCH ${base}/apps/api-prod  accept: application/vnd.heroku+json; version=3  authorization: Bearer env:T  content-type: application/json  {"maintenance":true}`,
    ])
    expect(driver.reaches).toEqual([{host: '127.0.0.1'}])
    expect(platform.requests).toEqual([])
  })

  it.each(['../account', 'api-prod/dynos', 'API', 'a', '-a1', 'a_b', 'a b', 'a\n', 'a?x=1', 'a%2f', `a${'b'.repeat(30)}`, ''])(
    '%j is no app: nothing is opened',
    async app => {
      await expect(driverOf({app})).rejects.toMatchObject({code: 'config.invalid', message: expect.stringContaining('with.app')})
    },
  )

  it.each([
    [{base: 'http://user:pw@127.0.0.1'}, /with\.base/],
    [{base: 'https://api.heroku.com/?x='}, /with\.base/],
    [{base: 'ftp://api.heroku.com'}, /with\.base/],
    [{base: 'https://api.heroku.com\\@evil.example.com'}, /with\.base/],
    [{token: 'plain-canary'}, /with\.token: must be a reference/],
    [{extra: 1}, /.*extra/],
  ])('%j cannot be right', async (options, message) => {
    await expect(driverOf(options)).rejects.toMatchObject({code: 'config.invalid', message: expect.stringMatching(message)})
  })

  it('a share or a third position cannot be right: maintenance mode is on or off', async () => {
    for (const positions of [['withdrawn', 'half', 'full'], {percent: {step: 100}}] as const) {
      await expect(driverOf({}, positions)).rejects.toMatchObject({code: 'config.invalid', message: expect.stringContaining('two named positions')})
    }
  })

  it('asks Heroku itself unless told otherwise', async () => {
    expect((await driverOf({base: undefined})).plan('withdrawn')[0]).toContain('PATCH https://api.heroku.com/apps/api-prod ')
  })
})
