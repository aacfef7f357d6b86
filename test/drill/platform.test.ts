import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {ask} from '../../src/drill/ask.ts'
import {type Platform, startPlatform} from '../../src/drill/platform.ts'
import {isAlive, type ProcessIdentity} from '../../src/drill/process-identity.ts'

const roleMain = fileURLToPath(new URL('role-main.ts', import.meta.url))
const parentMain = fileURLToPath(new URL('platform-parent.ts', import.meta.url))
const roleArgv = [process.execPath, roleMain]
const enough = () => AbortSignal.timeout(20_000)

let folder = ''
let running: Platform | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scram-drill-'))
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  await rm(folder, {recursive: true, force: true})
})

async function start(signal = new AbortController().signal): Promise<Platform> {
  running = await startPlatform({folder, seed: 7, signal, roleArgv})
  return running
}

const status = async (url: string, method: 'GET' | 'POST' = 'GET') => (await ask(url, {method, timeoutMs: 5000})).status
const answers = (url: string) =>
  ask(url, {timeoutMs: 1000}).then(
    () => true,
    () => false,
  )
const admin = (platform: Platform, maintenance: unknown) =>
  ask(`${platform.api.adminUrl}/admin/maintenance`, {method: 'PATCH', json: {maintenance}, timeoutMs: 5000})

const urlsOf = ({manager, api, router}: Platform) => [manager.url, api.publicUrl, api.adminUrl, router.url]

async function allGone(pids: readonly ProcessIdentity[]): Promise<boolean> {
  for (let look = 0; look < 250; look += 1) {
    if (!pids.some(isAlive)) return true
    await nap(20)
  }
  return false
}

describe('the drill platform', () => {
  it('serves, breaks as a crash loop, stays down, and comes back only with the patch', async () => {
    const platform = await start()
    const app = `${platform.router.url}/app/app1`
    expect(await status(app)).toBe(200)
    expect(await status(`${platform.router.url}/healthz`)).toBe(200)

    // Customers must have met it whole, or there is nothing to compare the break with.
    while (!(await platform.stats()).load.seconds.some(second => second.routerOk > 0)) await nap(50)

    await platform.break()
    expect(await status(app)).toBe(503)
    expect(Date.parse(await platform.alerted(enough()))).toBeGreaterThan(0)
    const crashes = async () => (await platform.stats()).router.crashes
    while ((await crashes()) < 3) await nap(50)
    expect(await status(app)).toBe(503)

    await platform.patch()
    await platform.live(enough())
    expect(await status(app)).toBe(200)
    await platform.break()
    expect(await status(app)).toBe(200)

    const stats = await platform.stats()
    expect(stats).toMatchObject({seed: 7, router: {mode: 'live', version: 'patched'}})
    expect(stats.load.seconds.some(second => second.routerOk > 0)).toBe(true)
    expect(stats.load.seconds.some(second => second.routerFailed > 0)).toBe(true)
    expect(Date.parse(stats.load.alert.firstAt ?? '')).toBeGreaterThanOrEqual(Date.parse(stats.router.brokenAt ?? ''))
  }, 30_000)

  it('refuses customers while the rod is in, marked, and reads back what was set', async () => {
    const platform = await start()
    const apps = `${platform.api.publicUrl}/apps`
    expect(await status(apps)).toBe(200)
    expect(await status(apps, 'POST')).toBe(200)

    expect((await admin(platform, 100)).json).toEqual({maintenance: 100, rate: null})
    expect((await admin(platform, 100)).json).toEqual({maintenance: 100, rate: null})
    for (const method of ['GET', 'POST'] as const) {
      const refused = await ask(apps, {method, timeoutMs: 5000})
      expect([refused.status, refused.headers['retry-after'], refused.headers['x-rod']]).toEqual([503, '5', 'api-maintenance'])
    }
    expect((await ask(`${platform.api.adminUrl}/admin/maintenance`, {timeoutMs: 5000})).json).toEqual({maintenance: 100, rate: null})

    await admin(platform, 0)
    expect(await status(apps)).toBe(200)
    expect((await admin(platform, 'yes')).status).toBe(422)
    expect((await ask(`${platform.api.adminUrl}/admin/maintenance`, {timeoutMs: 5000})).json).toEqual({maintenance: 0, rate: null})
  }, 30_000)

  it('leaves no process and no port behind when it is stopped, once or twice', async () => {
    const platform = await start()
    expect(platform.pids).toHaveLength(4)
    expect(platform.pids.every(isAlive)).toBe(true)
    await Promise.all([platform.stop(), platform.stop()])
    expect(platform.pids.some(isAlive)).toBe(false)
    expect(await Promise.all(urlsOf(platform).map(answers))).toEqual([false, false, false, false])
    await expect(platform.stats()).rejects.toMatchObject({code: 'net.unreachable'})
  }, 30_000)

  it('ends with its signal', async () => {
    const stop = new AbortController()
    const platform = await start(stop.signal)
    stop.abort()
    expect(await allGone(platform.pids)).toBe(true)
  }, 30_000)

  it('rejects when interrupted while it starts, and leaves nothing', async () => {
    const stop = new AbortController()
    const starting = startPlatform({folder, signal: stop.signal, roleArgv})
    await nap(50)
    stop.abort(new Error('interrupted'))
    await expect(starting).rejects.toThrow('interrupted')
  }, 30_000)

  it('names the log of a process that does not come up', async () => {
    await expect(startPlatform({folder, signal: enough(), roleArgv: [process.execPath, join(folder, 'nothing.ts')]})).rejects.toThrow(/ended at once.*\.log/)
  }, 30_000)

  it('dies with a parent that is killed', async () => {
    const parent = spawn(process.execPath, [parentMain, folder, roleMain], {stdio: ['ignore', 'pipe', 'inherit']})
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const {pids, urls} = JSON.parse(line.toString('utf8')) as {pids: ProcessIdentity[]; urls: string[]}
    expect(pids.every(isAlive)).toBe(true)
    parent.kill('SIGKILL')
    expect(await allGone(pids)).toBe(true)
    expect(await Promise.all(urls.map(answers))).toEqual([false, false, false, false])
  }, 30_000)
})
