import {mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {parse} from 'yaml'
import {writeDrillWorkspace} from '../../src/drill/workspace.ts'

const platform = {api: {publicUrl: 'http://127.0.0.1:4001', adminUrl: 'http://127.0.0.1:4002'}, router: {url: 'http://127.0.0.1:4003'}}

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
    const rod = file.rods['api-maintenance']
    expect(rod.with.set).toEqual({method: 'PATCH', url: 'http://127.0.0.1:4002/admin/maintenance', json: {maintenance: '{value}'}})
    expect(rod.with.values).toEqual({withdrawn: false, inserted: true})
    expect(rod.probe.http).toEqual({
      url: 'http://127.0.0.1:4001/apps',
      expect: {inserted: {status: 503, header: {'x-rod': 'api-maintenance'}}, withdrawn: {status: 200}},
    })
    for (const path of [made.home, made.page, made.workspace]) expect((await stat(path)).mode & 0o777).toBe(0o700)
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
