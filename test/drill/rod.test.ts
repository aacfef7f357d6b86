import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {rodShelf} from '../../src/cli/rod-shelf.ts'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import {ask} from '../../src/drill/ask.ts'
import {writeDrillWorkspace} from '../../src/drill/workspace.ts'
import {startWritePath, type WritePath} from '../../src/drill/write-path.ts'
import {systemClock} from '../../src/lib/clock.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {carryOut} from '../../src/rods/carry-out.ts'
import {observe} from '../../src/rods/observe.ts'
import type {Rod} from '../../src/rods/rod.ts'

const roleArgv = [process.execPath, fileURLToPath(new URL('role-main.ts', import.meta.url))]
const {signal} = new AbortController()

let folder = ''
let path: WritePath | undefined
let shelf: ReturnType<typeof rodShelf>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scram-drill-'))
  await mkdir(join(folder, 'shipped'))
  await writeFile(join(folder, 'shipped/drill-routing.yaml'), 'scram: 1\n')
  path = await startWritePath({folder, signal, roleArgv, customersPerSecond: 20})
  const {workspace, home} = await writeDrillWorkspace(folder, {runbooks: join(folder, 'shipped'), platform: path})
  const opened = await openWorkspace({named: workspace, from: workspace, home, env: {}, redactor: makeRedactor()})
  expect((await opened.workspace).components.map(({id}) => id)).toEqual(['production', 'development', 'api', 'status-site'])
  shelf = rodShelf(opened)
}, 60_000)
afterAll(async () => {
  await path?.stop()
  await rm(folder, {recursive: true, force: true})
}, 30_000)

const setting = async () => (await ask(`${path?.api.adminUrl}/admin/maintenance`, {timeoutMs: 5000})).json
const move = async (rod: Rod, to: string) =>
  carryOut(rod, await observe(rod, signal, systemClock), {to, why: 'practice', fence: 0}, {clock: systemClock, signal})

describe('the rods of a drill', () => {
  it.each([
    ['api-maintenance', '100%', {maintenance: 100, rate: null}],
    ['api-admit-rate', '0/s', {maintenance: 0, rate: 0}],
  ])(
    '%s is in only when customers are refused, and out only when they are served',
    async (id, fullyIn, whenIn) => {
      const rod = await shelf.get(id)
      expect(rod.fullyIn).toBe(fullyIn)

      const refused = (await path?.figures())?.refused
      expect(await move(rod, fullyIn)).toMatchObject({kind: 'rod.inserted', data: {effective: {position: fullyIn}}})
      expect(await setting()).toEqual(whenIn)
      while ((await path?.figures())?.refused === refused) await nap(50)

      expect(await move(rod, 'withdrawn')).toMatchObject({kind: 'rod.withdrawn', data: {effective: {position: 'withdrawn'}}})
      expect(await setting()).toEqual({maintenance: 0, rate: null})
    },
    60_000,
  )

  it.each([
    ['api-maintenance', '75%', {maintenance: 75, rate: null}],
    ['api-admit-rate', '10/s', {maintenance: 75, rate: 10}],
  ])('%s stops at %s on its control side, which reads it back and moves no other', async (id, to, there) => {
    const driver = await (await shelf.get(id)).driver()
    await driver.set(to, {target: '', signal, why: 'practice', fence: 0})
    expect(await setting()).toEqual(there)
    expect(await driver.read({target: '', signal})).toMatchObject({position: to})
  })
})
