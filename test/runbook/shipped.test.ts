import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {workspaceJsonSchema} from '../../src/config/json-schemas.ts'
import {workspace} from '../../src/config/schema.ts'
import {parseSource} from '../../src/lib/yaml-source.ts'
import {findingLine} from '../../src/runbook/finding.ts'
import {foldRun} from '../../src/runbook/fold.ts'
import {checkInputs} from '../../src/runbook/inputs.ts'
import {runbookJsonSchema} from '../../src/runbook/json-schema.ts'
import {lintRunbook} from '../../src/runbook/lint.ts'
import {openRunbook} from '../../src/runbook/open-runbook.ts'
import {start} from './driving.ts'
import {ACTIONS, finished, World} from './world.ts'

const folder = join(import.meta.dirname, '../../runbooks')

/** The workspace as its file says. */
function sections() {
  const parsed = parseSource('scram.yaml', readFileSync(join(folder, 'scram.yaml'), 'utf8'))
  if (!parsed.ok) throw new Error(parsed.message)
  return workspace.parse(parsed.source.value)
}

/** A platform that is down until it is patched; withdrawing too early would show. */
function platform(): World {
  const world = new World()
  let isPatched = false
  world.fakes['probe/http'] = () => finished({ok: isPatched, samples: 5, failed: isPatched ? 0 : 5, error_rate: isPatched ? 0 : 1, p95_ms: 20})
  world.fakes['postmortem/draft'] = () => finished({path: 'postmortem.md'})
  world.command = ({argv}) => {
    expect(argv).toEqual(['scram', 'drill', 'patch'])
    isPatched = true
    return {end: 'exited', exitCode: 0, stdout: ''}
  }
  return world
}

describe('what we ship', () => {
  it('has a workspace that checks, with the rods and components of its runbooks', () => {
    const {rods, components} = sections()
    expect(Object.keys(rods)).toEqual(['api-maintenance', 'api-admit-rate', 'background-jobs', 'search'])
    expect(Object.keys(components)).toEqual(['production', 'development', 'api', 'database', 'status-site'])
    expect(workspaceJsonSchema()).toHaveProperty('title', 'scram.yaml')
  })

  it('has a drill runbook without a finding', async () => {
    const {rods, components} = sections()
    const loaded = await openRunbook(folder, 'drill-routing')
    const findings = await lintRunbook(loaded, {
      actions: ACTIONS,
      names: {rods: Object.keys(rods), components: Object.keys(components), guarded: [], broken: {}, banks: [], cadenceMs: {sev1: 1_200_000}},
    })
    expect(findings.map(findingLine)).toEqual([])
  })

  it('replays the drill unattended, in seconds, from opening to draft', async () => {
    const {runbook, ...rest} = await openRunbook(folder, 'drill-routing')
    const {values, missing} = checkInputs(runbook, {router: 'http://127.0.0.1:4123', auto: 'true', alert: '2026-11-24T10:48:21.303Z'})
    expect(missing).toEqual([])
    const world = platform()
    const begin = world.clock.now()
    const result = await start(world, {runbook, ...rest}, {yes: true, inputs: values})
    expect(result).toMatchObject({outcome: 'done', exit: 0, rodsIn: [], outputs: {draft: 'postmortem.md'}})
    expect(world.clock.now() - begin).toBeLessThan(20_000)
    const skipped = Object.entries(foldRun('r-test', world.log)?.steps ?? {}).filter(([, {status}]) => status === 'skipped')
    expect(skipped.map(([instance]) => instance)).toEqual(['fault', 'finding'])
  })

  it('parks for the person where nobody said auto', async () => {
    const {runbook, ...rest} = await openRunbook(folder, 'drill-routing')
    const {values} = checkInputs(runbook, {router: 'http://127.0.0.1:4123'})
    expect(await start(platform(), {runbook, ...rest}, {yes: true, inputs: values})).toMatchObject({exit: 4, reason: 'manual', step: 'fault'})
  })

  it('has a schema for editors with one branch a step kind', () => {
    const schema = JSON.stringify(runbookJsonSchema(['note']))
    expect(schema).toContain('"oneOf"')
    for (const key of ['uses', 'run', 'manual', 'wait', 'wait_until', 'steps', 'parallel', 'call']) expect(schema).toContain(`"required":["${key}"`)
  })
})
