import {globSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {openRod} from '../../src/rods/open-rod.ts'
import {planRod} from '../../src/rods/plan-rod.ts'
import type {Rod} from '../../src/rods/rod.ts'
import {fencesIn} from './fences.ts'

/** A page that shows a rod nobody can open costs its reader an outage: all YAML that is printed is opened here, rod by rod. */
const root = join(import.meta.dirname, '../..')
const pages = ['README.md', ...globSync('docs/**/*.md', {cwd: root})].sort()
const blocks = pages.flatMap(page =>
  fencesIn(readFileSync(join(root, page), 'utf8'))
    // Runbooks and their tests are tried by test/cli/runbook-test.test.ts.
    .filter(({language, body}) => language === 'yaml' && !/^runbook:/m.test(body))
    .map(({body}, i) => ({page, body, n: i + 1})),
)
/** What a reference leads to, where it must have a shape. */
const SECRETS: Readonly<Record<string, string>> = {'env:REDIS_URL': 'redis://scram:canary@redis.internal:6379/0'}

/** What moves a rod all the way in is a promise of its page: part of the last request. */
const LAST_REQUEST: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/guide/rods-flag-services.md': {
    'new-checkout': 'POST https://flags.example.com/api/admin/projects/default/features/checkout-v2/environments/production/off',
    recommendations: '"path":"/parameters/rollout","value":"0"',
    'api-maintenance': '{"maintenance":true}',
    'search-suggestions': '{"op":"replace","path":"/environments/production/on","value":false}',
    'edge-uploads': 'item_value=refuse',
    'gitlab-read-only': 'PUT https://gitlab.example.com/api/v4/application/settings?maintenance_mode=true',
  },
}

describe('the YAML of the documents', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-'))
  })
  afterAll(() => rmSync(folder, {recursive: true}))

  async function rodsOf(body: string): Promise<readonly Rod[]> {
    // A part of a workspace stands below `scram: 1`; components that it names are elsewhere in the file.
    writeFileSync(join(folder, 'scram.yaml'), body.includes('scram: 1') ? body : `scram: 1\ncomponents: { api: { name: API } }\n${body}`)
    const {rods, check} = await openWorkspace({named: folder, from: folder, home: null, env: {}, redactor: makeRedactor()})
    await check()
    const secret = async (reference: string) => SECRETS[reference] ?? 'canary'
    return rods.ids().map(id => openRod(id, rods.definition(id), {folder, secret, invalid: issues => rods.invalid(id, issues)}))
  }

  it('is found, and every block is a workspace or the rods of one', () => {
    expect(blocks.map(({page}) => page)).toEqual(expect.arrayContaining(['docs/guide/rods.md', 'docs/guide/rods-redis.md', 'docs/guide/start.md']))
    expect(blocks.filter(({body}) => !/^(scram|rods):/m.test(body))).toEqual([])
  })

  it.each(blocks)('$page, block $n: each rod opens, with a plan for every position and no secret in it', async ({page, body}) => {
    for (const rod of await rodsOf(body)) {
      const [driver, probes] = await Promise.all([rod.driver(), rod.probes(), rod.bypass(), rod.withdrawal()])
      expect(probes.length > 0 || rod.noProbeBecause !== undefined).toBe(true)
      const plans = rod.positions.map(position => driver.plan(position).join('\n'))
      expect(new Set(plans).size).toBe(rod.positions.length)
      expect(plans.at(-1)).toContain(LAST_REQUEST[page]?.[rod.id] ?? '')
      expect(plans.join('\n')).not.toContain('canary')
      expect((await planRod(rod, rod.fullyIn)).length).toBeGreaterThan(1)
    }
  })

  it('has every rod whose last request is promised', async () => {
    for (const [page, requests] of Object.entries(LAST_REQUEST)) {
      const rods = await Promise.all(blocks.filter(block => block.page === page).map(({body}) => idsOf(body)))
      expect(rods.flat()).toEqual(expect.arrayContaining(Object.keys(requests)))
    }
  })
})

/** The keys right below `rods:`. */
function idsOf(body: string): readonly string[] {
  return [...body.matchAll(/^ {2}([a-z][a-z0-9-]*):$/gm)].flatMap(([, id]) => id ?? [])
}
