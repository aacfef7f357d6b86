import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest} from '@jest/globals'
import {type Haproxy, startHaproxy} from '../servers/haproxy.ts'
import {requireTool} from '../servers/require-tool.ts'
import {type Machine, machine} from './run-scram.ts'

const it = requireTool('haproxy')

/** Each starts the program several times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

let app: Server
let lbs: Haproxy[] = []
let at: Machine
beforeAll(async () => {
  app = createServer((_, response) => response.end('app'))
  await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise<void>(resolve => app.close(() => resolve())))
beforeEach(() => {
  at = machine()
})
afterEach(async () => {
  await Promise.all(lbs.map(lb => lb.close()))
  lbs = []
  await at.remove()
})

async function loadBalancers(count: number): Promise<void> {
  const config = (folder: string) =>
    [
      'defaults',
      '  mode http',
      '  timeout connect 2s',
      '  timeout client 5s',
      '  timeout server 5s',
      'frontend edge',
      '  bind fd@3',
      `  http-request return status 503 if { path,map_beg(${folder}/rods.map,off) -m str on }`,
      '  default_backend app',
      'backend app',
      `  server a 127.0.0.1:${(app.address() as AddressInfo).port}`,
      '',
    ].join('\n')
  lbs = await Promise.all(Array.from({length: count}, () => startHaproxy({config, files: {'rods.map': '/api off\n'}})))
}

/** Rods over all load balancers; what users meet is asked of the first. */
function workspace(rod: string, positions: string, options: (lb: Haproxy) => string, expectations: string, path: string): void {
  const sockets = lbs.map((lb, i) => `lb${i + 1}: "unix:${lb.folder}/admin.sock"`).join(', ')
  const [first] = lbs
  if (!first) throw new Error('no load balancer runs')
  mkdirSync(at.home, {recursive: true})
  const lines = [
    'scram: 1',
    'rods:',
    `  ${rod}:`,
    '    {title: T, what: W, spares: S, cooldown: 0s, driver: haproxy, verify: {timeout: 5s, every: 50ms, consecutive: 2},',
    `     positions: ${positions}, with: {sockets: {${sockets}}, ${options(first)}},`,
    `     probe: {http: {url: "http://127.0.0.1:${first.port}${path}", expect: ${expectations}}}}`,
    '',
  ]
  writeFileSync(join(at.home, 'scram.yaml'), lines.join('\n'))
}
const adminState = async (lb: Haproxy) => {
  const [, header = '', row = ''] = (await lb.ask('show servers state app')).split('\n')
  return Number(row.split(' ')[header.replace('# ', '').split(' ').indexOf('srv_admin_state')])
}
const state = async (rod: string) => (await at.json(['rod', 'show', rod])).value['state'] as {status: string; agree?: object}

describe('a rod on four load balancers', () => {
  it('of which one is dead is partial 3/4, keeps what it has, and is healed by that one alone', async () => {
    await loadBalancers(4)
    workspace('drain-app', '[withdrawn, drain, maint]', () => 'server: app/a', '{withdrawn: {status: 200}, drain: {status: 503}, maint: {status: 503}}', '/')
    await lbs[3]?.stop()
    const partial = await at.run(['in', 'drain-app', '--why', 'contain'])
    expect(partial.code).toBe(3)
    expect(partial.stdout).toMatch(/not sent +lb4: /)
    expect(await state('drain-app')).toMatchObject({status: 'partial', agree: {k: 3, n: 4}})
    expect((await at.run([])).stdout).toContain('PARTIAL 3/4, want maint')
    await lbs[3]?.start()
    const healed = await at.run(['in', 'drain-app', '--why', 'lb4 is back', '--only', 'lb4'])
    expect([healed.code, healed.stdout]).toEqual([0, expect.stringContaining('drain-app inserted; the probe agrees')])
    expect(await Promise.all(lbs.map(adminState))).toEqual([1, 1, 1, 1])
    expect((await at.run(['in', 'drain-app', '--why', 'x', '--only', 'lb9'])).code).toBe(64)
  })

  it('goes back to where each target was seen, not to the inverse of the command', async () => {
    await loadBalancers(2)
    workspace('drain-app', '[withdrawn, drain, maint]', () => 'server: app/a', '{withdrawn: {status: 200}, drain: {status: 503}, maint: {status: 503}}', '/')
    await lbs[1]?.ask('set server app/a state drain')
    expect((await at.run(['in', 'drain-app', '--why', 'contain'])).code).toBe(0)
    expect(await Promise.all(lbs.map(adminState))).toEqual([1, 1])
    const undone = await at.run(['out', 'drain-app', '--to-previous'])
    expect([undone.code, undone.stdout]).toEqual([3, expect.stringContaining('each target was set to where it was seen before')])
    expect(await Promise.all(lbs.map(adminState))).toEqual([0, 8])
  })
})

describe('a rod in a map that a reload reads from disk again', () => {
  const inMap = (persist: boolean) =>
    workspace(
      'api',
      '[withdrawn, inserted]',
      lb => `map: "${lb.folder}/rods.map", key: /api, values: {withdrawn: "off", inserted: "on"}, persist: ${persist}`,
      '{withdrawn: {status: 200}, inserted: {status: 503}}',
      '/api',
    )
  const watched = async (work: () => Promise<void>) => {
    let pid = 0
    const watching = at.run(['watch', '--every', '1s'], {started: started => (pid = started)})
    await work()
    await nap(5000)
    process.kill(pid, 'SIGINT')
    return (await watching).stdout
  }

  it('has drifted after it, and the watcher tells; with persist it stays in', async () => {
    await loadBalancers(1)
    inMap(false)
    expect((await at.run(['in', 'api', '--why', 'contain'])).code).toBe(0)
    const told = await watched(async () => lbs[0]?.reload())
    expect(told).toContain('api drifted: expected inserted, seen withdrawn')
    expect(await state('api')).toMatchObject({status: 'drifted'})
    inMap(true)
    expect((await at.run(['in', 'api', '--why', 'again, to stay'])).code).toBe(0)
    expect(await watched(async () => lbs[0]?.reload())).not.toContain('drifted: expected')
    expect(await state('api')).toMatchObject({status: 'inserted'})
  })
})
