import {describe, expect, it} from '@jest/globals'
import {resume, runbookOf, start} from './driving.ts'
import {finished, World} from './world.ts'

describe('Ctrl-C', () => {
  it('once: the step in flight ends, the next one does not begin', async () => {
    const world = new World()
    const stop = new AbortController()
    world.command = () => {
      stop.abort()
      return {end: 'exited', exitCode: 0, stdout: ''}
    }
    const runbook = runbookOf('  - { id: a, run: [a] }\n  - { id: b, run: [b] }\n')
    expect(await start(world, runbook, {stop: stop.signal})).toMatchObject({outcome: 'parked', exit: 130, reason: 'interrupted', step: 'b'})
    expect(world.kinds().slice(-2)).toEqual(['step.finished', 'run.parked'])
    expect(await resume(world)).toMatchObject({outcome: 'done', counts: {finished: 2}})
    expect(world.calls).toHaveLength(2)
  })

  it('twice: the step in flight is ended, and unknown', async () => {
    const world = new World()
    const kill = new AbortController()
    world.command = async (_, signal) => {
      kill.abort()
      await world.clock.sleep(60_000, signal)
      return {end: 'exited', exitCode: 0, stdout: ''}
    }
    const result = await start(world, runbookOf('  - { id: a, run: [a] }\n'), {kill: kill.signal, stop: kill.signal})
    expect(result).toMatchObject({outcome: 'parked', exit: 130})
    expect(world.kinds().slice(-2)).toEqual(['step.unknown', 'run.parked'])
  })

  it('ends a wait at once, and the due time stays', async () => {
    const world = new World()
    const stop = new AbortController()
    const begin = world.clock.now()
    void world.clock.sleep(60_000).then(() => stop.abort())
    expect(await start(world, runbookOf('  - { id: w, wait: 1h }\n'), {stop: stop.signal})).toMatchObject({exit: 130, step: 'w'})
    expect(world.clock.now() - begin).toBe(60_000)
    world.clock.suspend(7_200_000)
    expect(await resume(world)).toMatchObject({outcome: 'done'})
    expect(world.log.find(({kind}) => kind === 'timer.fired')?.data).toMatchObject({lateMs: 3_660_000})
  })

  it('ends a question', async () => {
    const world = new World()
    const stop = new AbortController()
    world.responder = () => {
      stop.abort()
      throw Object.assign(new Error('closed'), {name: 'ExitPromptError'})
    }
    expect(await start(world, runbookOf('  - { id: m, manual: Look }\n'), {stop: stop.signal})).toMatchObject({exit: 130, reason: 'interrupted'})
  })
})

describe('a timeout', () => {
  it('of a command leaves it unknown: it may have happened', async () => {
    const world = new World()
    world.command = async (_, signal) => {
      await world.clock.sleep(3_600_000, signal)
      return {end: 'exited', exitCode: 0, stdout: ''}
    }
    expect(await start(world, runbookOf('  - { id: a, run: [a], timeout: 10s }\n'))).toMatchObject({exit: 4, reason: 'unknown'})
    expect(world.log.find(({kind}) => kind === 'step.unknown')?.data).toMatchObject({reason: 'timeout'})
  })

  it('of something that ignores its signal is given up, too', async () => {
    const world = new World()
    world.command = () => new Promise(() => {})
    expect(await start(world, runbookOf('  - { id: a, run: [a], timeout: 10s }\n'))).toMatchObject({exit: 4, reason: 'unknown'})
  })

  it('of a probe is a failure', async () => {
    const world = new World()
    world.fakes['probe/http'] = async () => {
      await world.clock.sleep(3_600_000)
      return finished({ok: true})
    }
    expect(await start(world, runbookOf('  - { id: a, uses: probe/http, with: { url: u }, timeout: 10s }\n'))).toMatchObject({exit: 1, reason: 'failed'})
  })
})

describe('a hold', () => {
  const HOLD = '  - { id: h, wait_until: result.ok, probe: { uses: probe/http, with: { url: u } }, every: 1s, for: 5s, timeout: 1m }\n'

  it('starts again after a machine slept through it: only observed samples count', async () => {
    const world = new World()
    let n = 0
    world.fakes['probe/http'] = () => {
      if (++n === 4) world.clock.suspend(4_000)
      return finished({ok: true})
    }
    expect(await start(world, runbookOf(HOLD))).toMatchObject({outcome: 'done'})
    expect(n).toBe(3 + 6)
  })

  it('starts again when the wall clock goes back', async () => {
    const world = new World()
    let n = 0
    world.fakes['probe/http'] = () => {
      if (++n === 4) world.clock.suspend(-10_000)
      return finished({ok: true})
    }
    expect(await start(world, runbookOf(HOLD))).toMatchObject({outcome: 'done'})
    expect(n).toBe(3 + 6)
  })
})
