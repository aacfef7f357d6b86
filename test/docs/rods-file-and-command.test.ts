import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {rodShelf} from '../../src/cli/rod-shelf.ts'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {planRod} from '../../src/rods/plan-rod.ts'
import {fencesOf} from './fences.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guide-'))
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

describe('the guide to flag files and scripts', () => {
  const blocks = fencesOf('docs/guide/rods-file-and-command.md', 'yaml')

  it.each(blocks.map((block, i) => [i + 1, block] as const))('block %i loads, and its rod has a plan for every position', async (_, block) => {
    writeFileSync(join(folder, 'scram.yaml'), `scram: 1\n${block}`)
    const opened = await openWorkspace({named: undefined, from: folder, home: null, env: {}, redactor: makeRedactor()})
    await opened.check()
    const shelf = rodShelf(opened)
    expect(opened.rods.ids()).toHaveLength(1)
    for (const id of opened.rods.ids()) {
      const rod = await shelf.get(id)
      for (const position of rod.positions) expect((await planRod(rod, position)).length).toBeGreaterThan(1)
    }
  })
})
