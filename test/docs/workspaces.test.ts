import {globSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {openRod} from '../../src/rods/open-rod.ts'
import {workspacesIn} from './yaml-fences.ts'

/** A page that shows a rod nobody can open costs its reader an outage: what is printed is opened here, drivers and probes too. */
const root = join(import.meta.dirname, '../..')
const pages = ['README.md', ...globSync('docs/**/*.md', {cwd: root})].sort()
const examples = pages.flatMap(page => workspacesIn(join(root, page)).map((text, i) => ({page, text, n: i + 1})))
/** What `env:NAME` of an example leads to: something of the right shape. */
const SECRETS: Readonly<Record<string, string>> = {'env:REDIS_URL': 'redis://scram:secret@redis.internal:6379/0'}

describe('the YAML of the documents', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-'))
  })
  afterAll(() => rmSync(folder, {recursive: true}))

  it('is found', () => {
    expect(examples.map(({page}) => page)).toEqual(expect.arrayContaining(['docs/guide/rods-redis.md', 'docs/guide/start.md']))
  })

  it.each(examples)('$page, workspace $n', async ({text}) => {
    writeFileSync(join(folder, 'scram.yaml'), text)
    const {rods, check} = await openWorkspace({named: folder, from: folder, home: null, env: {}, redactor: makeRedactor()})
    await check()
    for (const id of rods.ids()) {
      const rod = openRod(id, rods.definition(id), {
        folder,
        secret: async reference => SECRETS[reference] ?? 'secret',
        invalid: issues => rods.invalid(id, issues),
      })
      const [driver, probes] = await Promise.all([rod.driver(), rod.probes()])
      expect(driver.plan(rod.fullyIn).join('\n')).not.toContain('secret@')
      expect(probes.length > 0 || rod.noProbeBecause !== undefined).toBe(true)
    }
  })
})
