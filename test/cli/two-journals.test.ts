import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
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
    expect(await bo.run(['outbox', 'retry'])).toMatchObject({code: 0})
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
