import {beforeEach, describe, expect, it} from '@jest/globals'
import {checkRunbook} from '../../src/runbook/check.ts'
import {findingLine} from '../../src/runbook/finding.ts'
import {loadRunbook} from '../../src/runbook/load.ts'
import {differences} from '../../src/runbook/run-plan.ts'
import {Outlook, row} from './checking.ts'
import {failed, finished} from './world.ts'

let outlook: Outlook
beforeEach(() => {
  outlook = new Outlook()
})

const PROBE = '  - {id: probe, uses: probe/http, with: {url: "http://x"}}\n'
const silent = () => ({'probe/http': () => failed('net.unreachable')})
const note = (id: string, more: string) => `  - {id: ${id}, uses: note, with: {text: t}, ${more}}\n`

describe('an if', () => {
  it('is decided by what the probe shows now', async () => {
    const checked = await outlook.check(`${PROBE}${note('yes', 'if: steps.probe.ok')}${note('no', 'if: "!steps.probe.ok"')}`)
    expect([row(checked, 'yes').branch, row(checked, 'no').branch, row(checked, 'no').because]).toEqual(['yes', 'no', 'is false: !steps.probe.ok'])
    expect(outlook.asked).toEqual(['probe/http'])
  })

  it('is unknown where the probe does not answer: the step stays in sight with its effect', async () => {
    outlook.looks = silent()
    const checked = await outlook.check(`${PROBE}${note('then', 'if: steps.probe.ok')}`)
    expect(row(checked, 'probe')).toMatchObject({isKnown: false, seen: 'no answer: net.unreachable it was', finding: null})
    expect(row(checked, 'then')).toMatchObject({branch: 'maybe', because: 'not known yet: steps.probe.ok', lines: ['note {"text":"t"}', 'records note']})
    expect(checked.findings).toEqual([])
  })

  it.each([
    ['false && unknown', 'false && steps.probe.ok', 'no'],
    ['true || unknown', 'true || steps.probe.ok', 'yes'],
    ['true && unknown', 'true && steps.probe.ok', 'maybe'],
    ['has() of an output', 'has(steps.probe.ok)', 'maybe'],
    ['!has() of a step', '!has(steps.probe)', 'maybe'],
  ])('%s', async (_, condition, branch) => {
    outlook.looks = silent()
    expect(row(await outlook.check(`${PROBE}${note('then', `if: "${condition}"`)}`), 'then').branch).toBe(branch)
  })

  it('that fails and looks at nothing unknown is a finding, for a run would fail there', async () => {
    outlook.looks = {'probe/http': () => finished({ok: true})}
    const checked = await outlook.check(`${PROBE}${note('then', 'if: steps.probe.status > 500')}`)
    expect(checked.findings).toEqual([expect.stringMatching(/^then: steps\.probe\.status > 500: .*status/)])
  })

  it('over a step that is left out is a finding, too', async () => {
    const checked = await outlook.check(`  - {id: probe, if: "false", uses: probe/http, with: {url: "http://x"}}\n${note('then', 'if: steps.probe.ok')}`)
    expect(checked.findings).toHaveLength(1)
    expect(outlook.asked).toEqual([])
  })
})

describe('a text', () => {
  it('shows what is not known yet, and what is known as it is', async () => {
    outlook.looks = silent()
    const steps = `${PROBE}  - {id: say, uses: note, with: {text: "\${{ inputs.who }} sees \${{ steps.probe.status }}"}}\n`
    const checked = await outlook.check(steps, 'inputs: {who: {type: string, default: x}}\n', {who: 'ada'})
    expect(row(checked, 'say').sent).toEqual({text: 'ada sees ‹steps.probe.status?›'})
  })

  it('that a person will give is unknown, and no fault of it', async () => {
    const manual = '  - {id: fault, manual: Find it, evidence: required, outputs: {cause: string}}\n'
    const checked = await outlook.check(`${manual}  - {id: say, uses: note, with: {text: "\${{ steps.fault.cause }}"}}\n`)
    expect(row(checked, 'fault').asks).toEqual(['a person: Find it', 'and says: evidence (a text or a file), cause (string)'])
    expect(row(checked, 'say').sent).toEqual({text: '‹steps.fault.cause?›'})
  })

  it('that becomes an option is a finding before anything runs', async () => {
    const checked = await outlook.check(`  - {id: go, run: [deploy, "\${{ inputs.what }}"]}\n`, 'inputs: {what: {type: string}}\n', {what: '-x'})
    expect(checked.findings).toEqual([expect.stringContaining('a value may not become an option')])
  })

  it('holds no secret, wherever it came from', async () => {
    const checked = await outlook.check(
      `  - {id: go, run: [deploy, "\${{ inputs.what }}"], confirm: "With \${{ inputs.what }}?"}\n`,
      'inputs: {what: {type: string}}\n',
      {what: 'hunter2secret'},
    )
    expect(JSON.stringify(checked)).not.toContain('hunter2secret')
  })
})

describe('what runs and waits', () => {
  it('runs the check of a command, never the command', async () => {
    const checked = await outlook.check(
      '  - {id: go, run: [deploy, now], check: [deploy, --dry-run]}\n  - {id: bare, run: [deploy, later], effect: idempotent, secrets: {TOKEN: "env:TOKEN"}}\n',
    )
    expect(outlook.tried).toEqual([['deploy', '--dry-run']])
    expect(row(checked, 'go')).toMatchObject({seen: 'exit 0', lines: ['would run deploy now', 'its check: deploy --dry-run']})
    expect(row(checked, 'bare').lines).toEqual(['would run deploy later', 'secrets TOKEN from env:TOKEN'])
  })

  it('finds fault when that check says no', async () => {
    outlook.tries = () => ({end: 'exited', exitCode: 3, stdout: 'not now'})
    expect((await outlook.check('  - {id: go, run: [deploy], check: [deploy, --dry-run]}\n')).findings).toEqual(['go: its check says no: exit 3: not now'])
  })

  it('samples a wait once', async () => {
    outlook.looks = {'probe/http': () => finished({ok: true, error_rate: 0.2})}
    const wait = (id: string, until: string) => `  - {id: ${id}, wait_until: "${until}", for: 2m, probe: {uses: probe/http, with: {url: "http://x"}}}\n`
    const checked = await outlook.check(
      `${wait('holds', 'result.ok')}${wait('fails', 'result.error_rate < 0.1')}${note('after', 'if: steps.holds.ok && steps.fails.ok')}`,
    )
    expect(row(checked, 'holds')).toMatchObject({seen: expect.stringContaining('holds now'), isKnown: true})
    expect(row(checked, 'fails')).toMatchObject({seen: expect.stringContaining('does not hold now'), isKnown: false})
    expect([row(checked, 'after').branch, outlook.asked.length]).toEqual(['maybe', 2])
  })

  it('says who would be asked for what', async () => {
    const checked = await outlook.check('  - {id: go, run: [deploy], confirm: Sure?, approve: {from: [ops, ic], timeout: 10m}}\n')
    expect(row(checked, 'go').asks).toEqual([expect.stringContaining('an approval from ops or ic, for 10m'), 'asks whoever drives: Sure?'])
  })

  it('says what verifies it and what would undo it', async () => {
    const verify = `verify: {uses: probe/command, with: {argv: [show]}, expect: result.ok}, undo: {run: [rollback, "\${{ steps.go.text }}"]}, outputs: text`
    expect(row(await outlook.check(`  - {id: go, run: [deploy], ${verify}}\n`), 'go').lines.slice(1)).toEqual([
      'then probe/command {"argv":["show"]}, until result.ok, at most 30s',
      'to undo it: rollback ‹steps.go.text?›',
    ])
  })

  it('says so of a step in a parallel and of what a person does, too: the script, what it is given, what verifies it', async () => {
    const undo = `undo: {run: 'rm "$WHAT"', env: {WHAT: "\${{ inputs.what }}"}, secrets: {KEY: "env:KEY"}, verify: {uses: probe/command, with: {argv: [gone]}}}`
    const steps = `  - parallel:\n      - {id: a, run: [make], ${undo}}\n      - {id: b, run: [other]}\n  - {id: m, manual: Do it, ${undo}}\n`
    const checked = await outlook.check(steps, 'inputs: {what: {type: string}}\n', {what: 'this one'})
    const lines = [
      'to undo it: rm "$WHAT"',
      '  with WHAT="this one"',
      '  secrets KEY from env:KEY',
      '  then probe/command {"argv":["gone"]}, until result.ok, at most 30s',
    ]
    expect(row(checked, 'a').lines.slice(1)).toEqual(lines)
    expect(row(checked, 'm').lines).toEqual(lines)
  })

  it('says where a failure leads: on to a later step and without what lies between, or back', async () => {
    const checked = await outlook.check(`
  - {id: a, run: [make], on_failure: {goto: d}}
  - {id: b, run: [b]}
  - parallel: [{id: c, run: [c]}]
  - {id: d, run: [d], on_failure: {goto: e}}
  - {id: e, run: [e], on_failure: {undo: run, then: stop}}
  - parallel: [{id: f, run: [f], on_failure: undo}]
`)
    const failing = (id: string) => row(checked, id).lines.filter(line => line.startsWith('if it fails'))
    expect(failing('a')).toEqual([expect.stringMatching(/^if it fails: goes on at d, without b, /)])
    expect([failing('d'), failing('e'), failing('f')]).toEqual([
      ['if it fails: goes on at e'],
      ['if it fails: the run is undone, newest first'],
      ['if it fails: its group is undone, newest first'],
    ])
    expect(failing('b')).toEqual([])
  })

  it('finds what an undo is given wrongly before anybody needs it', async () => {
    const input = 'inputs: {what: {type: string}}\n'
    const dashed = await outlook.check(`  - {id: a, run: [make], undo: {run: [rm, "\${{ inputs.what }}"]}}\n`, input, {what: '-rf'})
    expect(row(dashed, 'a').finding).toMatch(/-rf/)
    const missing = await outlook.check('  - {id: a, run: [make], undo: {uses: note, with: {}}}\n')
    expect(row(missing, 'a').finding).toMatch(/^its undo, note: /)
  })
})

describe('a look', () => {
  it('that never answers ends all the same, unknown', async () => {
    outlook.isHanging = true
    const checked = await outlook.check(`${PROBE}${note('then', 'if: steps.probe.ok')}`)
    expect([row(checked, 'probe').seen, row(checked, 'then').branch, checked.findings]).toEqual(['no answer within 10s', 'maybe', []])
  })

  it('that cannot even be made is a finding: a run would fail there', async () => {
    outlook.looks = {'probe/http': () => failed('secret.missing', false)}
    expect((await outlook.check(PROBE)).findings).toEqual(['probe: secret.missing: secret.missing it was'])
  })
})

describe('the world as planned', () => {
  const insert = (more = '') => `  - {id: put, uses: rod/insert, with: {rod: api, why: w}${more}}\n`
  const withdraw = '  - {id: out, uses: rod/withdraw, with: {rod: api}}\n'

  it('is what later steps meet', async () => {
    const checked = await outlook.check(`${insert()}${note('during', 'if: rods.inserted == 1')}${withdraw}${note('after', 'if: rods.inserted == 0')}`)
    expect([row(checked, 'during').branch, row(checked, 'after').branch]).toEqual(['yes', 'yes'])
    expect(row(checked, 'out').changes).toEqual([{what: 'rods.api', before: 'inserted', after: 'withdrawn'}])
  })

  it('is not known once a step that may not run changes it', async () => {
    outlook.looks = silent()
    const checked = await outlook.check(`${PROBE}${insert(', if: steps.probe.ok')}${note('after', 'if: rods.inserted == 0')}${withdraw}`)
    expect(row(checked, 'after').branch).toBe('maybe')
    expect(row(checked, 'out').changes).toEqual([{what: 'rods.api', before: 'inserted?', after: 'withdrawn'}])
  })

  it('has an incident after open, and open is left out where there is one', async () => {
    const open = (id: string) => `  - {id: ${id}, uses: open, with: {title: t}}\n`
    const checked = await outlook.check(
      `${open('first')}${open('second')}${note('then', 'if: incident.severity == "SEV1" && steps.second.outcome == "skipped"').replaceAll('"', "'")}`,
    )
    expect([row(checked, 'first').branch, row(checked, 'second').branch, row(checked, 'then').branch]).toEqual(['yes', 'no', 'yes'])
  })

  it('refuses what a run would be refused, and only "may" where that is not sure', async () => {
    outlook.refusals = {'rod/insert': 'guard.refused: two people'}
    expect((await outlook.check(insert())).findings).toEqual(['put: guard.refused: two people'])
    outlook.looks = silent()
    const unsure = await outlook.check(`${PROBE}${insert(', if: steps.probe.ok')}`)
    expect([unsure.findings, row(unsure, 'put').lines.at(-1)]).toEqual([[], 'may be refused: guard.refused: two people'])
  })
})

describe('groups, loops, calls', () => {
  it('walks a loop item by item', async () => {
    const checked = await outlook.check(`  - id: patch\n    for_each: [a, b]\n    steps:\n      - {id: push, run: [deploy, "\${{ item }}"]}\n`)
    expect(checked.rows.map(({instance, depth}) => [instance, depth])).toEqual([['patch', 0], ['patch[a]/push', 1], ['patch[b]/push', 1]]) // biome-ignore format: one look
    expect(row(checked, 'patch[b]/push').lines).toEqual(['would run deploy b'])
  })

  it('walks it once, with an item that is not known, where nobody can tell how many there are', async () => {
    outlook.looks = {'rod/list': () => failed('net.unreachable')}
    const loop = `  - id: each\n    for_each: steps.rods.inserted\n    steps:\n      - {id: out, uses: rod/withdraw, with: {rod: "\${{ item }}"}}\n`
    const checked = await outlook.check(`  - {id: rods, uses: rod/list}\n${loop}${note('after', 'if: steps.each.count > 0')}`)
    expect(row(checked, 'each').lines).toEqual(['number not known: steps.rods.inserted is known only in the run'])
    expect(row(checked, 'each[?]/out')).toMatchObject({branch: 'maybe', sent: {rod: '‹item?›'}})
    expect(row(checked, 'after').branch).toBe('maybe')
  })

  it('leaves a group out with a word about what is in it, and keeps a doubtful one in sight', async () => {
    outlook.looks = silent()
    const group = (id: string, condition: string) =>
      `  - id: ${id}\n    if: ${condition}\n    steps:\n      - {id: a, uses: note, with: {text: t}}\n      - {id: b, wait: 5m}\n`
    const checked = await outlook.check(
      `${PROBE}${group('gone', '"false"')}${group('doubt', 'steps.probe.ok')}${note('after', "if: steps.gone.outcome == 'skipped'")}${note('more', "if: steps.doubt.outcome == 'skipped'")}`,
    )
    expect(row(checked, 'gone').because).toBe('is false: false; 2 steps inside')
    expect([row(checked, 'doubt/a').branch, row(checked, 'doubt/b').branch]).toEqual(['maybe', 'maybe'])
    expect([row(checked, 'after').branch, row(checked, 'more').branch]).toEqual(['yes', 'maybe'])
  })

  it('walks a called runbook with its inputs, unknown ones among them', async () => {
    outlook.looks = silent()
    const inside = `scram: 1\nrunbook: inner\ntitle: I\ninputs: {to: {type: string}, why: {type: string}}\nsteps:\n  - {id: say, uses: note, with: {text: "\${{ inputs.to }} \${{ inputs.why }}"}}\n`
    const text = `scram: 1\nrunbook: test\ntitle: A test\nsteps:\n${PROBE}  - {id: other, call: inner, with: {to: public, why: "\${{ steps.probe.status }}"}}\n`
    const loading = loadRunbook('test.yaml', text, id => (id === 'inner' ? {path: 'inner.yaml', text: inside} : null))
    if (!loading.ok) throw new Error(loading.findings.map(findingLine).join())
    const checked = await checkRunbook(outlook.ports(), loading.loaded.runbook, {}, new AbortController().signal)
    expect(checked.findings).toEqual([])
    expect(row(checked, 'other')).toMatchObject({title: 'inner (inner)', lines: ['to: public', 'why: ‹steps.probe.status?›']})
    expect(row(checked, 'other/say')).toMatchObject({depth: 1, sent: {text: 'public ‹inputs.why?›'}})
  })

  it('looks at the members of a parallel, and judges by them afterwards', async () => {
    const steps = `  - parallel:\n      - {id: a, uses: probe/http, with: {url: "http://x"}}\n      - {id: b, run: [x]}\n${note('then', 'if: steps.a.ok')}${note('other', "if: steps.b.outcome == 'finished'")}`
    const checked = await outlook.check(steps)
    expect([row(checked, 'then').branch, row(checked, 'other').branch]).toEqual(['yes', 'maybe'])
  })
})

describe('a plan', () => {
  const steps = `${PROBE}  - {id: put, if: "!steps.probe.ok", uses: rod/insert, with: {rod: api, why: "seen \${{ steps.probe.status }}"}}\n`
  const seeing = (status: number) => {
    outlook = new Outlook()
    outlook.looks = {'probe/http': () => finished({ok: status === 200, status})}
    return outlook
  }

  it('is the same while only readings differ', async () => {
    const [first, second] = [await seeing(500).check(steps), await seeing(503).check(steps)]
    expect(row(second, 'put').sent).toEqual({rod: 'api', why: 'seen 503'})
    expect(second.plan).toEqual(first.plan)
  })

  it('is another when the branch is another, or the rod stands elsewhere; and says where', async () => {
    const agreed = (await seeing(500).check(steps)).plan
    const well = (await seeing(200).check(steps)).plan
    expect(well.hash).not.toBe(agreed.hash)
    expect(differences(agreed.entries, well.entries)).toContain('put: branch was yes, is no')
    seeing(500).rods['api'] = 'inserted'
    const moved = (await outlook.check(steps)).plan
    expect(differences(agreed.entries, moved.entries)).toEqual(['put: changes was rods.api: withdrawn → inserted, is rods.api: inserted → inserted'])
  })

  it('covers the exact requests, and steps that come or go', async () => {
    const agreed = (await seeing(500).check(steps)).plan
    expect(JSON.stringify(agreed.entries)).toContain('PUT api')
    const more = (await seeing(500).check(`${steps}  - {id: new, run: [x]}\n`)).plan
    expect(differences(agreed.entries, more.entries)).toEqual(['new: was not planned'])
    expect(differences(more.entries, agreed.entries)).toEqual(['new: was planned, is not any more'])
  })
})
