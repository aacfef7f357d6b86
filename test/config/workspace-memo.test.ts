import {globSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import type {OpenedWorkspace} from '../../src/config/opened-workspace.ts'
import {Fault} from '../../src/lib/fault.ts'
import {type Memos, openMemos} from '../../src/lib/memos.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {fencesIn} from '../docs/fences.ts'

const root = join(import.meta.dirname, '../..')

let folder: string
let memos: Memos
let recalled: unknown[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workspace-'))
  recalled = []
  const real = openMemos(join(folder, 'memos'), 'build')
  memos = {
    keep: real.keep,
    recall<T>(name: string, from: readonly string[]) {
      const value = real.recall<T>(name, from)
      recalled.push(value)
      return value
    },
  }
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const read = (kept?: Memos) =>
  openWorkspace({named: folder, from: folder, home: '/home/u/scram', env: {TOKEN: 'canary'}, redactor: makeRedactor(), ...(kept && {memos: kept})})

/** Everything a workspace says, without the getters. */
const all = ({workspace, rods}: OpenedWorkspace) => ({
  sections: {...workspace},
  rods: rods.ids().map(id => [id, rods.definition(id)]),
})

async function refusal(work: () => unknown): Promise<readonly string[]> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Fault) return [error.code, error.message, ...error.hints]
    throw error
  }
  throw new Error('nothing was refused')
}

const ROD = 'title: T\n    what: W\n    spares: S\n    driver: command\n    with: {}\n    probe: none\n    because: B'
const GOOD = `scram: 1\npage: {name: Example Cloud}\nrods:\n  r:\n    ${ROD}\n`

/** Every workspace of the guide, and every part of one. */
const guides = globSync('docs/guide/*.md', {cwd: root})
  .toSorted()
  .flatMap(page => fencesIn(readFileSync(join(root, page), 'utf8')).map(({body}, n) => [`${page} ${n}`, body] as const))
  .filter(([, body]) => /^(scram: 1|rods:)$/m.test(body) && !/^runbook:/m.test(body))
  .map(([name, body]) => [name, body.includes('scram: 1') ? body : `scram: 1\ncomponents: { api: { name: API } }\n${body}`] as const)

describe('what is kept of a workspace', () => {
  const shipped = [
    ['the shipped one', readFileSync(join(root, 'runbooks/scram.yaml'), 'utf8')],
    ...guides,
    ['an empty one', 'scram: 1\n'],
    [
      'one with every section',
      `${GOOD}groups: {}\ncomponents: {a: {name: A, start_date: 2012-01-01}}\nbanks:\ntargets: [{id: d, kind: directory, path: site}]\nx-ours: {b: 1}\ncadence: {sev1: 15m}\npostmortem: {redact: [Initech]}\n`,
    ],
  ] as const

  it.each(shipped)('says of %s what the file says', async (_name, text) => {
    writeFileSync(join(folder, 'scram.yaml'), text)
    const fresh = all(await read())
    await read(memos)
    const again = await read(memos)
    expect(recalled).toEqual([null, expect.objectContaining({rods: expect.anything()})])
    expect(all(again)).toStrictEqual(fresh)
    await again.check()
  })

  it('is not taken for another text', async () => {
    writeFileSync(join(folder, 'scram.yaml'), GOOD)
    await read(memos)
    writeFileSync(join(folder, 'scram.yaml'), GOOD.replace('Example Cloud', 'Example Cloue'))
    expect((await read(memos)).workspace.page.name).toBe('Example Cloue')
    expect(recalled).toEqual([null, null])
  })

  it.each([
    ['a section', GOOD.replace('page: {name: Example Cloud}', 'page: {nmae: X}'), ({workspace}: OpenedWorkspace) => workspace.page],
    ['a rod', GOOD.replace('spares: S\n', 'spare: S\n'), ({rods}: OpenedWorkspace) => rods.definition('r')],
    ['a stranger at the top', `${GOOD}nonsense: 1\n`, ({workspace}: OpenedWorkspace) => workspace.page],
  ])('is nothing where %s does not check: the file is read every time', async (_name, text, use) => {
    writeFileSync(join(folder, 'scram.yaml'), text)
    const fresh = await read()
    const told = await refusal(() => use(fresh))
    expect(told[1]).toMatch(/scram\.yaml:\d+:\d+: /)
    for (let i = 0; i < 3; i++) {
      const opened = await read(memos)
      expect(await refusal(() => use(opened))).toEqual(told)
      expect(opened.rods.ids()).toEqual(['r'])
    }
    expect(recalled).toEqual([null, 'flawed', 'flawed'])
  })

  it('leads to the same messages: no such rod, a flaw that only a driver sees, names that point nowhere', async () => {
    writeFileSync(join(folder, 'scram.yaml'), `${GOOD}    component: nowhere\n`)
    const fresh = await read()
    await read(memos)
    const again = await read(memos)
    expect(recalled[1]).not.toBeNull()
    for (const id of ['q', 'constructor', '__proto__']) {
      expect(await refusal(() => again.rods.definition(id))).toEqual(await refusal(() => fresh.rods.definition(id)))
    }
    const flaw = [{path: ['with'], message: 'must be something'}]
    const {message, hints} = await again.rods.invalid('r', flaw)
    expect(message).toMatch(/scram\.yaml:9:11: must be something/)
    expect({message, hints}).toEqual(await fresh.rods.invalid('r', flaw).then(fault => ({message: fault.message, hints: fault.hints})))
    expect(await refusal(() => again.check())).toEqual(await refusal(() => fresh.check()))
    expect(await again.secret('env:TOKEN')).toBe('canary')
  })
})
