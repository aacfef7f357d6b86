import {mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {parse} from 'yaml'
import {workspace} from '../../src/config/schema.ts'
import {writeDrillWorkspace} from '../../src/drill/workspace.ts'

const platform = {manager: {url: 'http://127.0.0.1:4000'}, api: {publicUrl: 'http://127.0.0.1:4001', adminUrl: 'http://127.0.0.1:4002'}}

let folder = ''
let runbooks = ''
beforeEach(async () => {
  // A quote in the path: everything that goes into the file must be quoted for YAML.
  folder = join(await mkdtemp(join(tmpdir(), 'scram-drill-')), `it's "here": #1`)
  runbooks = join(folder, 'shipped')
  await mkdir(runbooks, {recursive: true})
  await writeFile(join(runbooks, 'drill-routing.yaml'), 'scram: 1\n')
})
afterEach(async () => {
  await rm(join(folder, '..'), {recursive: true, force: true})
})

describe('the workspace of a drill', () => {
  it('has the rod at the real addresses, and a folder of its own for record and page', async () => {
    const made = await writeDrillWorkspace(folder, {runbooks, platform})
    const file = parse(await readFile(join(made.workspace, 'scram.yaml'), 'utf8'))
    expect(Object.keys(file.components)).toEqual(['production', 'development', 'api', 'status-site'])
    expect(file.components['status-site'].kind).toBe('communication')
    expect(file.targets).toEqual([{id: 'disk', kind: 'directory', path: made.page}])
    expect(Object.keys(file.rods)).toEqual(['api-maintenance', 'api-admit-rate'])
    for (const path of [made.home, made.page, made.workspace]) expect((await stat(path)).mode & 0o777).toBe(0o700)
  })

  it('has a rod of shares and a rod of rates, each with its probe and the guard of its withdrawal', async () => {
    const made = await writeDrillWorkspace(folder, {runbooks, platform})
    const text = await readFile(join(made.workspace, 'scram.yaml'), 'utf8')
    const {rods} = workspace.parse(parse(text))
    const admin = 'http://127.0.0.1:4002/admin/maintenance'
    const {'api-maintenance': percent, 'api-admit-rate': rate} = rods
    expect(percent).toMatchObject({
      positions: {percent: {step: 25}},
      with: {set: {method: 'PATCH', url: admin, json: {maintenance: '{value}'}}, get: {url: admin, json: '$.maintenance'}},
      probe: {
        http: {
          url: 'http://127.0.0.1:4001/apps',
          masked_by: ['api-admit-rate'],
          share: {status: 503, samples: 150, tolerance: 12.4},
          expect: {withdrawn: {status: 200}},
        },
      },
    })
    expect(rate).toMatchObject({
      positions: {rate: [0, 10, 25, 42, 'none']},
      with: {set: {json: {rate: '{value}'}}, get: {json: '$.rate'}, values: {none: null}},
      probe: {http: {count: {url: 'http://127.0.0.1:4002/stats', json: '$.admitted', over: 4000}}},
      withdraw: {release_when: {http: {json: '$.refused', change_over: 4000}, lte: 8}},
    })
    for (const rod of [percent, rate]) {
      expect(rod?.withdraw).toMatchObject({
        dwell: 4000,
        max_step_backs: 3,
        guard: {http: {url: 'http://127.0.0.1:4000/stats', json: '$.q'}, every: 250, advance: {lte: 10}, back: {gt: 40}},
      })
    }
  })

  it('brings its runbook along, and may be written again', async () => {
    const made = await writeDrillWorkspace(folder, {runbooks, platform})
    expect(await writeDrillWorkspace(folder, {runbooks, platform})).toEqual(made)
    expect(await readFile(join(made.workspace, 'runbooks/drill-routing.yaml'), 'utf8')).toBe('scram: 1\n')
  })

  it('says so when the runbook is not there', async () => {
    await expect(writeDrillWorkspace(folder, {runbooks: join(folder, 'nowhere'), platform})).rejects.toMatchObject({code: 'file.not-found'})
  })
})
