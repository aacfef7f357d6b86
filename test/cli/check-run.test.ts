import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {type Switches, startSwitches, switchRod} from '../servers/switches.ts'
import {type Machine, machine, root} from './run-scram.ts'

/** Each starts the program several times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

let switches: Switches
let at: Machine
let names = 0
/** A rod of its own for each test: a switch keeps its position. */
let rod = ''
beforeAll(async () => {
  switches = await startSwitches()
})
afterAll(() => switches.close())
beforeEach(() => {
  at = machine()
  names += 1
  rod = `rod${names}`
})
afterEach(() => at.remove())

const SECRET = 'vk-live-38fjw0c7w2m1'

function workspace(steps: string, top = ''): void {
  const components = 'components: {api: {name: API}}'
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', components, 'rods:', switchRod(switches.url, rod), switchRod(switches.url, `${rod}b`), ''].join('\n'))
  writeFileSync(join(at.home, 'contain.yaml'), `scram: 1\nrunbook: contain\ntitle: Contain it\n${top}steps:\n${steps}`)
}

function inWorkspace(before: string, after: string): void {
  const file = join(at.home, 'scram.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(before, after))
}

/** Opens, inserts, runs, withdraws, resolves: a whole outage. */
const outage = () => `
  - {id: open, uses: open, with: {title: It fails, severity: sev1, components: {api: major_outage}, text: We look into it.}}
  - {id: probe, uses: probe/http, with: {url: "${switches.url}/app/${rod}x"}}
  - {id: put, uses: rod/insert, with: {rod: ${rod}, why: contain, expires: 1h}, confirm: Put it in?}
  - {id: fix, run: [touch, fixed], effect: idempotent, check: [test, -d, .], secrets: {TOKEN: "env:TOKEN"}}
  - {id: take, uses: rod/withdraw, with: {rod: ${rod}}, confirm: true}
  - {id: over, if: rods.inserted == 0 && steps.probe.ok, uses: resolve, with: {text: It works again., components: {api: operational}}}
`
const env = {TOKEN: SECRET}
const check = (...more: string[]) => at.run(['run', 'contain', '--check', ...more], {env})
const bytes = () =>
  readdirSync(join(at.home, 'record'), {recursive: true, encoding: 'utf8'})
    .filter(name => !name.startsWith('plans'))
    .sort()
    .map(name => [name, name.endsWith('.db') ? readFileSync(join(at.home, 'record', name)).toString('base64') : ''])
const kinds = async () =>
  (await at.run(['timeline', 'export'])).stdout
    .trim()
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as {kind: string; data: Record<string, unknown>})
async function plan(...inputs: readonly string[]): Promise<string> {
  const {value} = await at.json(['run', 'contain', '--check', ...inputs], {env})
  return (value['plan'] as {hash: string}).hash
}

describe('scram run --check', () => {
  it('shows each step with its exact effect, and leaves record, rods and folder as they were', async () => {
    workspace(outage())
    await at.run(['note', 'before', '--at', '-1m'])
    await at.run(['rod', 'list'])
    const before = bytes()
    const {code, stdout} = await check()
    expect(code).toBe(0)
    expect(stdout).toContain('incident.phase: none → open')
    expect(stdout).toContain(`PUT ${switches.url}/admin/${rod} {"position":"inserted"}`)
    expect(stdout).toContain(`rods.${rod}: inserted → withdrawn`)
    expect(stdout).toMatch(/→ over .*\n.*\n.*\n {4}incident\.phase: open → resolved/)
    expect(stdout).toContain('would run touch fixed')
    expect(stdout).toMatch(/plan [0-9a-f]{12}: scram run contain --plan [0-9a-f]{12}\n$/)
    expect(bytes()).toEqual(before)
    expect([switches.of(rod).calls, existsSync(join(at.home, 'fixed'))]).toEqual([[], false])
  })

  it('keeps no secret in what it shows or in the plan, also when a check prints it', async () => {
    workspace(outage().replace('check: [test, -d, .]', `check: [sh, -c, 'echo "got $TOKEN"']`))
    const {code, stdout, stderr} = await check()
    const [file = ''] = readdirSync(join(at.home, 'record/plans'))
    expect([code, stdout]).toEqual([0, expect.stringContaining('now: exit 0: got [redacted:secret]')])
    expect(stdout).toContain('secrets TOKEN from env:TOKEN')
    expect(`${stdout}${stderr}${readFileSync(join(at.home, 'record/plans', file), 'utf8')}`).not.toContain(SECRET)
  })

  it('ends where nothing answers, with ? and both ways still open', async () => {
    workspace(outage().replaceAll(`${switches.url}/app`, 'http://127.0.0.1:1/app'))
    const {code, stdout} = await check()
    expect(code).toBe(0)
    expect(stdout).toMatch(/\? probe .*\n.*\n {4}now: no answer: 127\.0\.0\.1:1 does not answer from here/)
    expect(stdout).toContain('? over  resolve  (not known yet: rods.inserted == 0 && steps.probe.ok)')
    expect(stdout).toContain('6 steps, 2 unknown, 0 left out, 0 findings')
  })

  it('says what a run would fail at, exit 1, and offers no plan', async () => {
    workspace(outage().replace('[test, -d, .]', '[test, -d, nowhere]'))
    const {code, stdout} = await check()
    expect([code, stdout]).toEqual([1, expect.stringContaining('✗ fix: its check says no: exit 1')])
    expect(stdout).not.toContain('--plan')
    workspace(outage().replace('uses: resolve', 'uses: resolv'))
    const lint = await check()
    expect([lint.code, lint.stdout]).toEqual([1, expect.stringMatching(/contain\.yaml:\d+:\d+ {2}E unknown-action/)])
  })

  it('wants its inputs as a run does, and one runbook that is there', async () => {
    workspace(outage(), 'inputs: {release: {type: string, required: true}}\n')
    expect((await check()).code).toBe(64)
    expect((await at.run(['run', 'nothing', '--check'])).code).toBe(66)
  })

  it('plans for the incident that is open, and leaves its own opening out', async () => {
    workspace(outage())
    await at.run(['open', 'Something', '-s', 'sev3', '-m', 'We look.'])
    expect((await check()).stdout).toContain('– open  (an incident is open already)')
  })

  it('takes the routing outage of the manual apart: loops, approvals, verification, a parallel, and ? at the end', async () => {
    const web = 'http://127.0.0.1:1'
    workspace(
      `
  - {id: open, uses: open, with: {title: Requests fail, severity: sev1, components: {api: major_outage}, text: We look into it.}}
  - {id: put, uses: rod/insert, with: {rod: ${rod}, why: contain, expires: 2h}, confirm: Put it in?, undo: {uses: rod/withdraw, with: {rod: ${rod}}}}
  - id: patch
    for_each: [canary, production]
    steps:
      - id: push
        approve: {from: [ops, ic], timeout: 10m}
        run: [routerctl, deploy, --pool, "\${{ item }}", --release, "\${{ inputs.release }}"]
        verify: {uses: probe/command, with: {argv: [routerctl, release, --pool, "\${{ item }}"]}, expect: result.stdout == inputs.release}
      - {id: healthy, wait_until: result.error_rate < 0.01, for: 2m, probe: {uses: probe/http, with: {url: "${web}/\${{ item }}", samples: 20}}}
  - {id: take, uses: rod/withdraw, with: {rod: ${rod}}, confirm: true}
  - parallel:
      - {id: routing_now, uses: probe/http, with: {url: "${web}/routing", samples: 50}}
      - {id: api_now, uses: probe/http, with: {url: "${web}/health", samples: 50}}
  - {id: over, if: rods.inserted == 0 && steps.routing_now.error_rate < 0.01 && steps.api_now.ok, uses: resolve, with: {text: It works.}}
  - {id: draft, uses: postmortem/draft}
`,
      `inputs: {release: {type: string, pattern: 'r-[0-9]+'}}\noutputs: {draft: "\${{ steps.draft.path }}"}\n`,
    )
    const {code, stdout} = await check('--input', 'release=r-1192')
    expect(code).toBe(0)
    expect(stdout).toContain('would run routerctl deploy --pool production --release r-1192')
    expect(stdout).toContain('then scram probe command argv=["routerctl","release","--pool","canary"], until result.stdout == inputs.release, at most 30s')
    expect(stdout).toContain('asks for an approval from ops or ic, for 10m')
    expect(stdout).toContain(`to undo it: scram rod withdraw rod=${rod}`)
    expect(stdout).toMatch(/^\? over /m)
    expect(stdout).toContain('output draft: ‹steps.draft.path?›')
  })
})

describe('scram run --plan', () => {
  it('runs what was agreed on, by any beginning of the hash, and says so in the record', async () => {
    workspace(outage())
    const hash = await plan()
    const {code, stderr} = await at.run(['run', 'contain', '--yes', '--plan', hash.slice(0, 8)], {env})
    expect([code, stderr]).toEqual([0, expect.any(String)])
    const started = (await kinds()).find(({kind}) => kind === 'run.started')
    expect(started?.data['plan']).toBe(hash)
    expect(existsSync(join(at.home, 'fixed'))).toBe(true)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['somebody moved it with scram', () => at.run(['in', rod, '--why', 'I could'])],
    ['somebody moved it past scram', async () => Object.assign(switches.of(rod), {position: 'half'})],
  ])('refuses after %s, with the lines that differ, and starts nothing', async (_, move) => {
    workspace(outage())
    const hash = await plan()
    await move()
    const calls = switches.of(rod).calls.length
    const {code, stderr} = await at.run(['run', 'contain', '--yes', '--plan', hash], {env})
    expect(code).toBe(77)
    expect(stderr).toMatch(new RegExp(`put: changes was rods\\.${rod}: withdrawn → inserted, is rods\\.${rod}: (inserted|half) → inserted`))
    expect([(await kinds()).filter(({kind}) => kind === 'run.started'), switches.of(rod).calls.length]).toEqual([[], calls])
  })

  it.each<[string, string, () => void]>([
    ['another runbook text', 'fix: sent was', () => workspace(outage().replace('[touch, fixed]', '[touch, other]'))],
    ['what would fail', 'its check says no', () => workspace(outage().replace('[test, -d, .]', '[test, -d, nowhere]'))],
    ['another request of a rod', 'put: sent was', () => inWorkspace('json: {position: "{value}"}', 'json: {position: "{value}", force: true}')],
  ])('refuses %s', async (_, words, change) => {
    workspace(outage())
    const hash = await plan()
    change()
    expect(await at.run(['run', 'contain', '--yes', '--plan', hash], {env})).toMatchObject({code: 77, stderr: expect.stringContaining(words)})
  })

  it('refuses with a command that can be pasted, inputs and all', async () => {
    workspace(`  - {id: say, uses: note, with: {text: "\${{ inputs.text }}"}}\n`, 'inputs: {text: {type: string}}\n')
    await at.run(['open', 'It fails', '-s', 'sev3', '-m', 'We look into it.'])
    const text = "it's down"
    const hash = await plan('--input', `text=${text}`)
    writeFileSync(join(at.home, 'contain.yaml'), readFileSync(join(at.home, 'contain.yaml'), 'utf8').replace('inputs.text }}', 'inputs.text }}!'))
    const {code, stderr} = await at.run(['run', 'contain', '--input', `text=${text}`, '--plan', hash])
    expect(code).toBe(77)
    const pasted = /scram (run contain .* --check)/.exec(stderr)?.[1] ?? ''
    expect(await at.run([], {shell: `$0 ${pasted}`})).toMatchObject({code: 0, stdout: expect.stringContaining(`${text}!`)})
  })

  it('knows the plans that were shown here, and no others', async () => {
    workspace(outage())
    expect(await at.run(['run', 'contain', '--plan', 'abcd1234'])).toMatchObject({code: 66})
    expect(await at.run(['run', 'contain', '--plan', 'nothing'])).toMatchObject({code: 64})
    const hash = await plan()
    const file = join(at.home, 'record/plans', `${hash}.json`)
    writeFileSync(file, readFileSync(file, 'utf8').replace('touch', 'rm'))
    expect(await at.run(['run', 'contain', '--plan', hash], {env})).toMatchObject({code: 65})
    expect((await at.run(['run', 'contain', '--plan', hash, '--check'])).code).toBe(64)
  })
})

describe('what we ship', () => {
  const given: Readonly<Record<string, readonly string[]>> = {
    'api-maintenance-in': ['reason=we move a database'],
    'bad-deploy': ['bad=r-1192', 'good=r-1191'],
    'dependency-outage': ['provider=Example DNS', 'effect=Names are not found.'],
    'drill-routing': ['router=http://127.0.0.1:1'],
    'first-five-minutes': ['what=Requests fail.'],
    'routing-outage': ['release=r-1192'],
    'status-page-unreachable': ['second_url=https://second.example.com'],
  }
  /** It takes an incident for granted: with none it would not go through, and the check says so. */
  const wantsIncident = ['api-maintenance-out']
  const shipped = readdirSync(join(root, 'runbooks')).filter(name => name.endsWith('.yaml') && name !== 'scram.yaml' && !name.endsWith('.test.yaml'))
  it.each(shipped)('%s can be checked where nothing answers, without a finding', async name => {
    const id = name.replace('.yaml', '')
    // Programs of somebody's own house, which say yes.
    const bin = join(at.home, 'bin')
    mkdirSync(bin, {recursive: true})
    writeFileSync(join(bin, 'dbctl'), '#!/bin/sh\n', {mode: 0o755})
    const inputs = (given[id] ?? []).flatMap(input => ['--input', input])
    const PATH = `${bin}:${process.env['PATH'] ?? '/usr/bin:/bin'}`
    const {code, stdout} = await at.run(['run', id, '--check', '--workspace', join(root, 'runbooks'), ...inputs], {env: {PATH}})
    expect([code, stdout]).toEqual(wantsIncident.includes(id) ? [1, expect.stringContaining('1 finding')] : [0, expect.stringContaining('0 findings')])
    expect((await kinds()).length).toBe(0)
  })
})
