// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {answerApprove} from '../../src/runbook/answer-approve.ts'
import {answerRetry, waitForApproval} from '../../src/runbook/answers.ts'
import {resumeRun, startRun} from '../../src/runbook/engine.ts'
import {foldRun, type RunState} from '../../src/runbook/fold.ts'
import type {Answer, Question} from '../../src/runbook/ports.ts'
import {obedient} from './crashing.ts'
import {loaded, resume, runbookOf, start} from './driving.ts'
import {finished, Killed, World} from './world.ts'

const never = new AbortController().signal

function world(answers: Readonly<Record<string, Answer>> = {}): World {
  const made = new World()
  obedient(made)
  made.responder = ({of, step}: Question) => {
    const answer = answers[`${of} ${step}`]
    if (!answer) throw new Error(`nobody answers "${of} ${step}"`)
    return answer
  }
  return made
}

function stateOf(made: World): RunState {
  const state = foldRun('r-test', made.log)
  if (!state) throw new Error('no run')
  return state
}

const statuses = (made: World) => Object.fromEntries(Object.entries(foldRun('r-test', made.log)?.steps ?? {}).map(([at, {status}]) => [at, status]))
const effects = (made: World) => made.calls.filter(({instance}) => !/\/(?:probe|verify)$/.test(instance)).map(({key}) => key.replace('r-test/', ''))

describe('undo', () => {
  it('runs newest first, also over an unknown step whose effect the world confirms, and not over one it denies', async () => {
    const steps = `
  - { id: a, run: [go], undo: { run: [back] } }
  - { id: b, uses: rod/insert, with: { rod: api, why: w }, undo: { run: [back] } }
  - { id: c, run: [broken], on_failure: { undo: run, then: stop } }
`
    const made = world()
    await start(made, runbookOf(steps))
    expect(effects(made)).toEqual(['a', 'b', 'b/undo', 'a/undo'])
  })

  it('waits until it is known what happened: the world, then a person', async () => {
    const steps = `
  - parallel:
      - { id: rod, uses: rod/insert, with: { rod: api, why: w }, undo: { run: [back] } }
      - { id: c, run: [broken], on_failure: { undo: run, then: stop } }
`
    const made = world({'unknown rod': {answer: 'stop'}})
    made.fakes['rod/insert'] = () => ({end: 'unknown', reason: 'the connection was lost'})
    const result = await start(made, runbookOf(steps))
    expect(result).toMatchObject({outcome: 'parked', reason: 'unknown', step: 'rod'})
    expect(effects(made)).toEqual([])
  })

  it('that withdraws a rod asks, whatever --yes says, and without a terminal parks', async () => {
    const steps = `
  - { id: rod, uses: rod/insert, with: { rod: api, why: w }, undo: { uses: rod/withdraw, with: { rod: api } } }
  - { id: c, run: [broken], on_failure: { undo: run, then: continue } }
`
    const made = world()
    made.responder = null
    expect(await start(made, runbookOf(steps), {yes: true})).toMatchObject({outcome: 'parked', exit: 4, reason: 'confirm', step: 'rod/undo', rodsIn: ['api']})
    const asked = world({'confirm rod/undo': {answer: 'yes'}})
    expect(await start(asked, runbookOf(steps), {yes: true})).toMatchObject({outcome: 'done_with_failures', rodsIn: []})
  })

  it('then done anew: everything that was taken back, in order, each under a new key', async () => {
    const steps = `
  - { id: a, run: [go], undo: { run: [back] } }
  - { id: b, run: [go], undo: { run: [back] } }
  - { id: c, run: [flaky, "1"], on_failure: { undo: run, then: ask } }
`
    const made = world({'failure c': {answer: 'again'}})
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'done'})
    expect(effects(made)).toEqual(['a', 'b', 'b/undo', 'a/undo', 'a~1', 'b~1', 'c'])
  })

  it('then done anew asks anew: the yes was to what has been taken back since', async () => {
    const steps = `
  - { id: a, run: [go], confirm: Really?, undo: { run: [back] } }
  - { id: c, run: [flaky, '1'], on_failure: { undo: run, then: ask } }
`
    const made = world({'confirm a': {answer: 'yes'}, 'failure c': {answer: 'again'}})
    expect(await start(made, runbookOf(steps), {yes: false})).toMatchObject({outcome: 'done'})
    expect(made.questions.map(({of, step, text}) => `${of} ${step}: ${text}`)).toEqual([
      'confirm a: Really?',
      expect.stringContaining('failure c'),
      'confirm a: Do it anew, after it was undone: go?',
    ])
    expect(effects(made)).toEqual(['a', 'a/undo', 'a~1', 'c'])
  })

  it('then done anew wants its approval anew, with its own time: it was for what has been taken back since', async () => {
    const steps = `
  - { id: a, run: [go], approve: { from: [ops], timeout: 10m }, undo: { run: [back] } }
  - { id: c, run: [flaky, '1'], on_failure: { undo: run, then: ask } }
`
    const made = world({'failure c': {answer: 'again'}})
    const approve = (by: string) =>
      made.answerFromElsewhere([{kind: 'decision.recorded', data: {run: 'r-test', step: 'a', of: 'approve', value: {role: 'ops'}, by}}], by)
    const asked = made.responder
    made.responder = question => {
      if (question.of !== 'approve') return asked?.(question) ?? {answer: 'stop'}
      if (made.questions.filter(({of}) => of === 'approve').length === 1) approve('grace')
      return question.text.includes('(0 of 1)') && effects(made).length > 0 ? {answer: 'stop'} : new Promise(() => {})
    }
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'parked', reason: 'approve', step: 'a', needs: 'an approval from ops (0 of 1)'})
    expect(effects(made)).toEqual(['a', 'a/undo'])
    expect(waitForApproval(stateOf(made))).toEqual(['a'])
    expect(new Set(made.log.flatMap(({kind, data}) => (kind === 'timer.set' && 'timer' in data ? [data.timer] : [])))).toEqual(
      new Set(['r-test/a/approve', 'r-test/a~1/approve']),
    )
    approve('grace')
    expect(await resume(made)).toMatchObject({outcome: 'done'})
    expect(effects(made)).toEqual(['a', 'a/undo', 'a~1', 'c'])
  })

  it('of a call, then done anew: the call is open again', async () => {
    const sub =
      'scram: 1\nrunbook: sub\ntitle: S\nsteps: [{ id: x, run: [go], undo: { run: [back] }, outputs: text }]\noutputs: { said: "${{ steps.x.text }}" }\n'
    const top =
      'scram: 1\nrunbook: test\ntitle: T\nsteps:\n  - { id: sub, call: sub }\n  - { id: c, run: [flaky, "1"], on_failure: { undo: run, then: ask } }\n'
    const made = world({'failure c': {answer: 'again'}})
    expect(await start(made, loaded(top, {sub}))).toMatchObject({outcome: 'done'})
    expect(effects(made)).toEqual(['sub/x', 'sub/x/undo', 'sub/x~1', 'c'])
  })
})

describe('a failure', () => {
  it('inside a parallel lets its siblings finish, starts none, and then asks', async () => {
    const steps = `
  - parallel:
      - { id: a, run: [broken] }
      - { id: b, wait: 10m }
      - { id: c, uses: probe/http, with: { url: u } }
  - { id: after, run: [go] }
`
    const made = world({'failure a': {answer: 'skip'}})
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'done'})
    expect(statuses(made)).toEqual({a: 'skipped', b: 'finished', c: 'finished', after: 'finished'})
    expect(made.questions.map(({of, step}) => `${of} ${step}`)).toEqual(['failure a'])
  })

  it('of the `if` of a group, the list of a loop, the inputs of a call fails before any effect, and asks', async () => {
    const sub = 'scram: 1\nrunbook: sub\ntitle: S\ninputs: { who: { type: int } }\nsteps: [{ id: x, run: [go] }]\n'
    const top = `scram: 1
runbook: test
title: T
steps:
  - { id: skipped, if: "false", run: [go], outputs: text }
  - { id: g, if: steps.skipped.text == "x", steps: [{ id: a, run: [go] }] }
  - { id: l, for_each: ["\${{ steps.skipped.text }}"], steps: [{ id: a, run: [go] }] }
  - { id: c, call: sub, with: { who: many } }
  - { id: after, run: [go] }
`
    const made = world({'failure g': {answer: 'skip'}, 'failure l': {answer: 'skip'}, 'failure c': {answer: 'skip'}})
    expect(await start(made, loaded(top, {sub}))).toMatchObject({outcome: 'done'})
    expect(effects(made)).toEqual(['after'])
    expect(made.questions.map(({text}) => text)).toEqual([
      expect.stringContaining('No such key: text'),
      expect.stringContaining('No such key: text'),
      'step.input: input `who` wants a whole number, not "many"',
    ])
  })

  it('of a call that lacks an input says which', async () => {
    const sub = 'scram: 1\nrunbook: sub\ntitle: S\ninputs: { who: { required: true } }\nsteps: [{ id: x, run: [go] }]\n'
    const made = world({'failure c': {answer: 'stop'}})
    const result = await start(made, loaded('scram: 1\nrunbook: test\ntitle: T\nsteps: [{ id: c, call: sub }]\n', {sub}))
    expect(result).toMatchObject({outcome: 'parked', reason: 'failed', step: 'c', needs: 'an answer: step.input: this runbook wants who'})
    // The same text says the same again.
    expect(result).toMatchObject({answers: [expect.stringMatching(/^scram resume \S+ --amend FILE$/), 'scram retry c', expect.any(String), expect.any(String)]})
  })
})

describe('a jump', () => {
  it('out of the last step of a body goes on with the next round', async () => {
    const steps = `
  - id: l
    for_each: [x, y]
    steps:
      - { id: a, run: [broken], on_failure: { goto: c } }
      - { id: b, run: [go] }
      - { id: c, run: [go] }
  - { id: after, uses: note, with: { text: "\${{ steps.l.failed }} of \${{ steps.l.count }}" } }
`
    const made = world()
    expect(await start(made, runbookOf(steps))).toMatchObject({outcome: 'done_with_failures', exit: 1})
    expect(statuses(made)).toEqual({
      'l[x]/a': 'failed',
      'l[x]/b': 'skipped',
      'l[x]/c': 'finished',
      'l[y]/a': 'failed',
      'l[y]/b': 'skipped',
      'l[y]/c': 'finished',
      after: 'finished',
    })
    expect(made.calls.at(-1)?.given).toEqual({text: '2 of 2'})
  })
})

describe('where nobody is', () => {
  it('an approval parks, and one given meanwhile lets a resume that starts from there go on', async () => {
    const steps = `
  - { id: a, run: [go] }
  - { id: b, run: [go], approve: { from: [ops] } }
  - { id: c, run: [go] }
`
    const made = world()
    made.responder = null
    const ports = made.ports()
    const runbook = runbookOf(steps)
    const parked = await startRun(ports, runbook, {run: 'r-test', inputs: {}, mode: 'auto', by: 'ada', yes: true, stop: never, kill: never, from: 'b'})
    expect(parked).toMatchObject({exit: 4, reason: 'approve', step: 'b', needs: 'an approval from ops (0 of 1)'})
    expect(await resume(made)).toMatchObject({exit: 4, reason: 'approve'})
    made.answerFromElsewhere([{kind: 'decision.recorded', data: {run: 'r-test', step: 'b', of: 'approve', value: {role: 'ops'}, by: 'grace'}}], 'grace')
    expect(await resume(made)).toMatchObject({outcome: 'done'})
    expect(statuses(made)).toEqual({a: 'skipped', b: 'finished', c: 'finished'})
    expect(effects(made)).toEqual(['b', 'c'])
  })

  it('an approval of whoever drives the run by now does not count, and another person is asked for', async () => {
    const made = world()
    made.responder = null
    const runbook = runbookOf('  - { id: a, run: [go], approve: { from: [ops] } }\n')
    await start(made, runbook)
    const approve = (by: string) => made.answerFromElsewhere(answerApprove(stateOf(made), runbook.runbook, {by, roles: ['ops']}), by)
    approve('grace')
    const by = (name: string) => resumeRun(made.ports(), made.log, {run: 'r-test', by: name, yes: true, stop: never, kill: never})
    expect(await by('grace')).toMatchObject({
      reason: 'approve',
      needs: "an approval from ops (0 of 1; grace drives now, and an approval is another person's)",
    })
    expect(() => approve('grace')).toThrow("grace drives this run: an approval is another person's")
    approve('ada')
    expect(await by('grace')).toMatchObject({outcome: 'done'})
    expect(effects(made)).toEqual(['a'])
  })

  it('confirms pass under --yes; manual, approval and an unknown end wait with exit 4', async () => {
    const made = world()
    made.responder = null
    const steps = '  - { id: a, run: [go], confirm: Sure? }\n  - { id: m, manual: Do it }\n'
    expect(await start(made, runbookOf(steps), {yes: true})).toMatchObject({exit: 4, reason: 'manual', step: 'm'})
    expect(effects(made)).toEqual(['a'])
  })
})

describe('two kills in one step', () => {
  it.each(['probe/http, with: { url: u }', 'rod/insert, with: { rod: api, why: w }', 'postmortem/draft'])(
    'ask at the third resume, whatever the policy: %s',
    async uses => {
      const made = world()
      const runbook = runbookOf(`  - { id: s, uses: ${uses} }\n`)
      made.responder = null
      let lives = 0
      const die = made.fakes[uses.split(',')[0] ?? ''] ?? (() => finished({}))
      made.fakes[uses.split(',')[0] ?? ''] = (...args) => {
        if (++lives <= 2) throw new Killed()
        return die(...args)
      }
      await expect(start(made, runbook)).rejects.toBeInstanceOf(Killed)
      await expect(resume(made)).rejects.toBeInstanceOf(Killed)
      expect(await resume(made)).toMatchObject({outcome: 'parked', exit: 4, reason: 'unknown', step: 's'})
      expect(await resume(made)).toMatchObject({outcome: 'parked', exit: 4, reason: 'unknown', step: 's'})
      expect(lives).toBe(2)
      const state = foldRun('r-test', made.log)
      if (!state) throw new Error('no run')
      made.answerFromElsewhere(answerRetry(state, {by: 'ada'}), 'ada')
      expect(await resume(made)).toMatchObject({outcome: 'done'})
    },
  )
})
