// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {answerDone, answerRetry, answerSkip} from '../../src/runbook/answers.ts'
import {abortRun} from '../../src/runbook/engine.ts'
import {foldRun, type RunState} from '../../src/runbook/fold.ts'
import {resume, runbookOf, start} from './driving.ts'
import {failed, finished, Killed, World} from './world.ts'

function state(world: World): RunState {
  const folded = foldRun('r-test', world.log)
  if (!folded) throw new Error('no run')
  return folded
}

const by = 'bob'
const MANUAL =
  '  - { id: look, manual: Look, evidence: required, outputs: { cause: string, n: int } }\n  - { id: after, uses: note, with: { text: "${{ steps.look.cause }} ${{ steps.look.n }}" } }\n'

describe('an answer of another command', () => {
  it('does a manual step, with its outputs in their types', async () => {
    const world = new World()
    await start(world, runbookOf(MANUAL))
    await world.ports().append(answerDone(state(world), {by, outputs: {cause: 'poison', n: '7'}, evidence: 'trace'}))
    expect(await resume(world)).toMatchObject({outcome: 'done', exit: 0})
    expect(world.calls.at(-1)?.given).toEqual({text: 'poison 7'})
  })

  it.each([
    [{outputs: {cause: 'x', n: '7'}}, 'wants evidence'],
    [{outputs: {cause: 'x', n: 'seven'}, evidence: 'e'}, 'wants int for n'],
    [{outputs: {cause: 'x'}, evidence: 'e'}, 'wants n (int)'],
    [{outputs: {cause: 'x', n: '1', other: 'y'}, evidence: 'e'}, 'no output other'],
  ])('is refused when what was asked for is not there: %j', async (given, words) => {
    const world = new World()
    await start(world, runbookOf(MANUAL))
    expect(() => answerDone(state(world), {by, ...given})).toThrow(words)
  })

  it('says that an unknown step did happen, and it does not happen again', async () => {
    const world = new World()
    world.killAt = 5
    await expect(start(world, runbookOf('  - { id: push, run: [push] }\n'))).rejects.toBeInstanceOf(Killed)
    world.killAt = null
    // Straight after the death, and before anyone resumed.
    await world.ports().append(answerDone(state(world), {step: 'push', by, evidence: 'seen in the console'}))
    expect(await resume(world)).toMatchObject({outcome: 'done'})
    expect(world.calls).toHaveLength(1)
    expect(world.kinds()).toContain('step.unknown')
  })

  it('takes any part of a name, the brackets of a loop or not', async () => {
    const world = new World()
    const loop = '  - { id: patch, for_each: [canary, main], steps: [{ id: look, manual: "Look at ${{ item }}" }] }\n'
    await start(world, runbookOf(loop))
    for (const [step, next] of [
      ['canary/look', 'main'],
      ['[main]', null],
    ] as const) {
      await world.ports().append(answerDone(state(world), {step, by}))
      expect(await resume(world)).toMatchObject(next ? {step: `patch[${next}]/look`} : {outcome: 'done'})
    }
  })

  it('says what came out of an unknown step, in the types it declares', async () => {
    const world = new World()
    world.command = () => ({end: 'unknown', reason: 'lost'})
    await start(world, runbookOf('  - { id: push, run: [push], outputs: { n: int } }\n  - { id: say, uses: note, with: { text: "n ${{ steps.push.n }}" } }\n'))
    const declares = () => ({n: 'int'}) as const
    expect(() => answerDone(state(world), {by, outputs: {m: '1'}, declares})).toThrow('there is no output m')
    expect(() => answerDone(state(world), {by, outputs: {n: 'x'}, declares})).toThrow('wants int for n')
    await world.ports().append(answerDone(state(world), {by, outputs: {n: '7'}, declares}))
    expect(await resume(world)).toMatchObject({outcome: 'done'})
    expect(world.calls.at(-1)?.given).toEqual({text: 'n 7'})
  })

  it('tries a failed step again, or skips it', async () => {
    const world = new World()
    world.fakes['probe/http'] = () => failed()
    const runbook = runbookOf('  - { id: p, uses: probe/http, with: { url: u } }\n')
    await start(world, runbook)
    await world.ports().append(answerRetry(state(world), {by}))
    expect(await resume(world)).toMatchObject({outcome: 'parked', exit: 1, reason: 'failed'})
    await world.ports().append(answerSkip(state(world), {by, why: 'known'}))
    expect(await resume(world)).toMatchObject({outcome: 'done', exit: 0, counts: {skipped: 1}})
  })

  it('skips the step that waits for a yes', async () => {
    const world = new World()
    await start(world, runbookOf('  - { id: in, uses: note, with: { text: x }, confirm: Sure? }\n'.replace('id: in', 'id: say')), {yes: false})
    await world.ports().append(answerSkip(state(world), {by}))
    expect(await resume(world)).toMatchObject({outcome: 'done', counts: {finished: 0, skipped: 1}})
  })

  it('is refused where nothing waits for it', async () => {
    const world = new World()
    await start(world, runbookOf(MANUAL))
    expect(() => answerRetry(state(world), {by})).toThrow('look does not wait for `scram retry`; what waits: look (manual)')
    expect(() => answerDone(state(world), {by, step: 'after'})).toThrow('after does not wait for `scram done`')
  })
})

describe('an abort', () => {
  it('ends the run for good and says what is still in', async () => {
    const world = new World()
    world.fakes['rod/insert'] = () => finished({position: 'inserted'})
    await start(world, runbookOf(`  - { id: rod, uses: rod/insert, with: { rod: x, why: y } }\n${MANUAL}`))
    const result = await abortRun(world.ports(), world.log, {run: 'r-test', why: 'wrong runbook', by: 'ada'})
    expect(result).toMatchObject({outcome: 'aborted', exit: 0, rodsIn: ['x']})
    await expect(resume(world)).rejects.toMatchObject({code: 'guard.refused'})
  })

  it('ends a run whose text this scram cannot read, too', async () => {
    const world = new World()
    await start(world, runbookOf(MANUAL))
    const log = world.log.map(event => (event.kind === 'run.started' ? {...event, data: {...event.data, text: 'scram: 2'}} : event))
    const result = await abortRun(world.ports(), log, {run: 'r-test', why: 'of another scram', by: 'ada'})
    expect(result).toMatchObject({outcome: 'aborted', exit: 0})
  })
})
