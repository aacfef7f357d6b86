import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, it as anywhere, beforeAll, expect} from '@jest/globals'
import {readWorkspace} from '../../../src/config/read-workspace.ts'
import {systemClock} from '../../../src/lib/clock.ts'
import {carryOut} from '../../../src/rods/carry-out.ts'
import {observe} from '../../../src/rods/observe.ts'
import {openRod} from '../../../src/rods/open-rod.ts'
import {type Haproxy, startHaproxy} from '../../servers/haproxy.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {statusOf} from './haproxy-bench.ts'

/** The guide is typed into somebody's HAProxy as it stands: so is it here, with the paths of a scratch folder. */
const it = requireTool('haproxy')
const guide = await readFile(join(import.meta.dirname, '../../../docs/guide/rods-haproxy.md'), 'utf8')
const fences = (name: string) => [...guide.matchAll(new RegExp(`^\`\`\`${name}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text)

let haproxy: Haproxy
const here = (text: string, folder: string) => text.replaceAll('/etc/haproxy', folder).replaceAll('/run/haproxy', folder)

if (it === anywhere) {
  beforeAll(async () => {
    const [map = ''] = fences('rods.map')
    const config = (folder: string) =>
      [
        ...fences('haproxy global').map(text => here(text, folder).replace(' group oncall', '')),
        'defaults\n mode http\n timeout connect 2s\n timeout client 5s\n timeout server 5s\nfrontend edge\n bind fd@3\n',
        ...fences('haproxy frontend').map(text => here(text, folder)),
        'http-request return status 200\n',
      ].join('')
    haproxy = await startHaproxy({config, files: {'rods.map': map}})
  })
}
afterAll(() => haproxy?.close())

function rodOfGuide(id: string) {
  const [yaml = ''] = fences('yaml')
  const text = here(yaml, haproxy.folder).replaceAll('edge.example.com', `127.0.0.1:${haproxy.port}`)
  const {rods} = readWorkspace(haproxy.folder, text, haproxy.folder)
  const secret = async () => {
    throw new Error('the guide needs no secret')
  }
  return openRod(id, rods.definition(id), {folder: haproxy.folder, secret, invalid: issues => rods.invalid(id, issues)})
}

it('its maintenance rod goes in and out as its own probe sees it, and outlives a reload', async () => {
  const rod = rodOfGuide('api-maintenance')
  const signal = AbortSignal.timeout(20_000)
  const move = async (to: string) =>
    (await carryOut(rod, await observe(rod, signal, systemClock), {to, why: 'the guide', fence: 1}, {clock: systemClock, signal})).kind
  expect(await move('inserted')).toBe('rod.inserted')
  await haproxy.reload()
  expect((await observe(rod, signal, systemClock)).look?.position).toBe('inserted')
  expect(await move('withdrawn')).toBe('rod.withdrawn')
})

it('its percent rod refuses everything at 100% and nothing when withdrawn', async () => {
  const driver = await rodOfGuide('api-share').driver()
  const call = {target: 'edge', signal: AbortSignal.timeout(20_000), why: 'the guide', fence: 1}
  const statuses = async () => {
    const seen = new Set<number>()
    for (let i = 0; i < 20; i++) seen.add(await statusOf(haproxy.port, {path: '/api/'}))
    return [...seen]
  }
  for (const [position, seen] of [
    ['100%', [429]],
    ['withdrawn', [200]],
  ] as const) {
    await driver.set(position, call)
    expect((await driver.read(call)).position).toBe(position)
    expect(await statuses()).toEqual(seen)
  }
})
