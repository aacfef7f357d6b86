import {describe, expect, it} from '@jest/globals'
import {answerRetry, answerSkip, waitForApproval} from '../../src/runbook/answers.ts'
import {startRun} from '../../src/runbook/engine.ts'
import {foldRun, type RunState} from '../../src/runbook/fold.ts'
import type {Loaded} from '../../src/runbook/load.ts'
import type {RunPorts} from '../../src/runbook/ports.ts'
import {startFrom} from '../../src/runbook/start-from.ts'
import {obedient} from './crashing.ts'
import {resume, runbookOf, start} from './driving.ts'
import {ACTIONS, failed, finished, World} from './world.ts'

const never = new AbortController().signal
const OPTIONS = {run: 'r-test', inputs: {}, mode: 'auto', by: 'ada', yes: true, stop: never, kill: never} as const

function world(): World {
  const made = new World()
  obedient(made)
  return made
}

function stateOf(made: World): RunState {
  const state = foldRun('r-test', made.log)
  if (!state) throw new Error('no run')
  return state
}

const statuses = (made: World) => Object.fromEntries(Object.entries(stateOf(made).steps).map(([at, {status}]) => [at, status]))
const effects = (made: World) => made.calls.filter(({instance}) => !/\/(?:probe|verify)$/.test(instance)).map(({key}) => key.replace('r-test/', ''))
const startAt = (made: World, runbook: Loaded, from: string) => startRun(made.ports(), runbook, {...OPTIONS, from: startFrom(runbook.runbook, ACTIONS, from)})

describe('--from', () => {
  it('leaves out what lies in groups and parallels without an id', async () => {
    const steps = `
  - parallel: [{ id: p, run: [go] }, { id: q, run: [go] }]
  - steps:
      - { id: a, run: [go] }
      - parallel: [{ id: r, run: [go] }]
  - { id: b, run: [go] }
`
    const made = world()
    expect(await startAt(made, runbookOf(steps), 'b')).toMatchObject({outcome: 'done'})
    expect(effects(made)).toEqual(['b'])
    expect(statuses(made)).toEqual({p: 'skipped', q: 'skipped', a: 'skipped', r: 'skipped', b: 'finished'})
  })

  it('a step of a parallel leaves out what is written before it there', async () => {
    const made = world()
    const steps = '  - { id: a, run: [go] }\n  - parallel: [{ id: p, run: [go] }, { id: q, run: [go] }, { id: r, run: [go] }]\n  - { id: b, run: [go] }\n'
    await startAt(made, runbookOf(steps), 'q')
    expect(effects(made)).toEqual(['q', 'r', 'b'])
  })

  it('a step of a loop, named without its item, begins with the first round', async () => {
    const made = world()
    const steps = '  - { id: a, run: [go] }\n  - { id: l, for_each: [x, y], steps: [{ id: s, run: [go] }, { id: t, run: [go] }] }\n  - { id: b, run: [go] }\n'
    await startAt(made, runbookOf(steps), 't')
    expect(effects(made)).toEqual(['l[x]/t', 'l[y]/s', 'l[y]/t', 'b'])
  })

  it.each([
    ['l[z]/s', 'l goes over x, y'],
    ['a[x]', 'a is no loop'],
    ['g/b', 'leaves out a, and g needs steps.a.text'],
  ])('%s is refused before anything is recorded', (from, words) => {
    const steps = `
  - { id: a, run: [go], outputs: text }
  - { id: l, for_each: [x, y], steps: [{ id: s, run: [go] }] }
  - { id: g, if: steps.a.text == "x", steps: [{ id: b, run: [go] }] }
`
    expect(() => startFrom(runbookOf(steps).runbook, ACTIONS, from)).toThrow(words)
  })

  it('a round named by a part of its path stays that round', () => {
    const steps = '  - { id: o, steps: [{ id: l, for_each: [x, y], steps: [{ id: s, run: [go] }] }] }\n'
    expect(startFrom(runbookOf(steps).runbook, ACTIONS, 'l[y]/s')).toBe('o/l[y]/s')
  })

  it('an item that the loop turns out not to have stops before anything is left out', async () => {
    const made = world()
    const steps = "  - { id: l, for_each: \"['x', 'y']\", steps: [{ id: s, run: [go] }] }\n  - { id: b, run: [go] }\n"
    expect(await startAt(made, runbookOf(steps), 'l[z]/s')).toMatchObject({outcome: 'parked', exit: 1, step: 'l', needs: expect.stringContaining('x, y')})
    expect(effects(made)).toEqual([])
  })
})

describe('an undo of the group', () => {
  it('without an id takes back that group, not what stands beside it', async () => {
    const steps = `
  - { id: a, run: [go], undo: { run: [back] } }
  - steps:
      - { id: b, run: [go], undo: { run: [back] } }
      - { steps: [{ id: d, run: [go], undo: { run: [back] } }] }
      - { id: c, run: [broken], on_failure: { undo: group, then: continue } }
`
    const made = world()
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'done_with_failures'})
    expect(effects(made)).toEqual(['a', 'b', 'd', 'd/undo', 'b/undo'])
  })

  it('that withdraws a rod does not advise --yes, which cannot answer it', async () => {
    const steps = `
  - { id: rod, uses: rod/insert, with: { rod: api, why: w }, undo: { uses: rod/withdraw, with: { rod: api } } }
  - { id: c, run: [broken], on_failure: { undo: run, then: continue } }
`
    const made = world()
    const {answers} = await start(made, runbookOf(steps))
    expect(answers.filter(line => line.includes('--yes'))).toEqual([])
    expect(answers[0]).toContain('scram resume')
  })
})

describe('the question before a command', () => {
  it.each([
    ['its arguments apart', 'run: [rm, "a b", "x;y", plain]', ['rm "a b" "x;y" plain']],
    [
      'what a script is given, secrets by name',
      `run: "fleet scale $N\\necho ok", env: { N: "\${{ inputs.n }}" }, secrets: { T: "env:T" }`,
      ['fleet scale $N\necho ok', 'with N="12 34"', 'secrets T from env:T'],
    ],
  ])('shows %s', async (_, kind, lines) => {
    const made = world()
    made.responder = () => ({answer: 'stop'})
    await start(made, runbookOf(`  - { id: go, ${kind}, confirm: true }\n`, 'inputs: { n: { default: 12 34 } }\n'), {yes: false, inputs: {n: '12 34'}})
    expect(made.questions[0]?.lines).toEqual(lines)
  })
})

describe('--step', () => {
  it('asks before each step of a parallel, too', async () => {
    const made = world()
    made.responder = () => {
      if (made.questions.length > 20) throw new Error('asked for ever')
      return {answer: 'yes'}
    }
    const steps = '  - parallel: [{ id: p, run: [go] }, { id: q, run: [go] }]\n'
    let turns = 0
    const real = made.ports()
    const now = () => {
      if (++turns > 200) throw new Error('goes round for ever')
      return real.clock.now()
    }
    const ports: RunPorts = {...real, clock: {...real.clock, now}}
    expect(await startRun(ports, runbookOf(steps), {...OPTIONS, stepwise: true})).toMatchObject({outcome: 'done'})
    expect(made.questions.map(({step}) => step)).toEqual(['p', 'q'])
  })
})

describe('an approval', () => {
  const STEPS = '  - { id: push, run: [go], approve: { from: [ops], timeout: 10m } }\n  - { id: pull, run: [go], approve: { from: [ops] } }\n'

  it('is not waited for any more at a step that was skipped', async () => {
    const made = world()
    await start(made, runbookOf(STEPS))
    await made.ports().append(answerSkip(stateOf(made), {by: 'bob'}))
    expect(waitForApproval(stateOf(made))).toEqual([])
    expect(await resume(made)).toMatchObject({reason: 'approve', step: 'pull'})
    expect(waitForApproval(stateOf(made))).toEqual(['pull'])
  })

  it('is over when the wall clock says so, although the machine slept', async () => {
    const made = world()
    const begin = made.clock.ticks()
    made.responder = question => {
      if (made.questions.length === 1) {
        void made.clock.sleep(1000).then(() => made.clock.suspend(600_000))
        return new Promise(() => {})
      }
      return question.answers.includes('override') ? {answer: 'override', why: 'nobody is there'} : {answer: 'stop'}
    }
    await start(made, runbookOf(STEPS.split('\n')[0] ?? ''))
    expect(made.questions.map(({answers}) => answers.includes('override'))).toEqual([false, true])
    expect(made.clock.ticks() - begin).toBeLessThanOrEqual(30_000)
  })

  it('counts one that comes between the asking and the park, which nobody would count later', async () => {
    const made = world()
    const own = made.ports()
    const append: RunPorts['append'] = async drafts => {
      const events = await own.append(drafts)
      const asked = drafts.some(({kind}) => kind === 'timer.set')
      if (asked)
        made.answerFromElsewhere([{kind: 'decision.recorded', data: {run: 'r-test', step: 'push', of: 'approve', value: {role: 'ops'}, by: 'ben'}}], 'ben')
      return events
    }
    expect(await startRun({...own, ask: null, append}, runbookOf(STEPS.split('\n')[0] ?? ''), OPTIONS)).toMatchObject({outcome: 'done'})
  })

  it('with on_timeout: stop parks once its time is over', async () => {
    const made = world()
    made.responder = () => {
      if (made.questions.length > 1) throw new Error('asked again')
      return new Promise(() => {})
    }
    const steps = '  - { id: push, run: [go], approve: { from: [ops], timeout: 10m, on_timeout: stop } }\n'
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'parked', exit: 4, reason: 'approve', step: 'push'})
  })
})

describe('two answers to one question', () => {
  const steps = '  - { id: push, run: [push] }\n  - { id: look, manual: Look }\n'

  async function unknown(): Promise<World> {
    const made = world()
    made.command = () => ({end: 'unknown', reason: 'lost'})
    await start(made, runbookOf(steps))
    return made
  }

  it('the first counts: what is finished is not run again, nor skipped', async () => {
    const made = await unknown()
    const before = stateOf(made)
    const at = {run: 'r-test', step: 'push#1', by: 'person'} as const
    await made.ports().append([{kind: 'step.settled', data: {...at, as: 'finished'}}])
    await made.ports().append(answerRetry(before, {by: 'bob'}))
    expect(statuses(made)).toEqual({push: 'finished'})
    await made.ports().append(answerSkip(before, {by: 'bob'}))
    expect(statuses(made)).toEqual({push: 'finished'})
  })
})

describe('an answer from elsewhere while the driver is busy with the step', () => {
  it('is not run over by what the world says a moment later', async () => {
    const made = world()
    made.command = () => ({end: 'unknown', reason: 'lost'})
    made.fakes['probe/http'] = () => {
      if (!made.kinds().includes('step.settled'))
        made.answerFromElsewhere([{kind: 'step.settled', data: {run: 'r-test', step: 'push#1', by: 'person', as: 'skipped'}}], 'bob')
      return finished({ok: false})
    }
    const steps = '  - { id: push, run: [push], verify: { uses: probe/http, with: { url: u }, within: 1s, every: 1s } }\n'
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'done', counts: {skipped: 1}})
    expect(made.kinds().filter(kind => kind === 'step.started')).toHaveLength(1)
  })

  it('comes before the next retry', async () => {
    const made = world()
    made.fakes['probe/http'] = () => failed()
    void made.clock.sleep(2000).then(() => made.answerFromElsewhere(answerSkip(stateOf(made), {by: 'bob'}), 'bob'))
    const steps = '  - { id: p, uses: probe/http, with: { url: u }, retry: { max: 2, delay: 5s } }\n'
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'done', counts: {skipped: 1}})
    expect(made.kinds().filter(kind => kind === 'step.started')).toHaveLength(1)
  })
})

describe('what comes next', () => {
  it('is not the first step of the list when an undo runs', async () => {
    const made = world()
    await start(made, runbookOf('  - { id: a, run: [go], undo: { run: [back] } }\n  - { id: c, run: [broken], on_failure: { undo: run, then: continue } }\n'))
    expect(made.news.filter(({event, step}) => event === 'step.started' && step === 'a/undo').map(({next}) => next)).toEqual([undefined])
  })
})

describe('the promise clock', () => {
  it('does not cut into a step that is being verified', async () => {
    const made = world()
    let isVerifying = false
    let cuts = 0
    let looks = 0
    made.fakes['probe/http'] = () => {
      isVerifying = ++looks < 3
      return finished({ok: looks >= 3})
    }
    const ports: RunPorts = {
      ...made.ports(),
      between: () => {
        if (isVerifying) cuts++
        return Promise.resolve(true)
      },
    }
    await startRun(ports, runbookOf('  - { id: a, run: [go], verify: { uses: probe/http, with: { url: u } } }\n'), OPTIONS)
    expect([looks, cuts]).toEqual([3, 0])
  })
})

describe('a record that cannot be written', () => {
  it('ends the run for every branch: nothing is begun afterwards', async () => {
    const made = world()
    const real = made.ports()
    let appends = 0
    const ports: RunPorts = {
      ...real,
      append: drafts => (++appends === 2 ? Promise.reject(new Error('full')) : real.append(drafts)),
    }
    const steps = '  - parallel: [{ id: p, run: [go] }, { id: q, run: [go] }]\n'
    await expect(startRun(ports, runbookOf(steps), OPTIONS)).rejects.toThrow('full')
    expect(effects(made)).toEqual([])
  })
})
