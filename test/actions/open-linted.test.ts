import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {Desk} from '../../src/actions/desk.ts'
import {openLinted} from '../../src/actions/open-linted.ts'
import {openMemos} from '../../src/lib/memos.ts'
import {findingLine} from '../../src/runbook/finding.ts'
import {bareWorkspace, memoryDesk} from './memory-desk.ts'

const RUNBOOK = (status: string) => `scram: 1
runbook: one
title: One
steps:
  - id: say
    uses: update
    with: { text: We look into it., components: { ${status}: major_outage } }
`

let folder: string
let kept: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linted-'))
  kept = 0
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

/** Every desk is another process: only the folder of memos is the same. */
function desk(component: string): Desk {
  const memos = openMemos(join(folder, 'memos'), 'build')
  const workspace = {...bareWorkspace(folder), components: [{id: component, name: 'A', kind: 'service' as const, isPublic: true}]}
  const keep: typeof memos.keep = (...given) => {
    kept += 1
    memos.keep(...given)
  }
  return {...memoryDesk([], {workspace}), memos: {...memos, keep}}
}

const linesOf = async (component: string) => (await openLinted(desk(component), 'one')).lint.map(findingLine)

describe('a runbook with what lint says of it', () => {
  it('is read and linted once, and says the same again', async () => {
    writeFileSync(join(folder, 'one.yaml'), RUNBOOK('apy'))
    const first = await linesOf('api')
    expect(first.join('\n')).toMatch(/one\.yaml:7:\d+ {2}E unknown-name .*apy/)
    expect(await linesOf('api')).toEqual(first)
    expect(kept).toBe(1)
  })

  it('is linted again when the workspace has other names, or the text is another', async () => {
    writeFileSync(join(folder, 'one.yaml'), RUNBOOK('apy'))
    await linesOf('api')
    expect((await linesOf('apy')).filter(line => line.includes(' E '))).toEqual([])
    writeFileSync(join(folder, 'one.yaml'), RUNBOOK('apx'))
    expect((await linesOf('apy')).join('\n')).toContain('apx')
    expect(kept).toBe(3)
  })

  it('is not another one that was kept before, where the file says its id in a way of its own', async () => {
    mkdirSync(join(folder, 'runbooks'))
    writeFileSync(join(folder, 'runbooks/odd.yaml'), '{scram: 1, runbook: one, title: One, steps: [{id: w, wait: 1s}]}\n')
    await linesOf('api')
    expect(kept).toBe(1)
    await expect(openLinted(desk('api'), 'two')).rejects.toMatchObject({code: 'runbook.not-found'})
    expect(await linesOf('api')).toEqual([])
    expect(kept).toBe(1)
  })

  it('is not remembered where two files may be meant', async () => {
    writeFileSync(join(folder, 'one.yaml'), RUNBOOK('api'))
    await linesOf('api')
    writeFileSync(join(folder, 'two.yaml'), RUNBOOK('api'))
    await expect(linesOf('api')).rejects.toMatchObject({code: 'runbook.invalid'})
    expect(kept).toBe(1)
  })
})
