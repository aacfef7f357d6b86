import {describe, expect, it} from '@jest/globals'
import {resume, runbookOf, start} from './driving.ts'
import {failed, finished, World} from './world.ts'

const outline = (world: World) =>
  world.log.flatMap(({kind, data}) => (kind.startsWith('step.') || kind.startsWith('run.') ? [`${kind} ${'step' in data ? data.step : ''}`.trim()] : []))

describe('a run', () => {
  it('does its steps in order and ends done', async () => {
    const world = new World()
    world.fakes['probe/http'] = () => finished({ok: true, error_rate: 0.5})
    const result = await start(
      world,
      runbookOf(`
  - { id: open, uses: open, with: { title: Down } }
  - { id: probe, uses: probe/http, with: { url: "http://127.0.0.1/" } }
  - { id: bad, if: steps.probe.error_rate > 0.4, uses: update, with: { text: "rate \${{ steps.probe.error_rate }}" } }
  - { id: good, if: steps.probe.error_rate < 0.4, uses: update, with: { text: fine } }
  - { id: push, run: [deploy, "\${{ steps.probe.error_rate }}"], outputs: text }
`),
    )
    expect(result).toMatchObject({outcome: 'done', exit: 0, counts: {finished: 4, skipped: 1, failed: 0}})
    expect(outline(world)).toEqual([
      'run.started',
      'step.started open#1',
      'step.finished open#1',
      'step.started probe#1',
      'step.finished probe#1',
      'step.started bad#1',
      'step.finished bad#1',
      'step.skipped good',
      'step.started push#1',
      'step.finished push#1',
      'run.finished',
    ])
    expect(world.calls.map(({given}) => given)).toContainEqual({text: 'rate 0.5'})
    expect(world.calls.at(-1)?.given).toEqual(['deploy', '0.5'])
  })

  it('fuses an outcome with the next intent, and never an intent with its own outcome unless it only records', async () => {
    const world = new World()
    await start(world, runbookOf('  - { id: a, run: [a] }\n  - { id: b, run: [b] }\n  - { id: c, uses: note, with: { text: x } }\n'))
    expect(world.appends).toEqual([
      ['run.started'],
      ['step.started'],
      ['step.finished', 'step.started'],
      ['step.finished', 'step.started', 'note.added', 'step.finished'],
      ['run.finished'],
    ])
  })

  it('parks at a confirm without a terminal and without --yes', async () => {
    const world = new World()
    const runbook = runbookOf('  - { id: a, uses: rod/insert, with: { rod: x, why: y }, confirm: Really? }\n')
    const parked = await start(world, runbook, {yes: false})
    expect(parked).toMatchObject({outcome: 'parked', exit: 4, reason: 'confirm', step: 'a', needs: 'a yes to "Really?"'})
    expect(world.calls).toEqual([])
    expect(await resume(world, {yes: true})).toMatchObject({outcome: 'done', exit: 0, rodsIn: ['x']})
  })

  it('never takes the other branch after it was asked about this one', async () => {
    const world = new World()
    world.facts.rods.add('x')
    const runbook = runbookOf('  - id: g\n    if: rods.inserted == 1\n    steps: [{ id: a, uses: note, with: { text: t }, confirm: Sure? }]\n')
    expect(await start(world, runbook, {yes: false})).toMatchObject({reason: 'confirm'})
    world.facts.rods.clear()
    expect(await resume(world)).toMatchObject({outcome: 'done', counts: {finished: 1}})
  })

  it('stays parked at a manual step even with --yes', async () => {
    const world = new World()
    const result = await start(world, runbookOf('  - { id: look, manual: Look at the log }\n'))
    expect(result).toMatchObject({exit: 4, reason: 'manual', answers: expect.arrayContaining(['scram done look'])})
  })

  it('retries what may be repeated, then parks with 1', async () => {
    const world = new World()
    world.fakes['probe/http'] = () => failed()
    const result = await start(world, runbookOf('  - { id: p, uses: probe/http, with: { url: u }, retry: { max: 2, delay: 5s, jitter: false } }\n'))
    expect(result).toMatchObject({outcome: 'parked', exit: 1, reason: 'failed'})
    expect(outline(world).filter(line => line.startsWith('step.started'))).toEqual(['step.started p#1', 'step.started p#2', 'step.started p#3'])
    expect(world.clock.now() - Date.parse(world.log[0]?.at ?? '')).toBe(15_000)
  })

  it('goes on past a failure it was told to continue over, and is not green', async () => {
    const world = new World()
    world.command = () => ({end: 'exited', exitCode: 3, stdout: '', output: {bytes: 9, digest: '', tail: 'no\nroute\n'}})
    const result = await start(
      world,
      runbookOf('  - { id: a, run: [a], on_failure: continue }\n  - { id: b, if: steps.a.outcome == "failed", uses: note, with: { text: x } }\n'),
    )
    expect(result).toMatchObject({outcome: 'done_with_failures', exit: 1, counts: {finished: 1, failed: 1}})
    expect(world.log.find(({kind}) => kind === 'step.failed')?.data).toMatchObject({code: 'exec.exit', message: 'exit 3: route', handled: true})
  })

  it('never goes on past a held rod', async () => {
    const world = new World()
    world.fakes['rod/withdraw'] = () => failed('rod.held', false)
    const result = await start(world, runbookOf('  - { id: out, uses: rod/withdraw, with: { rod: x }, on_failure: continue }\n'))
    expect(result).toMatchObject({outcome: 'parked', exit: 1})
  })

  it('fails a step whose expression cannot be evaluated, before any effect', async () => {
    const world = new World()
    world.fakes['probe/http'] = () => finished({ok: false})
    const result = await start(world, runbookOf('  - { id: p, uses: probe/http, with: { url: u } }\n  - { id: a, if: steps.p.status == 200, run: [a] }\n'))
    expect(result).toMatchObject({outcome: 'parked', exit: 1, step: 'a'})
    expect(result.needs).toContain('status')
    expect(world.calls.map(({uses}) => uses)).toEqual(['probe/http'])
  })

  it('waits until the condition has held', async () => {
    const world = new World()
    let n = 0
    world.fakes['probe/http'] = () => finished({ok: ++n > 3, error_rate: 0})
    const result = await start(
      world,
      runbookOf('  - { id: h, wait_until: result.ok, probe: { uses: probe/http, with: { url: u } }, every: 1s, for: 5s, timeout: 1m }\n'),
    )
    expect(result).toMatchObject({outcome: 'done', exit: 0})
    expect(n).toBe(3 + 6)
  })

  it('gives a wait_until up after its timeout, with the last look', async () => {
    const world = new World()
    world.fakes['probe/http'] = () => failed()
    const result = await start(
      world,
      runbookOf('  - { id: h, wait_until: result.ok, probe: { uses: probe/http, with: { url: u } }, every: 1s, timeout: 10s }\n'),
    )
    expect(result).toMatchObject({outcome: 'parked', exit: 1})
    expect(result.needs).toContain('net.unreachable it was')
  })

  it('waits an hour in no time, and a resume goes on with the same due time', async () => {
    const world = new World()
    const begin = world.clock.now()
    expect(await start(world, runbookOf('  - { id: w, wait: 1h }\n'))).toMatchObject({outcome: 'done'})
    expect(world.clock.now() - begin).toBe(3_600_000)
    expect(world.log.find(({kind}) => kind === 'timer.fired')?.data).toMatchObject({lateMs: 0})
  })
})
