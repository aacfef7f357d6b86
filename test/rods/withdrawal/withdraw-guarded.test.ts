import {describe, expect, it} from '@jest/globals'
import type {Json} from '../../../src/lib/canonical.ts'
import {SimulatedClock} from '../../../src/lib/simulated-clock.ts'
import type {StepEnd} from '../../../src/rods/withdrawal/withdraw-guarded.ts'
import {DWELL_MS, drive, EVERY_MS, effective, way} from './driving.ts'

const unverified: StepEnd = {verdict: 'unverified', readBackAgrees: true}
const nobodyVouches: StepEnd = {verdict: 'unverified', readBackAgrees: false}
const jammed: StepEnd = {verdict: 'jammed', readBackAgrees: false}
const partial: StepEnd = {verdict: 'partial', readBackAgrees: false}

/** A system that bears every position less reduced than none of `bad`: its queue grows there. */
const cannotBear = (...bad: string[]) => {
  const world = {position: '100%'}
  return {
    world,
    guard: () => (bad.includes(world.position) ? 50 : 0),
    move: (to: string) => {
      world.position = to
      return effective
    },
  }
}

describe('a guarded withdrawal', () => {
  it('goes out step by step, each after a whole good dwell', async () => {
    const driven = await drive({guard: () => 5})
    expect(driven.end).toEqual({end: 'withdrawn', stepBacks: 0})
    expect(way(driven)).toBe('75% 50% 25% withdrawn')
    expect(driven.moves.map(({atMs}) => atMs)).toEqual([1, 2, 3, 4].map(n => n * DWELL_MS))
    expect(driven.moves[0]?.reason).toBe('the guard was good for 4 s: reads 5')
    // And one more dwell under watch before anybody says so.
    expect(driven.ms).toBe(5 * DWELL_MS)
  })

  it('stops where it was told to, after that step was good for its dwell', async () => {
    const driven = await drive({guard: () => 5, to: '33%'})
    expect(driven).toMatchObject({end: {end: 'stopped-at', position: '33%', stepBacks: 0}, ms: 4 * DWELL_MS})
    expect(way(driven)).toBe('75% 50% 33%')
    expect(await drive({guard: () => 5, from: '50%', to: '50%'})).toMatchObject({end: {end: 'stopped-at', position: '50%'}, moves: []})
  })

  it('a rod with one step has its guard too', async () => {
    expect(way(await drive({positions: ['withdrawn', 'inserted'], guard: () => 5}))).toBe('withdrawn')
    expect(await drive({positions: ['withdrawn', 'inserted'], guard: () => 50})).toMatchObject({end: 'interrupted', moves: []})
  })

  it.each(['unknown', '', 'inserted', '101%'])('begins nowhere when the rod reads %j', async from => {
    await expect(drive({guard: () => 5, from})).rejects.toMatchObject({code: 'guard.refused'})
  })

  it('an insertion is no withdrawal', async () => {
    await expect(drive({guard: () => 5, from: '50%', to: '75%'})).rejects.toMatchObject({code: 'usage.invalid'})
  })
})

describe('a guard that is not good', () => {
  it.each([
    ['never has an answer', () => undefined],
    ['is between its thresholds', () => 20],
    ['says back while the rod is fully in', () => 50],
    ['answers nonsense', () => 'zero'],
  ])('one that %s keeps the rod in', async (_, guard) => {
    const driven = await drive({guard})
    expect(driven).toMatchObject({end: 'interrupted', moves: [], position: '100%'})
  })

  it('one that hangs until its timeout, every time, keeps the rod in, and Ctrl-C ends even that', async () => {
    const clock = new SimulatedClock()
    const hanging = async () => {
      await clock.sleep(5000)
      return undefined
    }
    const {end, moves, told} = await drive({clock, guard: hanging})
    expect({end, moves}).toEqual({end: 'interrupted', moves: []})
    expect(told.length).toBeGreaterThan(300)
    expect(await drive({guard: () => new Promise<Json>(() => {}), patienceMs: 5000})).toMatchObject({end: 'interrupted', ms: 5000})
  })

  it('an hour without an answer is told all along, and for how long', async () => {
    const {told} = await drive({guard: () => undefined})
    const last = told.at(-1)
    expect(told.length).toBe(360)
    expect(last).toMatchObject({kind: 'waiting', next: '75%', look: {says: 'unknown'}})
    expect(last?.kind === 'waiting' && last.unknownMs).toBeGreaterThan(3_500_000)
  })

  it('one that flaps before its dwell is over moves nothing', async () => {
    const clock = new SimulatedClock()
    const driven = await drive({clock, guard: () => (clock.ticks() % DWELL_MS === 0 ? 11 : 0)})
    expect(driven).toMatchObject({end: 'interrupted', moves: []})
  })

  it('answers that come too rarely are no watch', async () => {
    const clock = new SimulatedClock()
    const slow = async () => {
      await clock.sleep(4 * EVERY_MS)
      return 0
    }
    expect(await drive({clock, guard: slow})).toMatchObject({end: 'interrupted', moves: []})
  })

  it('one lost answer in a dwell is no break, four in a row are', async () => {
    const lost = (...at: number[]) => {
      let looks = 0
      return () => {
        looks += 1
        return at.includes(looks) ? undefined : 0
      }
    }
    expect((await drive({guard: lost(5), to: '75%'})).moves[0]?.atMs).toBe(DWELL_MS)
    expect((await drive({guard: lost(5, 6, 7, 8), to: '75%'})).moves[0]?.atMs).toBe(8 * EVERY_MS + DWELL_MS)
    // The look that would end the dwell has no answer: nothing moves on that.
    expect((await drive({guard: lost(17), to: '75%'})).moves[0]?.atMs).toBe(DWELL_MS + EVERY_MS)
  })

  it('begins its dwell anew after the machine slept, for nobody saw what happened then; a wall clock that is set makes nothing shorter', async () => {
    const clock = new SimulatedClock()
    const jumps: number[] = []
    const jump = (ms: number) => {
      jumps.push(clock.ticks())
      clock.suspend(ms)
    }
    let looks = 0
    const guard = () => {
      looks++
      if (looks === 8) jump(7_200_000)
      if (looks === 30) jump(-7_200_000)
      return 5
    }
    const moves = (await drive({clock, guard, to: '50%'})).moves.map(({atMs}) => atMs)
    expect(moves).toEqual(jumps.map(atMs => atMs + DWELL_MS))
  })
})

describe('a step back', () => {
  it('goes fully in, waits until the guard says advance, returns one step more inserted and dwells there anew', async () => {
    const clock = new SimulatedClock()
    let queue = 0
    let goodAt = Number.POSITIVE_INFINITY
    const driven = await drive({
      clock,
      guard: () => (clock.ticks() >= goodAt ? 0 : queue),
      to: '50%',
      move(to) {
        if (to === '50%') queue = 50
        if (to === '100%') {
          queue = 20
          goodAt = clock.ticks() + 60_000
        }
        return effective
      },
    })
    expect(driven.end).toEqual({end: 'stopped-at', position: '50%', stepBacks: 1})
    expect(driven.moves.map(({to, atMs}) => [to, atMs])).toEqual([
      ['75%', DWELL_MS],
      ['50%', 2 * DWELL_MS],
      ['100%', 2 * DWELL_MS],
      ['75%', 2 * DWELL_MS + 60_000],
      ['50%', 3 * DWELL_MS + 60_000],
    ])
    expect(driven.moves[2]?.reason).toBe('back from 50%: reads 50')
    expect(driven.told.filter(({kind}) => kind === 'moving')[2]).toMatchObject({from: '50%', to: '100%'})
    expect(driven.moves[3]?.reason).toBe('the guard says advance again: reads 0')
    expect(driven.told.filter(({kind}) => kind === 'stepping-back')).toMatchObject([{failed: '50%', stepBacks: 1, maxStepBacks: 3, look: {says: 'back'}}])
  })

  it('is counted, and after the last one the rod is held fully in', async () => {
    const driven = await drive(cannotBear('50%', '25%', 'withdrawn'))
    expect(driven.end).toEqual({end: 'held', position: '100%', stepBacks: 3, guard: 'reads 50', reason: '50% did not hold, after 3 step-backs'})
    expect(way(driven)).toBe('75% 50% 100% 75% 50% 100% 75% 50% 100% 75% 50% 100%')
    // A return needs one good look, the step after it a whole dwell.
    const [, , , returned, again] = driven.moves
    expect((again?.atMs ?? 0) - (returned?.atMs ?? 0)).toBe(DWELL_MS)
  })

  it('with no step-back allowed the first back holds the rod', async () => {
    const driven = await drive({...cannotBear('75%'), maxStepBacks: 0})
    expect(driven).toMatchObject({end: {end: 'held', position: '100%', stepBacks: 0}, position: '100%'})
    expect(way(driven)).toBe('75% 100%')
  })

  it('from the first rung leads fully in, where the whole dwell is due', async () => {
    const driven = await drive({...cannotBear('75%'), maxStepBacks: 1})
    expect(driven.moves.map(({to, atMs}) => [to, atMs])).toEqual([
      ['75%', DWELL_MS],
      ['100%', DWELL_MS],
      ['75%', 2 * DWELL_MS],
      ['100%', 2 * DWELL_MS],
    ])
  })

  it('comes also while a step is still being verified, and cuts that short', async () => {
    const clock = new SimulatedClock()
    const {world, guard} = cannotBear('50%')
    let cuts = 0
    const driven = await drive({
      clock,
      guard,
      maxStepBacks: 0,
      async move(to, cutShort) {
        world.position = to
        await clock.sleep(20_000, cutShort).catch(() => {
          cuts += 1
        })
        return unverified
      },
    })
    expect(driven.end).toMatchObject({end: 'held', stepBacks: 0})
    expect(cuts).toBe(1)
    const [, failed, inward] = driven.moves
    expect((inward?.atMs ?? 0) - (failed?.atMs ?? 0)).toBeLessThan(1000)
  })

  it('comes also after the last step, within one dwell; later the rod is out', async () => {
    const {world, ...system} = cannotBear('withdrawn')
    expect(await drive({...system, positions: ['withdrawn', '50%', '100%']})).toMatchObject({end: {end: 'held', stepBacks: 3}, position: '100%'})
    world.position = '100%'
    const calm = await drive({...system, guard: () => (world.position === 'withdrawn' ? undefined : 0)})
    expect(calm).toMatchObject({end: {end: 'withdrawn', stepBacks: 0}})
  })

  it('that does not arrive is tried three times, then a person has to look', async () => {
    const {guard, move} = cannotBear('50%')
    const stuck = await drive({guard, move: to => (to === '100%' ? jammed : move(to))})
    expect(stuck.end).toEqual({end: 'unsettled', towards: '100%', verdict: 'jammed', stepBacks: 1})
    expect(way(stuck)).toBe('75% 50% 100% 100% 100%')
    const system = cannotBear('50%')
    const firstTime = [nobodyVouches]
    const late = await drive({...system, maxStepBacks: 0, move: to => (to === '100%' ? firstTime.pop() : undefined) ?? system.move(to)})
    expect(late).toMatchObject({end: {end: 'held'}, position: '100%'})
  })
})

describe('a step that did not end well', () => {
  const endsAt = (position: string, end: StepEnd) => drive({guard: () => 5, move: to => (to === position ? end : effective)})

  it('an unverified one whose read-back agrees goes on under the guard, but for the last', async () => {
    expect((await endsAt('50%', unverified)).end).toEqual({end: 'withdrawn', stepBacks: 0})
    expect((await endsAt('withdrawn', unverified)).end).toEqual({end: 'unsettled', towards: 'withdrawn', verdict: 'unverified', stepBacks: 0})
  })

  it.each([
    ['jammed', jammed],
    ['partial', partial],
    ['unverified', nobodyVouches],
  ] as const)('%s stops, whatever the guard says', async (verdict, end) => {
    const driven = await endsAt('50%', end)
    expect(driven.end).toEqual({end: 'unsettled', towards: '50%', verdict, stepBacks: 0})
    expect(way(driven)).toBe('75% 50%')
  })

  it('a partial one under a guard that says back goes in first and stops then', async () => {
    const clock = new SimulatedClock()
    let queue = 0
    const driven = await drive({
      clock,
      guard: () => queue,
      async move(to) {
        queue = to === '100%' ? 0 : 50
        await clock.sleep(1000)
        return to === '100%' ? effective : partial
      },
    })
    expect(driven.end).toEqual({end: 'unsettled', towards: '75%', verdict: 'partial', stepBacks: 1})
    expect(way(driven)).toBe('75% 100%')
  })

  it('what a move throws passes through', async () => {
    const move = () => Promise.reject(new Error('the journal is full'))
    await expect(drive({guard: () => 5, move})).rejects.toThrow('the journal is full')
  })
})

describe('release_when', () => {
  it('false for ever never lets the rod out, and the guard still takes it back', async () => {
    const release = {read: () => 9, when: {lte: 8}}
    const driven = await drive({guard: () => 5, release, patienceMs: 7_200_000})
    expect(driven).toMatchObject({end: 'interrupted', position: '25%'})
    expect(way(driven)).toBe('75% 50% 25%')
    const clock = new SimulatedClock()
    const back = await drive({clock, guard: () => (clock.ticks() > 60_000 ? 50 : 5), release, maxStepBacks: 0})
    expect(back.end).toMatchObject({end: 'held', position: '100%', reason: '25% did not hold, after 0 step-backs'})
  })

  it('that cannot be read never lets it out either', async () => {
    expect(await drive({guard: () => 5, release: {read: () => undefined, when: {lte: 8}}})).toMatchObject({position: '25%'})
  })

  it('must hold for the whole dwell before the last step', async () => {
    const clock = new SimulatedClock()
    const release = {read: () => (clock.ticks() < 20_000 ? 9 : 0), when: {lte: 8}}
    const driven = await drive({clock, guard: () => 5, release})
    expect(driven.moves.at(-1)).toMatchObject({to: 'withdrawn', atMs: 20_000 + DWELL_MS})
  })
})

describe('cut off and called again', () => {
  it.each([1, 2, 3, 4])('after move %i it ends in the same place by the same way', async n => {
    const whole = await drive({guard: () => 5})
    const world = {position: '100%', moves: 0}
    const first = await drive({
      guard: () => 5,
      move(to) {
        world.position = to
        world.moves += 1
        // kill -9: the call arrived, nothing after it happened.
        if (world.moves === n) throw new Error('killed')
        return effective
      },
    }).catch(() => null)
    expect(first).toBeNull()
    const second = await drive({guard: () => 5, from: world.position})
    expect(second.end).toEqual(whole.end)
    const rest = whole.moves.slice(n).map(({to}) => to)
    // What reads withdrawn is not moved further, but looked at.
    expect(way(second)).toBe(rest.length > 0 ? rest.join(' ') : 'withdrawn')
  })

  it('in the middle of a step back it stays fully in until the guard is good for the whole dwell', async () => {
    const driven = await drive({guard: () => 5, from: '100%', to: '75%'})
    expect(driven.moves).toMatchObject([{to: '75%', atMs: DWELL_MS}])
  })

  it('a rod that reads withdrawn is verified, not moved in, and not believed', async () => {
    expect(await drive({guard: () => 50, from: 'withdrawn'})).toMatchObject({end: {end: 'withdrawn'}, moves: [{to: 'withdrawn'}]})
    expect(await drive({guard: () => 5, from: 'withdrawn', move: () => unverified})).toMatchObject({
      end: {end: 'unsettled', towards: 'withdrawn', verdict: 'unverified'},
    })
  })
})
