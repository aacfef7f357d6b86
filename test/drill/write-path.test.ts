import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from '@jest/globals'
import {ask} from '../../src/drill/ask.ts'
import {isAlive} from '../../src/drill/process-identity.ts'
import {since, type WriteFigures} from '../../src/drill/write-figures.ts'
import {startWritePath, type WritePath} from '../../src/drill/write-path.ts'

const roleArgv = [process.execPath, fileURLToPath(new URL('role-main.ts', import.meta.url))]
const {signal} = new AbortController()

let folder = ''
const started: WritePath[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scram-drill-'))
})
afterAll(async () => {
  await stopAll()
  expect(started.flatMap(({pids}) => pids).filter(isAlive)).toEqual([])
  await rm(folder, {recursive: true, force: true})
}, 30_000)

async function stopAll(): Promise<void> {
  await Promise.all(started.map(path => path.stop()))
}

async function start(customersPerSecond: number): Promise<WritePath> {
  const path = await startWritePath({folder, signal, roleArgv, customersPerSecond})
  started.push(path)
  return path
}

const set = async ({api}: WritePath, json: object) => (await ask(`${api.adminUrl}/admin/maintenance`, {method: 'PATCH', json, timeoutMs: 5000})).json
const write = ({api}: WritePath) => ask(`${api.publicUrl}/apps`, {method: 'POST', timeoutMs: 5000})
const eventually = async <T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> => {
  for (;;) {
    const seen = await look()
    if (isSo(seen)) return seen
    await nap(50)
  }
}

describe('the path of a write', () => {
  let path: WritePath
  beforeAll(async () => {
    path = await start(10)
  }, 60_000)
  beforeEach(async () => {
    await set(path, {maintenance: 0, rate: null})
    await eventually(path.figures, ({waiting, queue}) => waiting < 5 && queue < 5)
  })

  it('serves its customers, and counts each write at every place it passes', async () => {
    const {load} = await eventually(path.stats, ({load}) => load.customers.served >= 20)
    expect(load.routerClients).toBeNull()
    expect(load.customers).toMatchObject({perSecond: 10, refused: 0, dropped: 0})
    const {manager, api} = await path.stats()
    expect(manager).toMatchObject({snapshots: 0, seq: manager.writes})
    expect(manager.writes).toBeGreaterThanOrEqual(load.customers.served)
    expect(api.admitted).toBeGreaterThanOrEqual(api.ok + api.failed)
    expect(api.ok).toBeGreaterThanOrEqual(load.customers.served)
  })

  it('refuses by either rod with its mark, keeps 0 and null apart, and reads both back', async () => {
    expect(await set(path, {maintenance: 100})).toEqual({maintenance: 100, rate: null})
    const refused = await write(path)
    expect([refused.status, refused.headers['retry-after'], refused.headers['x-rod']]).toEqual([503, '5', 'api-maintenance'])
    expect(await set(path, {maintenance: 0, rate: 0})).toEqual({maintenance: 0, rate: 0})
    const limited = await write(path)
    expect([limited.status, limited.headers['retry-after'], limited.headers['x-rod']]).toEqual([503, '5', 'api-admit-rate'])
    const {json} = await ask(`${path.api.adminUrl}/admin/maintenance`, {timeoutMs: 5000})
    expect(json).toEqual({maintenance: 0, rate: 0})
    expect(await set(path, {rate: null})).toEqual({maintenance: 0, rate: null})
    expect((await write(path)).status).toBe(200)
  })

  it('brings everybody back who was refused: a customer goes on until it is done', async () => {
    await set(path, {maintenance: 100})
    const closed = await eventually(path.figures, ({waiting}) => waiting >= 15)
    await set(path, {maintenance: 0})
    const open = await eventually(path.figures, ({waiting}) => waiting < 5)
    expect(since(closed, open).served).toBeGreaterThanOrEqual(10)
  })

  it('works off the write of a client that left, for nobody', async () => {
    await set(path, {maintenance: 100})
    await eventually(path.figures, ({queue}) => queue === 0)
    await set(path, {maintenance: 0})
    const before = await path.stats()
    // It leaves while others stand before it.
    const others = Array.from({length: 20}, () => write(path))
    await eventually(path.stats, ({manager}) => manager.q >= 10)
    const socket = connect({host: '127.0.0.1', port: Number(new URL(path.api.publicUrl).port)})
    await once(socket, 'connect')
    socket.end('POST /apps HTTP/1.1\r\nhost: drill\r\ncontent-length: 0\r\n\r\n')
    await nap(50)
    socket.destroy()
    await Promise.all(others)
    const after = await eventually(path.stats, ({manager}) => manager.wasted > before.manager.wasted)
    expect(after.manager.writes - before.manager.writes).toBeGreaterThanOrEqual(21)
    expect(after.api.failed).toBeGreaterThan(before.api.failed)
  })

  it('answers 422 to a setting that cannot be, and keeps what was set', async () => {
    await set(path, {maintenance: 25, rate: 42})
    for (const json of [{maintenance: true}, {maintenance: 101}, {rate: -1}, {limit: 3}]) {
      expect((await ask(`${path.api.adminUrl}/admin/maintenance`, {method: 'PATCH', json, timeoutMs: 5000})).status).toBe(422)
    }
    expect(await set(path, {maintenance: 25})).toEqual({maintenance: 25, rate: 42})
  })
})

/** With the rod in for so long, out it goes at once; then the figures at half time and at the end. */
async function releaseAtOnce(path: WritePath, {inMs, windowMs}: {inMs: number; windowMs: number}): Promise<[half: WriteFigures, all: WriteFigures]> {
  await set(path, {maintenance: 100})
  await nap(inMs)
  const before = await path.figures()
  expect(before.timeouts).toBe(0)
  await set(path, {maintenance: 0})
  await nap(windowMs / 2)
  const half = since(before, await path.figures())
  await nap(windowMs / 2)
  return [half, since(before, await path.figures())]
}

describe('a rod withdrawn at once', () => {
  // Two cores carry one load.
  beforeAll(() => stopAll(), 30_000)

  it('makes a second incident: ever more timeouts, an ever longer queue', async () => {
    const path = await start(40)
    const [half, all] = await releaseAtOnce(path, {inMs: 8000, windowMs: 10_000})
    expect(all.timeouts - half.timeouts).toBeGreaterThan(half.timeouts)
    expect(all.queue).toBeGreaterThan(half.queue)
    expect(all.served - half.served).toBeLessThan(half.served)
    await path.stop()
  }, 60_000)

  const long = process.env['SCRAM_LONG'] ? it : it.skip
  long(
    'makes more than 1,000 timeouts in 16 s, and the queue is longer after 16 s than after 8 s',
    async () => {
      const path = await start(40)
      const [half, all] = await releaseAtOnce(path, {inMs: 15_000, windowMs: 16_000})
      expect(all.timeouts).toBeGreaterThan(1000)
      expect(all.queue).toBeGreaterThan(half.queue)
    },
    90_000,
  )
})
