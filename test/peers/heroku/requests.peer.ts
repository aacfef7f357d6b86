import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {rodOf} from '../../rods/open-driver.ts'
import {type HerokuPlatform, type PlatformRequest, startHerokuPlatform} from '../../servers/heroku-platform.ts'
import {heroku} from './cli.ts'

const token = '01234567-aaaa-4bbb-8ccc-0123456789ab'
let platform: HerokuPlatform
let host: string
beforeEach(async () => {
  platform = await startHerokuPlatform(token)
  host = `http://127.0.0.1:${platform.port()}`
})
afterEach(() => platform.stop())

const cli = (...words: string[]) => heroku([...words, '-a', 'api-prod'], {host, token})
const driver = () => rodOf({driver: 'heroku-maintenance', with: {app: 'api-prod', token: 'env:T', base: host}}, {secrets: {'env:T': token}}).driver()
const call = () => ({target: '', why: 'why', fence: 1, signal: AbortSignal.timeout(20_000)})

/** All of a request but what names the client, one connection or one request. */
function compared(request: PlatformRequest | undefined): unknown {
  if (!request) throw new Error('no request came')
  const {method, url, headers, body} = request
  const {accept, authorization, 'content-type': contentType} = headers
  return {method, url, accept, authorization, contentType, body: Buffer.from(body).toString('hex')}
}

describe("Heroku's own command line and the driver send the same request", () => {
  it.each([
    ['maintenance:on', 'inserted', true],
    ['maintenance:off', 'withdrawn', false],
  ])('%s and %s', async (command, position, isOn) => {
    const app = platform.apps.get('api-prod')
    if (app) app.maintenance = !isOn
    expect(await cli(command)).toMatchObject({code: 0, stderr: expect.stringContaining('... done')})
    expect(app?.maintenance).toBe(isOn)
    if (app) app.maintenance = !isOn
    await (await driver()).set(position, call())
    expect(app?.maintenance).toBe(isOn)
    expect(platform.requests).toHaveLength(2)
    expect(compared(platform.requests[1])).toStrictEqual(compared(platform.requests[0]))
  })

  it.each([
    [true, 'on\n', 'inserted'],
    [false, 'off\n', 'withdrawn'],
  ])('maintenance and read, where it is %s', async (isOn, printed, position) => {
    const app = platform.apps.get('api-prod')
    if (app) app.maintenance = isOn
    expect(await cli('maintenance')).toMatchObject({code: 0, stdout: printed})
    expect((await (await driver()).read(call())).position).toBe(position)
    expect(platform.requests).toHaveLength(2)
    expect(compared(platform.requests[1])).toStrictEqual(compared(platform.requests[0]))
  })
})

it('a control side that lies: the command line says done and exits 0, the driver reads what is', async () => {
  platform.lies = true
  expect(await cli('maintenance:on')).toMatchObject({code: 0, stderr: expect.stringContaining('... done')})
  const own = await driver()
  await own.set('inserted', call())
  expect((await own.read(call())).position).toBe('withdrawn')
})

it('both are refused where the app is not theirs', async () => {
  platform.token = 'another'
  expect((await cli('maintenance:on')).code).not.toBe(0)
  await expect((await driver()).set('inserted', call())).rejects.toMatchObject({code: 'rod.refused'})
})
