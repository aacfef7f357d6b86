import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {rodShelf} from '../../src/cli/rod-shelf.ts'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import {type Platform, startPlatform} from '../../src/drill/platform.ts'
import {writeDrillWorkspace} from '../../src/drill/workspace.ts'
import {systemClock} from '../../src/lib/clock.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {carryOut} from '../../src/rods/carry-out.ts'
import {observe} from '../../src/rods/observe.ts'

const roleArgv = [process.execPath, fileURLToPath(new URL('role-main.ts', import.meta.url))]
const {signal} = new AbortController()

let folder = ''
let platform: Platform | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scram-drill-'))
  await mkdir(join(folder, 'shipped'))
  await writeFile(join(folder, 'shipped/drill-routing.yaml'), 'scram: 1\n')
})
afterEach(async () => {
  await platform?.stop()
  platform = undefined
  await rm(folder, {recursive: true, force: true})
})

describe('the rod of a drill', () => {
  it('is in only when customers are refused, and out only when they are served', async () => {
    platform = await startPlatform({folder, signal, roleArgv})
    const {workspace, home} = await writeDrillWorkspace(folder, {runbooks: join(folder, 'shipped'), platform})
    const opened = await openWorkspace({named: workspace, from: workspace, home, env: {}, redactor: makeRedactor()})
    expect((await opened.workspace).components.map(({id}) => id)).toEqual(['production', 'development', 'api', 'status-site'])
    const rod = await rodShelf(opened).get('api-maintenance')

    const before = await observe(rod, signal, systemClock)
    expect(before.look?.position).toBe('withdrawn')
    const inserted = await carryOut(rod, before, {to: 'inserted', why: 'contain', fence: 0}, {clock: systemClock, signal})
    expect(inserted).toMatchObject({kind: 'rod.inserted', data: {effective: {position: 'inserted'}}})
    expect((await platform.stats()).api).toMatchObject({maintenance: true})

    const withdrawn = await carryOut(rod, await observe(rod, signal, systemClock), {to: 'withdrawn', why: 'over', fence: 0}, {clock: systemClock, signal})
    expect(withdrawn).toMatchObject({kind: 'rod.withdrawn', data: {effective: {position: 'withdrawn'}}})
    const {api, load} = await platform.stats()
    expect([api.maintenance, api.refused > 0]).toEqual([false, true])
    expect(load.planned).toBeGreaterThan(0)
  }, 30_000)
})
