import {describe, expect, it} from '@jest/globals'
import {SimulatedClock} from '../../../src/lib/simulated-clock.ts'
import {listPositions, type PositionSetting} from '../../../src/rods/position.ts'
import {drive, effective, way} from './driving.ts'
import {QueueWorld} from './queue-world.ts'

/** So long the rod was in before: with 30/s offered, 10 s are 300 customers who wait. */
interface Scene {
  readonly setting: PositionSetting
  readonly offered: number
  readonly seed: number
  readonly inMs: number
  readonly untilRefusalsEnd?: boolean
}

/** A look through the users' path takes a while, and the platform goes on meanwhile. */
const VERIFY_MS = 300

async function platform({setting, offered, seed, inMs}: Scene) {
  const clock = new SimulatedClock()
  const world = new QueueWorld(clock, offered, seed)
  const positions = listPositions(setting)
  world.position = positions.at(-1) ?? ''
  await clock.sleep(inMs)
  const set = (to: string) => {
    world.pass().position = to
  }
  return {clock, world, positions, set}
}

async function guarded(scene: Scene) {
  const {clock, world, positions, set} = await platform(scene)
  const waiting = world.backlog()
  const driven = await drive({
    clock,
    positions,
    guard: () => world.queued(),
    ...(scene.untilRefusalsEnd && {release: {read: () => world.pass().refused, when: {lte: 8}, changeOverMs: 4000}}),
    async move(to, cutShort) {
      set(to)
      await clock.sleep(VERIFY_MS, cutShort).catch(() => undefined)
      return effective
    },
    patienceMs: 300_000,
  })
  return {...driven, waiting, left: world.backlog(), queue: world.queued(), timeouts: world.timeouts, served: world.served}
}

const percent = {percent: {step: 25}}
const seeds = [20120607, 1, 2, 3, 4, 5]

describe('withdrawal from a platform of 50 writes a second', () => {
  it('at once is a second incident: a queue that grows, for people who have left', async () => {
    const {clock, world, set} = await platform({setting: percent, offered: 40, seed: 1, inMs: 20_000})
    set('withdrawn')
    await clock.sleep(8000)
    const after8 = world.queued()
    await clock.sleep(8000)
    expect(world.pass().timeouts).toBeGreaterThan(1000)
    expect(world.queued()).toBeGreaterThan(after8)
  })

  it('by blind steps of 4 s is one too', async () => {
    const {clock, world, set} = await platform({setting: percent, offered: 40, seed: 1, inMs: 20_000})
    for (const position of ['75%', '50%', '25%', 'withdrawn']) {
      set(position)
      await clock.sleep(4000)
    }
    expect(world.pass().timeouts).toBeGreaterThan(500)
  })

  it.each(seeds)('by percent under the guard, 30/s offered: out with few step-backs and nobody kept waiting in vain (seed %i)', async seed => {
    const run = await guarded({setting: percent, offered: 30, seed, inMs: 10_000})
    expect(run.waiting).toBe(300)
    expect(run).toMatchObject({end: {end: 'withdrawn'}})
    expect(run.told.filter(({kind}) => kind === 'stepping-back').length).toBeLessThanOrEqual(3)
    expect(run.timeouts).toBeLessThanOrEqual(5)
    expect(run.ms).toBeLessThan(150_000)
    expect(run.left).toBeLessThan(50)
  })

  it.each(seeds)('with 600 waiting it takes finer steps to get out (seed %i)', async seed => {
    const run = await guarded({setting: {percent: {step: 20}}, offered: 30, seed, inMs: 20_000})
    expect(run.waiting).toBe(600)
    expect(run).toMatchObject({end: {end: 'withdrawn'}, timeouts: 0})
  })

  it.each(seeds)('by percent under the guard, 40/s offered: held after 3 step-backs, and nobody hurt (seed %i)', async seed => {
    const run = await guarded({setting: percent, offered: 40, seed, inMs: 20_000})
    expect(run.end).toMatchObject({end: 'held', position: '100%', stepBacks: 3})
    expect(run.timeouts).toBeLessThanOrEqual(5)
  })

  it('by rate below the capacity and above the load: it drains, and is released when refusals have stopped', async () => {
    const run = await guarded({setting: {rate: [0, 10, 25, 42, 'none']}, offered: 30, seed: 1, inMs: 14_600, untilRefusalsEnd: true})
    expect(run.end).toEqual({end: 'withdrawn', stepBacks: 0})
    expect(way(run)).toBe('10/s 25/s 42/s withdrawn')
    expect(run.timeouts).toBe(0)
    expect(run.left).toBeLessThan(50)
  })

  it('by rate with 600 waiting and 40/s coming: it is not out after five minutes, and that is right', async () => {
    const run = await guarded({setting: {rate: [0, 10, 25, 42, 'none']}, offered: 40, seed: 1, inMs: 20_000, untilRefusalsEnd: true})
    expect(run).toMatchObject({end: 'interrupted', position: '42/s', timeouts: 0})
    expect(run.queue).toBeLessThan(10)
  })

  it('a rate above the capacity collapses, and the guard takes it in', async () => {
    const run = await guarded({setting: {rate: [0, 10, 60, 'none']}, offered: 40, seed: 1, inMs: 20_000, untilRefusalsEnd: true})
    expect(run.end).toMatchObject({end: 'held', position: '0/s', stepBacks: 3})
    expect(run.timeouts).toBeLessThanOrEqual(5)
  })

  it('a guard that only ever says advance, as one that goes on when time is up does, is the second incident again', async () => {
    const {clock, world, positions, set} = await platform({setting: percent, offered: 40, seed: 1, inMs: 20_000})
    const driven = await drive({
      clock,
      positions,
      guard: () => 0,
      async move(to) {
        set(to)
        return effective
      },
    })
    expect(driven.end).toMatchObject({end: 'withdrawn'})
    expect(world.pass().timeouts).toBeGreaterThan(500)
  })
})
