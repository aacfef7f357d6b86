import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {book, record} from './run-record.ts'
import {type Machine, machine} from './run-scram.ts'
import {type Terminal, terminal} from './terminal.ts'

jest.setTimeout(120_000)

let at: Machine
let screen: Terminal | null
beforeEach(() => {
  at = machine()
  screen = null
})
afterEach(async () => {
  screen?.end()
  await at.remove()
})
const is = (name: string) => existsSync(join(at.home, name))
const decisions = async () =>
  (await record(at)).filter(({kind}) => kind === 'decision.recorded').map(({data}) => [data.step, data['of'], data['value'], data['by'], data['why']])

describe('without a terminal', () => {
  it('--yes answers confirms and nothing else: manual, approve and an unknown step park with exit 4', async () => {
    book(
      at,
      'all',
      `
  - {id: sure, run: [touch, sure], confirm: Sure?}
  - {id: look, manual: Look, evidence: required, outputs: {cause: string}}
  - {id: push, run: [touch, pushed], approve: {from: []}}
  - {id: cut, run: 'kill -9 $$'}
`,
    )
    const first = await at.json(['run', 'all', '--yes'])
    expect([first.code, first.value]).toEqual([4, expect.objectContaining({event: 'run.parked', reason: 'manual', step: 'look', exit: 4})])
    expect(first.value['answers']).toEqual(expect.arrayContaining(['scram done look -m TEXT --output cause=…']))
    expect(is('sure')).toBe(true)
    const next = async (...args: string[]) => {
      const {code, stdout} = await at.run([...args, '--json'])
      const {reason, step} = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {reason?: string; step?: string}
      return [code, reason, step]
    }
    expect(await next('resume', '--yes')).toEqual([4, 'manual', 'look'])
    expect((await at.run(['done', '--output', 'caus=x', '-m', 'seen'])).stderr).toContain('there is no output caus; it takes cause')
    expect(await next('done', '--output', 'cause=x', '-m', 'seen', '--yes')).toEqual([4, 'approve', 'push'])
    expect(await next('resume', '--yes')).toEqual([4, 'approve', 'push'])
    expect(is('pushed')).toBe(false)
    expect((await at.run(['approve'], {env: {SCRAM_ACTOR: 'ben'}})).code).toBe(0)
    expect(await next('resume', '--yes')).toEqual([4, 'unknown', 'cut'])
    expect(await next('resume', '--yes')).toEqual([4, 'unknown', 'cut'])
    expect((await decisions()).filter(([, of]) => of === 'confirm')).toHaveLength(1)
  })

  it('a missing input and --step are usage errors, before anything is recorded', async () => {
    book(at, 'wants', '  - {id: a, run: [touch, a]}\n', 'inputs: {release: {type: string, required: true}}\n')
    expect(await at.run(['run', 'wants'])).toMatchObject({code: 64, stderr: expect.stringContaining('--input release=')})
    expect(await at.run(['run', 'wants', '--input', 'release=1', '--step'])).toMatchObject({code: 64, stderr: expect.stringContaining('--step')})
    expect(await at.run(['run', 'wants', '--check', '--from', 'a', '--input', 'release=1'])).toMatchObject({code: 64})
    expect(await record(at)).toEqual([])
  })
})

describe('an approval', () => {
  const steps = `
  - {id: open, uses: open, with: {title: It fails, severity: sev1, text: We look into it.}}
  - {id: push, run: [touch, pushed], approve: {from: [ops], timeout: 2s}}
`
  it('is no own yes, and wants the role: 77 each', async () => {
    book(at, 'guarded', steps)
    expect((await at.run(['run', 'guarded'], {env: {SCRAM_ACTOR: 'ada'}})).code).toBe(4)
    for (const [actor, words] of [
      ['ada', "ada drives this run: an approval is another person's"],
      ['ben', 'wants an approval from ops; ben holds no role'],
    ] as const)
      expect(await at.run(['approve'], {env: {SCRAM_ACTOR: actor}})).toMatchObject({code: 77, stderr: expect.stringContaining(words)})
    expect((await at.run(['assign', 'ops', '--to', 'ben'])).code).toBe(0)
    const approved = await at.run(['approve', 'push', '--why', 'looked at it'], {env: {SCRAM_ACTOR: 'ben'}})
    expect(approved).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^! run r-\w+ \(guarded\) waits: to be resumed: ben approved push: scram resume r-\w+\n$/m),
    })
    expect(approved.stderr).not.toContain('0 of 1')
    expect((await at.run(['status'])).stdout).toMatch(/parked at push: to be resumed: ben approved push\n/)
    await sleep(2100) // its time is over, and it was given before
    expect((await at.run(['watch', '--once'])).stdout).toMatch(/PARKED at push: to be resumed: ben approved push: scram resume/)
    expect(await at.run(['approve', 'push'], {env: {SCRAM_ACTOR: 'ben'}})).toMatchObject({code: 77, stderr: expect.stringContaining('has its approval')})
    expect((await at.run(['resume'], {env: {SCRAM_ACTOR: 'ada'}})).code).toBe(0)
    expect(await decisions()).toEqual([['push', 'approve', {role: 'ops'}, 'ben', 'looked at it']])
  })

  requireTool('script')('that is late may be gone on without by typing why, which is in the record and in the postmortem', async () => {
    book(at, 'guarded', steps)
    screen = await terminal(at, ['run', 'guarded'], {SCRAM_ACTOR: 'ada'})
    await screen.shows(/needs an approval from ops \(0 of 1\) by /)
    expect(screen.sent()).not.toContain('go on without the approval')
    await screen.shows(/its time is over[\s\S]*go on without the approval/)
    screen.type('\u001b[B\r')
    await screen.shows(/why go on without the approval/)
    screen.type('nobody answers and it burns\r')
    expect(await screen.ended()).toBe(0)
    expect(await decisions()).toEqual([['push', 'approve', {override: true}, 'ada', 'nobody answers and it burns']])
    const draft = await at.run(['postmortem', 'draft'])
    expect(draft.code).toBe(0)
    const {stdout} = await at.run([], {shell: 'cat $(find record -name "*.md")'})
    expect(stdout).toContain('nobody answers and it burns')
  })
})

describe('what a step may not do', () => {
  it('a file named on the command line and a step that does not wait are said to be so', async () => {
    book(at, 'one', '  - {id: look, manual: Look}\n')
    await at.run(['run', 'one'])
    for (const [args, code] of [
      [['done', 'nothing'], 77],
      [['retry', 'look'], 77],
      [['approve', 'look'], 77],
      [['resume', 'r-none'], 66],
      [['abort'], 64],
      [['skip', 'look', '--output', 'a=b'], 64],
    ] as const)
      expect([args, (await at.run(args)).code]).toEqual([args, code])
    expect((await at.run(['abort', '--why', 'tried enough'])).code).toBe(0)
    expect((await at.run(['resume'])).code).toBe(66)
  })

  it('a step is not left out without a reason; the reason is in the record and the timeline', async () => {
    book(at, 'two', '  - {id: look, manual: Look}\n  - {id: then, run: [touch, then]}\n')
    await at.run(['open', 'Down', '-s', 'sev3'])
    await at.run(['run', 'two'])
    const refused = await at.run(['skip', 'lo'])
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringMatching(/missing --why[\s\S]*scram skip lo --why TEXT/)])
    expect((await at.json(['skip', '--why', ' '])).code).toBe(64)
    expect([is('then'), (await record(at)).some(({kind}) => kind === 'step.skipped')]).toEqual([false, false])
    expect((await at.run(['skip', 'lo', '--why', 'seen from the other room'])).code).toBe(0)
    expect(is('then')).toBe(true)
    expect((await record(at)).find(({kind}) => kind === 'step.skipped')?.data).toMatchObject({
      step: 'look',
      reason: 'operator',
      why: 'seen from the other room',
    })
    expect((await at.run(['timeline'])).stdout).toMatch(/step look skipped \(operator\)[^\n]*seen from the other room/)
  })

  requireTool('script')('on a terminal the reason is asked for', async () => {
    book(at, 'two', '  - {id: look, manual: Look}\n  - {id: then, run: [touch, then]}\n')
    await at.run(['run', 'two'])
    screen = await terminal(at, ['skip'])
    await screen.shows(/why the step that waits is left out:/)
    screen.type('seen already\r')
    expect(await screen.ended()).toBe(0)
    expect((await record(at)).find(({kind}) => kind === 'step.skipped')?.data).toMatchObject({step: 'look', why: 'seen already'})
  })
})

describe('--from', () => {
  const steps = `
  - {id: seen, run: [echo, x], outputs: text}
  - {id: patch, for_each: [a, b], steps: [{id: push, run: [touch, "p-\${{ item }}"]}]}
  - {id: back, steps: [{id: push, run: [touch, other]}]}
  - {id: last, if: has(steps.seen.text), run: [touch, last]}
`
  it('refuses what it does not know, what is named twice, and what lacks an output; else says what it left out', async () => {
    book(at, 'long', steps)
    book(at, 'needs', '  - {id: seen, run: [echo, x], outputs: text}\n  - {id: say, run: [echo, "$' + '{{ steps.seen.text }}"]}\n')
    for (const [runbook, from, words] of [
      ['long', 'patsh', '--from patch'],
      ['long', 'push', 'several steps are named so: patch/push, back/push'],
      ['needs', 'say', 'leaves out seen, and say needs steps.seen.text'],
    ] as const)
      expect(await at.run(['run', runbook, '--from', from])).toMatchObject({code: 64, stderr: expect.stringContaining(words)})
    expect(await at.run(['run', 'long', '--from', 'patch[b]/push'])).toMatchObject({code: 0})
    expect(['p-a', 'p-b', 'other', 'last'].map(is)).toEqual([false, true, true, false])
    expect((await record(at)).filter(({data}) => data['reason'] === 'from').map(({data}) => data.step)).toEqual(['seen', 'patch[a]/push'])
  })

  it('past the opening of an incident wants one that is open: the run could never write into its own', async () => {
    book(
      at,
      'opens',
      '  - {steps: [{id: open, uses: open, with: {title: T, severity: sev3}}]}\n  - {id: go, for_each: [a], steps: [{id: say, uses: note, with: {text: x}}]}\n  - {id: end, run: [touch, end]}\n',
    )
    const refused = await at.run(['run', 'opens', '--from', 'go[a]/say'])
    expect([refused.code, refused.stderr]).toEqual([
      66,
      expect.stringMatching(
        /--from go\[a\]\/say leaves out the step that opens one: `say` \(note\)[\s\S]*scram open TITLE\n +scram run opens --from 'go\[a\]\/say'/,
      ),
    ])
    expect(await record(at)).toEqual([])
    expect((await at.run(['run', 'opens', '--from', 'end'])).code).toBe(0) // it writes nothing
    await at.run(['open', 'It fails'])
    expect((await at.run(['run', 'opens', '--from', 'go[a]/say'])).code).toBe(0)
  })
})
