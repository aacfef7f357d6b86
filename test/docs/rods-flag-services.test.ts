import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {rodShelf} from '../../src/cli/rod-shelf.ts'
import {openWorkspace} from '../../src/config/open-workspace.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import type {Rod} from '../../src/rods/rod.ts'
import {fencesOf} from './fences.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guide-'))
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const SECRETS = ['UNLEASH_TOKEN', 'HEROKU_API_KEY', 'LAUNCHDARKLY_TOKEN', 'FASTLY_TOKEN', 'GITLAB_ADMIN_TOKEN']
const env = Object.fromEntries(SECRETS.map(name => [name, `canary-${name}`]))

/** What moves each rod all the way in: the last request of its plan. */
const LAST_REQUEST: Readonly<Record<string, string>> = {
  'new-checkout': 'POST https://flags.example.com/api/admin/projects/default/features/checkout-v2/environments/production/off',
  recommendations: '"path":"/parameters/rollout","value":"0"',
  'api-maintenance': '{"maintenance":true}',
  'search-suggestions': '{"op":"replace","path":"/environments/production/on","value":false}',
  'edge-uploads': 'item_value=refuse',
  'gitlab-read-only': 'PUT https://gitlab.example.com/api/v4/application/settings?maintenance_mode=true',
}

describe('the guide to flag services', () => {
  const blocks = fencesOf('docs/guide/rods-flag-services.md', 'yaml')

  it('has a block for each rod that is looked at here', () => {
    expect(blocks).toHaveLength(Object.keys(LAST_REQUEST).length)
  })

  it.each(blocks.map((block, i) => [i + 1, block] as const))(
    'block %i is a rod that opens, with a plan for every position and its secrets by name',
    async (_, block) => {
      writeFileSync(join(folder, 'scram.yaml'), `scram: 1\ncomponents: { api: { name: API } }\n${block}`)
      const opened = await openWorkspace({named: undefined, from: folder, home: null, env, redactor: makeRedactor()})
      await opened.check()
      const [id = ''] = opened.rods.ids()
      const rod: Rod = await rodShelf(opened).get(id)
      const [driver] = await Promise.all([rod.driver(), rod.probes()])
      const plans = rod.positions.map(position => driver.plan(position).join('\n'))
      expect(new Set(plans).size).toBe(rod.positions.length)
      expect(plans.at(-1)).toContain(LAST_REQUEST[id])
      expect(plans.join('\n')).not.toContain('canary')
    },
  )
})
