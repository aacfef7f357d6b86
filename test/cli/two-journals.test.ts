import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Switches, startSwitches, switchRod} from '../servers/switches.ts'
import {book} from './run-record.ts'
import {type Machine, machine} from './run-scram.ts'

/** Two people's machines with one page folder between them. */
describe('two journals that publish to one folder', () => {
  let ada: Machine
  let bo: Machine
  let page: string
  const shown = () => readFileSync(join(page, 'index.html'), 'utf8')

  beforeEach(async () => {
    ada = machine()
    bo = machine()
    page = join(ada.home, 'www')
    for (const {home} of [ada, bo]) writeFileSync(join(home, 'scram.yaml'), `scram: 1\ntargets: [{id: disk, kind: directory, path: ${page}}]\n`)
    expect(await ada.run(['open', 'Of Ada', '-m', 'Ada looks into it'])).toMatchObject({code: 0})
  })
  afterEach(() => Promise.all([ada.remove(), bo.remove()]))

  it('never replace each other: the second is refused, whatever its revision, and told what to type', async () => {
    const opened = await bo.run(['open', 'Of Bo', '-m', 'Bo looks into it'])
    expect([opened.code, opened.stderr]).toEqual([3, expect.stringContaining('which holds what this one does not')])
    expect(opened.stderr).toContain('scram timeline import')
    for (const text of ['one', 'two', 'three']) expect(await bo.run(['update', text])).toMatchObject({code: 3})
    expect(shown()).toContain('Of Ada')
    expect(shown()).not.toContain('Of Bo')
    expect(await bo.json(['outbox', 'retry'])).toMatchObject({code: 3, value: {targets: [{failed: {code: 'target.diverged'}}]}})
    expect(await bo.run(['page', 'build', '--out', page])).toMatchObject({code: 3, stderr: expect.stringContaining('scram timeline import')})
    expect(await ada.run(['update', 'Ada again'])).toMatchObject({code: 0})
  })

  it('show both once one has taken in what the other holds, and then the other must', async () => {
    await bo.run(['open', 'Of Bo', '-m', 'Bo looks into it'])
    const exported = join(ada.home, 'ada.jsonl')
    await ada.run(['timeline', 'export', '--out', exported])
    expect((await bo.run(['timeline', 'import', exported])).code).toBe(0)
    expect([shown().includes('Of Ada'), shown().includes('Of Bo')]).toEqual([true, true])
    expect(await ada.run(['update', 'Ada alone'])).toMatchObject({code: 3, stderr: expect.stringContaining('which holds what this one does not')})
    expect(shown()).toContain('Of Bo')
  })

  it('let one of them take the page over by the command that was printed', async () => {
    const {stderr} = await bo.run(['open', 'Of Bo', '-m', 'Bo looks into it'])
    const command = stderr.split('\n').find(line => line.trim().startsWith('mv '))
    expect(command).toBeDefined()
    await bo.run([], {shell: command ?? 'false'})
    expect(await bo.run(['outbox', 'retry'])).toMatchObject({code: 0})
    expect([shown().includes('Of Ada'), shown().includes('Of Bo')]).toEqual([false, true])
    expect(await ada.run(['update', 'Ada again'])).toMatchObject({code: 3})
  })

  it('let a journal whose home is gone replace nothing: it holds none of what was said', async () => {
    const env = {SCRAM_HOME: '/proc/scram/nowhere', XDG_RUNTIME_DIR: ada.home}
    for (const argv of [
      ['open', 'Without a home', '-m', 'one'],
      ['update', 'two'],
      ['update', 'three'],
    ])
      await ada.run(argv, {env})
    expect(shown()).toContain('Of Ada')
    expect(shown()).not.toContain('Without a home')
  })
})

describe('what one machine takes in of another', () => {
  let ada: Machine
  let bo: Machine
  beforeEach(() => {
    ada = machine()
    bo = machine()
  })
  afterEach(() => Promise.all([ada.remove(), bo.remove()]))

  async function exportedBy({home, run}: Machine): Promise<string> {
    const file = join(home, 'all.jsonl')
    await run(['timeline', 'export', '--out', file])
    return file
  }

  it('a record taken in on a machine without one is on the page of that machine, too', async () => {
    await ada.run(['open', 'Of Ada', '-m', 'Ada looks into it'])
    const exported = await exportedBy(ada)
    expect(await bo.run(['timeline', 'import', exported])).toMatchObject({code: 0, stderr: ''})
    expect(readFileSync(join(bo.home, 'record/page/index.html'), 'utf8')).toContain('Ada looks into it')
  })

  it('a run is driven by the machine that began it: elsewhere it is shown, and nobody is told to resume it', async () => {
    book(ada, 'care', '  - {id: look, manual: Look}\n')
    book(bo, 'care', '  - {id: look, manual: Look}\n')
    const begun = await ada.json(['run', 'care'])
    expect(begun).toMatchObject({code: 4, value: {step: 'look'}})
    const id = String(begun.value['run'])
    expect((await ada.run([])).stdout).toContain('\nnext: scram done look --run r-')
    const exported = await exportedBy(ada)
    const imported = await bo.run(['timeline', 'import', exported])
    expect([imported.code, imported.stderr]).toEqual([0, ''])
    const status = (await bo.run([])).stdout
    expect([status.includes('parked at look'), status.includes('on another machine'), status.includes('scram resume')]).toEqual([true, true, false])
    for (const argv of [
      ['resume', id],
      ['done', '--run', id, '-m', 'seen'],
      ['abort', id, '--why', 'x'],
    ])
      expect(await bo.run(argv)).toMatchObject({code: 77, stderr: expect.stringContaining('was begun on another machine')})
    expect((await bo.run(['resume'])).code).toBe(66)
    // A run of this machine's own is the one that is meant.
    expect(await bo.json(['run', 'care'])).toMatchObject({code: 4})
    expect(await bo.run(['done', '-m', 'seen here'])).toMatchObject({code: 0})
    expect(await ada.run(['done', '-m', 'seen there'])).toMatchObject({code: 0})
  })

  it('a record that came in while the page could not be built is on it after the same import again', async () => {
    await ada.run(['open', 'Of Ada', '-m', 'Ada looks into it'])
    const exported = await exportedBy(ada)
    writeFileSync(join(bo.home, 'scram.yaml'), 'scram: [')
    expect(await bo.run(['timeline', 'import', exported])).toMatchObject({code: 3, stderr: expect.stringContaining('was not built')})
    rmSync(join(bo.home, 'scram.yaml'))
    expect(await bo.run(['timeline', 'import', exported])).toMatchObject({code: 0, stdout: expect.stringContaining('0 added')})
    expect(readFileSync(join(bo.home, 'record/page/index.html'), 'utf8')).toContain('Ada looks into it')
  })
})

describe('two journals that moved one rod without knowing of each other', () => {
  let ada: Machine
  let bo: Machine
  let switches: Switches
  const text = () => ['scram: 1', 'rods:', switchRod(switches.url, 'api'), ''].join('\n')

  beforeEach(async () => {
    switches = await startSwitches()
    ada = machine()
    bo = machine()
    for (const {home} of [ada, bo]) writeFileSync(join(home, 'scram.yaml'), text())
    await ada.run(['open', 'HTTP errors', '-s', 'sev2'])
    expect((await ada.run(['in', 'api', '--why', 'contain'])).code).toBe(0)
    await hand(ada, bo)
  })
  afterEach(async () => {
    await ada.remove()
    await bo.remove()
    await switches.close()
  })

  /** All that `from` knows, to `to`. */
  async function hand(from: Machine, to: Machine) {
    const file = join(from.home, 'all.jsonl')
    rmSync(file, {force: true})
    await from.run(['timeline', 'export', '--out', file])
    return to.run(['timeline', 'import', file])
  }
  const drifts = async (at: Machine) => (await at.run(['timeline', 'export'])).stdout.split('\n').filter(line => line.includes('"by":"merge"'))

  it('have the probe decide, and record that; the same import again says nothing', async () => {
    expect((await bo.run(['out', 'api', '--why', 'over'])).code).toBe(0)
    expect((await ada.run(['in', 'api', '--to', 'half', '--take', '--why', 'still bad'])).code).toBe(0)
    const met = await hand(bo, ada)
    expect(met.stderr).toMatch(/api is taken to be in: two journals moved it without knowing of each other/)
    expect(met.stderr).toMatch(/asked: api inserted at half/)
    expect(await drifts(ada)).toHaveLength(1)
    expect((await ada.run(['rod', 'show', 'api'])).stdout).toContain('inserted at half')
    await hand(bo, ada)
    expect(await drifts(ada)).toHaveLength(1)
    // The other one is handed what was settled, and is as wise.
    expect((await hand(ada, bo)).stderr).not.toContain('taken to be in')
    expect((await bo.run(['rod', 'show', 'api'])).stdout).toContain('inserted at half')
  })

  it('keep the rod in where nobody can ask: resolve is refused', async () => {
    expect((await ada.run(['in', 'api', '--to', 'half', '--why', 'less'])).code).toBe(0)
    expect((await bo.run(['out', 'api', '--take', '--why', 'over'])).code).toBe(0)
    await switches.close()
    const met = await hand(bo, ada)
    expect(met.stderr).toMatch(/taken to be in, and could not be asked from here: .*scram rod verify api/)
    expect(await drifts(ada)).toHaveLength(1)
    const refused = await ada.run(['resolve'])
    expect([refused.code, refused.stderr]).toEqual([77, expect.stringContaining('not known to be withdrawn: api (drifted')])
  })
})
