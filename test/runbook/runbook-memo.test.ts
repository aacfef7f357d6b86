import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Memos, openMemos} from '../../src/lib/memos.ts'
import type {Finding} from '../../src/runbook/finding.ts'
import {openRunbook} from '../../src/runbook/open-runbook.ts'
import {finder, lyingIn, mayBe} from '../../src/runbook/runbook-files.ts'
import {keepRunbook, recallRunbook} from '../../src/runbook/runbook-memo.ts'

const shipped = join(import.meta.dirname, '../../runbooks')
const ids = readdirSync(shipped)
  .filter(name => name.endsWith('.yaml') && !name.endsWith('.test.yaml') && name !== 'scram.yaml')
  .map(name => /^runbook: (\S+)/m.exec(readFileSync(join(shipped, name), 'utf8'))?.[1] ?? name)

const CALLER = 'scram: 1\nrunbook: caller\ntitle: Calls\nsteps:\n  - { id: inner, call: callee }\n'
const CALLEE = 'scram: 1\nrunbook: callee\ntitle: Is called\nsteps:\n  - { id: wait, wait: 1s }\n'
const FINDING: Finding = {level: 'W', code: 'no-verify', message: 'doubtful', file: 'caller.yaml', line: 5, column: 7}

let folder: string
let memos: Memos
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runbooks-'))
  memos = openMemos(join(folder, 'memos'), 'build')
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const put = (name: string, text: string) => writeFileSync(join(folder, name), text)

async function kept(id: string) {
  const files = await lyingIn(folder)
  const [only] = mayBe(files, id)
  if (!only) throw new Error(`no ${id}`)
  return {only, recall: () => recallRunbook(memos, id, only, finder(folder, files)), loaded: await openRunbook(folder, id)}
}

describe('what is kept of a runbook', () => {
  it.each(ids)('says of %s what its text says', async id => {
    cpSync(shipped, folder, {recursive: true})
    const {only, recall, loaded} = await kept(id)
    expect(recall()).toBeNull()
    keepRunbook(memos, only, loaded, {names: '[]', findings: []})
    const {source: _, calls: __, called, ...written} = loaded
    const plain = Object.fromEntries(Object.entries(called).map(([name, {runbook, text, sha256, path}]) => [name, {runbook, text, sha256, path}]))
    expect(recall()?.opened).toStrictEqual({...written, called: plain})
  })

  it('holds with the names that lint was given', async () => {
    put('caller.yaml', CALLER)
    put('callee.yaml', CALLEE)
    const {only, recall, loaded} = await kept('caller')
    keepRunbook(memos, only, loaded, {names: '{"rods":[]}', findings: [FINDING]})
    expect(recall()?.lint('{"rods":[]}')).toEqual([FINDING])
    expect(recall()?.lint('{"rods":["api"]}')).toBeNull()
  })

  it('is that runbook and no other, where only the parser can tell which one it is', async () => {
    mkdirSync(join(folder, 'runbooks'))
    put('runbooks/odd.yaml', '{scram: 1, runbook: callee, title: T, steps: [{id: wait, wait: 1s}]}\n')
    const {only, recall, loaded} = await kept('callee')
    keepRunbook(memos, only, loaded, {names: '', findings: []})
    expect(recall()).not.toBeNull()
    const files = await lyingIn(folder)
    expect(mayBe(files, 'other')).toHaveLength(1)
    expect(recallRunbook(memos, 'other', only, finder(folder, files))).toBeNull()
  })

  it('is the one of its place: the same file lies elsewhere in another workspace', async () => {
    put('caller.yaml', CALLER)
    put('callee.yaml', CALLEE)
    const {only, loaded} = await kept('callee')
    keepRunbook(memos, only, loaded, {names: '', findings: []})
    expect(recallRunbook(memos, 'callee', {...only, path: 'runbooks/callee.yaml'}, () => null)).toBeNull()
  })

  it.each([
    ['its own text', () => put('caller.yaml', CALLER.replace('Calls', 'Call'))],
    ['the text of one that it calls', () => put('callee.yaml', CALLEE.replace('1s', '2s'))],
    [
      'the file of one that it calls',
      () => {
        rmSync(join(folder, 'callee.yaml'))
        put('other.yaml', CALLEE)
      },
    ],
    ['that there are two with the id that it calls', () => put('other.yaml', CALLEE)],
    ['that the one it calls is gone', () => rmSync(join(folder, 'callee.yaml'))],
  ])('is forgotten with %s', async (_what, change) => {
    put('caller.yaml', CALLER)
    put('callee.yaml', CALLEE)
    const before = await kept('caller')
    keepRunbook(memos, before.only, before.loaded, {names: '', findings: []})
    expect(before.recall()).not.toBeNull()
    change()
    const files = await lyingIn(folder)
    const [only] = mayBe(files, 'caller')
    expect(only && recallRunbook(memos, 'caller', only, finder(folder, files))).toBeNull()
  })
})
