import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, expect, it} from '@jest/globals'
import {systemClock} from '../../../src/lib/clock.ts'
import {carryOut} from '../../../src/rods/carry-out.ts'
import {observe} from '../../../src/rods/observe.ts'
import {rodOf} from '../../rods/open-driver.ts'
import {type StartedChild, startChild} from '../start-child.ts'
import {needPostgres} from './need-postgres.ts'
import {ADMIN_TOKEN, CLIENT_TOKEN, FLAGS, startUnleash, type Unleash} from './unleash.ts'

const programs = needPostgres()
const folder = dirname(fileURLToPath(import.meta.url))
let unleash: Unleash
let app: StartedChild
let flag: string
beforeAll(async () => {
  unleash = await startUnleash(programs)
  flag = await unleash.createFlag()
  await unleash.ask('POST', `${FLAGS}/${flag}/environments/development/on`)
  for (let tries = 0; (await unleash.told(flag))?.enabled !== true && tries < 100; tries++) await systemClock.sleep(100, new AbortController().signal)
  const argv = [process.execPath, join(folder, 'app.mjs'), `http://127.0.0.1:${unleash.port()}`, CLIENT_TOKEN, flag] as const
  app = await startChild({argv, cwd: folder, env: {PATH: process.env['PATH'] ?? '', HOME: unleash.postgres.folder}})
})
afterAll(async () => {
  await app?.stop()
  await unleash?.stop()
})

/** Moves the rod and looks at the app itself, as users do. */
async function move(to: string, timeoutMs: number) {
  const rod = rodOf(
    {
      driver: 'unleash',
      with: {url: `http://127.0.0.1:${unleash.port()}`, flag, environment: 'development', token: 'env:T', inserted: 'disabled'},
      probe: {
        http: {url: `http://127.0.0.1:${app.port}/`, method: 'GET', headers: {}, timeout: 5000, expect: {inserted: {status: 503}, withdrawn: {status: 200}}},
      },
      verify: {timeout: timeoutMs, every: 500, consecutive: 3},
    },
    {secrets: {'env:T': ADMIN_TOKEN}},
  )
  const {signal} = new AbortController()
  const before = await observe(rod, signal, systemClock)
  return carryOut(rod, before, {to, why: 'acceptance', fence: 1}, {clock: systemClock, signal})
}

it('with the refresh an SDK has by default, 2 s are too short and 45 s are enough', async () => {
  const early = await move('inserted', 2000)
  expect(early).toMatchObject({kind: 'rod.unverified', data: {targets: [{readBack: {position: 'inserted'}}]}})
  const late = await move('inserted', 45_000)
  expect(late).toMatchObject({kind: 'rod.inserted', data: {effective: {position: 'inserted'}, targets: [{readBack: {position: 'inserted'}}]}})
  expect(await move('withdrawn', 45_000)).toMatchObject({kind: 'rod.withdrawn', data: {effective: {position: 'withdrawn'}}})
})
