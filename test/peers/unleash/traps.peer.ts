import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from '@jest/globals'
import type {Driver} from '../../../src/rods/rod.ts'
import {rodOf} from '../../rods/open-driver.ts'
import {type Gateway, startGateway} from './gateway.ts'
import {needPostgres} from './need-postgres.ts'
import {ADMIN_TOKEN, CLIENT_TOKEN, FLAGS, startUnleash, type Unleash} from './unleash.ts'

const programs = needPostgres()
const PERCENT = {percent: {step: 25}}

let unleash: Unleash
let gateway: Gateway
let flag: string
beforeAll(async () => {
  unleash = await startUnleash(programs)
  gateway = await startGateway(() => unleash.port())
})
afterAll(async () => {
  await gateway?.close()
  await unleash?.stop()
})
beforeEach(async () => {
  flag = await unleash.createFlag()
})
afterEach(() => {
  Object.assign(gateway.mood, {swallows: false, isPage: false})
})

const call = (ms = 20_000) => ({target: '', why: 'why', fence: 1, signal: AbortSignal.timeout(ms)})
const driverOf = (
  more: Record<string, unknown> = {},
  positions: readonly string[] | {percent: {step: number}} = ['withdrawn', 'inserted'],
  token = ADMIN_TOKEN,
) =>
  rodOf(
    {
      driver: 'unleash',
      with: {url: `http://127.0.0.1:${gateway.port}`, flag, environment: 'development', token: 'env:T', inserted: 'disabled', ...more},
      positions,
    },
    {secrets: {'env:T': token}},
  ).driver()
const read = (driver: Driver) => driver.read(call())
const environment = () => `${FLAGS}/${flag}/environments/development`
const on = () => unleash.ask('POST', `${environment()}/on`)
const addStrategy = async (more: Record<string, unknown> = {}) => {
  const strategy = {name: 'flexibleRollout', constraints: [], parameters: {groupId: flag, rollout: '100', stickiness: 'default'}, ...more}
  expect((await unleash.ask('POST', `${environment()}/strategies`, strategy)).status).toBe(200)
}
const rollout = async (value: string) => {
  const [strategy] = (await unleash.held(flag)).strategies
  return unleash.ask('PATCH', `${environment()}/strategies/${strategy?.id}`, [{op: 'replace', path: '/parameters/rollout', value}])
}

describe('an archived flag', () => {
  it('still says enabled in its environment, and is unknown here; setting it is refused', async () => {
    await on()
    expect((await unleash.ask('DELETE', `${FLAGS}/${flag}`)).status).toBe(202)
    expect(await unleash.held(flag)).toMatchObject({enabled: true})
    const driver = await driverOf()
    expect(await read(driver)).toMatchObject({position: 'unknown', evidence: expect.stringContaining(`/features/${flag} 404: archived, or not there`)})
    for (const to of ['inserted', 'withdrawn'])
      await expect(driver.set(to, call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringMatching(/400 \(ArchivedFeatureError\)$/)})
  })
})

describe('enabling without an enabled strategy', () => {
  it('is refused and advised against, and nothing is created', async () => {
    const driver = await driverOf()
    expect(await driver.advise?.(call())).toEqual([expect.stringContaining('withdrawing will be refused')])
    await expect(driver.set('withdrawn', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining('create_strategy')})
    expect(await unleash.held(flag)).toMatchObject({enabled: false, strategies: []})
  })

  it('is refused as well where the only strategy is disabled: Unleash would add one to everybody', async () => {
    await addStrategy({disabled: true, parameters: {groupId: flag, rollout: '5', stickiness: 'default'}})
    await expect((await driverOf()).set('withdrawn', call())).rejects.toMatchObject({code: 'rod.refused'})
    expect((await unleash.held(flag)).strategies).toHaveLength(1)
    await on()
    expect((await unleash.held(flag)).strategies.map(({parameters}) => parameters.rollout)).toEqual(['5', '100'])
  })

  it('is what create_strategy: true allows', async () => {
    await (await driverOf({create_strategy: true})).set('withdrawn', call())
    expect(await unleash.held(flag)).toMatchObject({enabled: true, strategies: [{parameters: {rollout: '100'}}]})
  })

  it('is no matter of disabling', async () => {
    await on()
    expect(await (await driverOf()).set('inserted', call())).toContain('/off 200')
    expect(await unleash.held(flag)).toMatchObject({enabled: false})
  })

  it('disabling the last strategy disables the environment, and that is what is read', async () => {
    await on()
    const [only] = (await unleash.held(flag)).strategies
    await unleash.ask('PATCH', `${environment()}/strategies/${only?.id}`, [{op: 'replace', path: '/disabled', value: true}])
    expect(await unleash.held(flag)).toMatchObject({enabled: false})
    expect((await read(await driverOf())).position).toBe('inserted')
  })
})

describe('a share', () => {
  it('is refused to the rest: the rollout is written as text, mirrored where the flag is disabled to insert', async () => {
    await on()
    const [away, towards] = [await driverOf({}, PERCENT), await driverOf({inserted: 'enabled'}, PERCENT)]
    await away.set('25%', call())
    expect((await unleash.held(flag)).strategies[0]?.parameters.rollout).toBe('75')
    expect([(await read(away)).position, (await read(towards)).position]).toEqual(['25%', '75%'])
    await towards.set('withdrawn', call())
    expect((await unleash.held(flag)).strategies[0]?.parameters.rollout).toBe('0')
    expect([(await read(away)).position, (await read(towards)).position]).toEqual(['100%', 'withdrawn'])
  })

  it('"150" is taken by the server, refused here before anything is sent, and unknown when read', async () => {
    await on()
    const driver = await driverOf({}, PERCENT)
    const sent = gateway.requests.length
    for (const to of ['150%', '-50%', '12.5%', '0150%']) await expect(driver.set(to, call())).rejects.toMatchObject({code: 'rod.refused'})
    expect(gateway.requests).toHaveLength(sent)
    expect((await rollout('150')).status).toBe(200)
    expect(await read(driver)).toMatchObject({position: 'unknown', evidence: expect.stringContaining('rollout is no share')})
  })

  it('of an environment that is off is the whole: setting it enables, the rollout first', async () => {
    await addStrategy()
    const driver = await driverOf({}, PERCENT)
    expect((await read(driver)).position).toBe('100%')
    expect(await driver.set('25%', call())).toMatch(/PATCH \S+ 200; then POST \S+\/on 200$/)
    expect(await unleash.held(flag)).toMatchObject({enabled: true, strategies: [{parameters: {rollout: '75'}}]})
  })

  it.each([
    ['a second strategy', [{}, {}]],
    ['a constraint', [{constraints: [{contextName: 'userId', operator: 'IN', values: ['1']}]}]],
    ['another kind of strategy', [{name: 'default', parameters: {}}]],
  ])('is refused with %s, and unknown', async (_, strategies) => {
    for (const strategy of strategies) await addStrategy(strategy)
    await on()
    const driver = await driverOf({}, PERCENT)
    expect((await read(driver)).position).toBe('unknown')
    expect(await driver.advise?.(call())).toEqual([expect.stringContaining('every move will be refused')])
    await expect(driver.set('25%', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining('flexibleRollout')})
  })

  it('nothing that was only asked counts as sent; what was sent and not answered does', async () => {
    await on()
    const driver = await driverOf({}, PERCENT)
    gateway.mood.isPage = true
    await expect(driver.set('25%', call())).rejects.toMatchObject({code: 'rod.unreachable', message: expect.stringContaining('nothing was changed')})
    Object.assign(gateway.mood, {isPage: false, swallows: true})
    await expect(driver.set('25%', call(1500))).rejects.toMatchObject({code: 'rod.unanswered'})
    expect((await unleash.held(flag)).strategies[0]?.parameters.rollout).toBe('100')
  })
})

describe('refusals', () => {
  it.each([
    ['a token of a client', {}, CLIENT_TOKEN, '403'],
    ['a token nobody knows', {}, '*:*.nobody', '401 (UnauthorizedError)'],
    ['another flag', {flag: 'nothing'}, ADMIN_TOKEN, '404 (NotFoundError)'],
    ['another environment', {environment: 'nowhere'}, ADMIN_TOKEN, '404 (NotFoundError)'],
    ['another project', {project: 'elsewhere'}, ADMIN_TOKEN, '404 (NotFoundError)'],
  ])('%s', async (_, options, token, said) => {
    await on()
    await unleash.postgres.sql("insert into projects (id, name) values ('elsewhere', 'Elsewhere') on conflict do nothing", 'unleash')
    const driver = await driverOf(options, undefined, token)
    const message = expect.stringMatching(new RegExp(`${said.replace(/[()]/g, '\\$&')}$`))
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.refused', message})
    await expect(driver.set('withdrawn', call())).rejects.toMatchObject({code: 'rod.refused'})
    expect((await read(driver)).position).toBe('unknown')
    expect(await unleash.held(flag)).toMatchObject({enabled: true})
    expect((await unleash.ask('GET', `${FLAGS}/nothing`)).status).toBe(404)
  })
})
