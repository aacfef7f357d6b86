import {describe, expect, it} from '@jest/globals'
import type {Json} from '../../../src/lib/canonical.ts'
import {SimulatedClock} from '../../../src/lib/simulated-clock.ts'
import type {Comparison} from '../../../src/rods/probes/comparison.ts'
import {comparisonFlaw, overlap} from '../../../src/rods/withdrawal/comparison-flaw.ts'
import {makeDwell} from '../../../src/rods/withdrawal/dwell.ts'
import {growthOver} from '../../../src/rods/withdrawal/growth.ts'
import {type GuardSays, guardSays, makeLookout} from '../../../src/rods/withdrawal/guard.ts'
import {gaugeOf} from './driving.ts'

const queue = {advance: {lte: 10}, back: {gt: 40}}

describe('a guard', () => {
  it.each([
    [0, 'advance'],
    [10, 'advance'],
    [11, 'hold'],
    [40, 'hold'],
    [41, 'back'],
    [undefined, 'unknown'],
    [null, 'unknown'],
    ['5', 'unknown'],
    [true, 'unknown'],
    [[5], 'unknown'],
    [Number.POSITIVE_INFINITY, 'unknown'],
    [Number.NEGATIVE_INFINITY, 'unknown'],
  ] as [Json | undefined, GuardSays][])('that reads %j says %s', (value, says) => {
    expect(guardSays(value, queue)).toBe(says)
  })

  it('may look at words, and holds for a word it does not know', () => {
    const words = {advance: {eq: 'green'}, back: {eq: 'red'}}
    expect(['green', 'amber', 'red', 7].map(value => guardSays(value, words))).toEqual(['advance', 'hold', 'back', 'hold'])
  })

  it('goes back where both thresholds are met', () => {
    expect(guardSays(7, {advance: {lte: 10}, back: {gt: 5}})).toBe('back')
  })
})

describe('a threshold', () => {
  it.each([
    [{}, 'says nothing'],
    [{eq: undefined}, 'says nothing'],
    [{gt: 5, lt: 3}, 'can never be so'],
    [{gt: 5, lte: 5}, 'can never be so'],
    [{eq: 3, ne: 3}, 'can never be so'],
    [{gt: 5, lt: 5.5}, null],
    [{lte: 10}, null],
    [{ne: 'red'}, null],
    [{eq: null}, null],
  ] as [Comparison, string | null][])('%j: %s', (comparison, flaw) => {
    if (flaw === null) expect(comparisonFlaw(comparison)).toBeNull()
    else expect(comparisonFlaw(comparison)).toContain(flaw)
  })

  it.each([
    [{lte: 10}, {gt: 40}, false],
    [{lte: 10}, {gt: 10}, false],
    [{lte: 10}, {gte: 10}, true],
    [{lte: 41}, {gt: 40}, true],
    [{gte: 12}, {lt: 10}, false],
    [{eq: 'green'}, {ne: 'green'}, false],
    [{ne: 'red'}, {ne: 'green'}, true],
  ] as [Comparison, Comparison, boolean][])('%j and %j overlap: %s', (advance, back, both) => {
    expect(overlap(advance, back) !== undefined).toBe(both)
  })
})

describe('growth of a counter', () => {
  const feed = (samples: readonly [ticks: number, value: number][]) => {
    const grown = growthOver(1000, 750)
    return samples.map(([ticks, value]) => grown({ticks, wallMs: ticks}, value))
  }

  it('is unknown until the window was watched, and then counts the window only', () => {
    const samples = [0, 250, 500, 750, 1000, 1250].map((ticks, i) => [ticks, i * 3] as [number, number])
    expect(feed(samples)).toEqual([undefined, undefined, undefined, undefined, 12, 12])
  })

  it('a counter that went backwards was restarted: unknown until a whole window was watched again', () => {
    const samples = [0, 500, 1000, 1500, 2000, 2500].map((ticks, i) => [ticks, i < 3 ? 100 + i : i] as [number, number])
    expect(feed(samples)).toEqual([undefined, undefined, 2, undefined, undefined, 2])
  })

  it('nor was what happened while the machine slept', () => {
    const grown = growthOver(1000, 750)
    const sleptMs = (ticks: number) => (ticks > 1000 ? 60_000 : 0)
    const samples = [0, 500, 1000, 1500, 2000, 2500].map(ticks => grown({ticks, wallMs: ticks + sleptMs(ticks)}, ticks))
    expect(samples).toEqual([undefined, undefined, 1000, undefined, undefined, 1000])
  })

  it('a pause longer than three looks was not watched', () => {
    expect(
      feed([
        [0, 0],
        [500, 0],
        [1000, 0],
        [2000, 0],
        [2500, 0],
        [3000, 5],
      ]),
    ).toEqual([undefined, undefined, 0, undefined, undefined, 5])
  })
})

describe('the dwell', () => {
  const feed = (looks: readonly [atTicks: number, says: GuardSays, wallMs?: number][]) => {
    const dwell = makeDwell(250)
    return looks.map(([atTicks, says, wallMs = atTicks]) => dwell({atTicks, atWallMs: wallMs, says, evidence: ''}))
  }

  it('counts from the first good look, and only what was looked at', () => {
    expect(
      feed([
        [1000, 'advance'],
        [1250, 'advance'],
        [1500, 'advance'],
      ]),
    ).toEqual([0, 250, 500])
  })

  it('a machine that slept in it begins it anew, and so does a wall clock that went back', () => {
    expect(
      feed([
        [0, 'advance'],
        [250, 'advance'],
        [500, 'advance', 3_600_500],
        [750, 'advance', 3_600_750],
        [1000, 'advance', 1000],
        [1250, 'advance', 1250],
      ]),
    ).toEqual([0, 250, 0, 250, 0, 250])
  })

  it.each(['hold', 'back'] as const)('a look that says %s begins it anew', says => {
    expect(
      feed([
        [0, 'advance'],
        [250, 'advance'],
        [500, says],
        [750, 'advance'],
        [1000, 'advance'],
      ]),
    ).toEqual([0, 250, 0, 0, 250])
  })

  it('one lost answer adds nothing and breaks nothing; a gap of more than three looks begins it anew', () => {
    expect(
      feed([
        [0, 'advance'],
        [250, 'unknown'],
        [500, 'advance'],
      ]),
    ).toEqual([0, 0, 500])
    expect(
      feed([
        [0, 'advance'],
        [250, 'advance'],
        [1000, 'advance'],
        [1751, 'advance'],
        [2001, 'advance'],
      ]),
    ).toEqual([0, 250, 1000, 0, 250])
    expect(
      feed([
        [0, 'advance'],
        [250, 'unknown'],
        [500, 'unknown'],
        [750, 'unknown'],
        [1000, 'unknown'],
        [1250, 'advance'],
      ]),
    ).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('the lookout', () => {
  const looking = (guard: () => Json | undefined, release?: () => Json | undefined, changeOverMs?: number) => {
    const clock = new SimulatedClock()
    const watched = {gauge: gaugeOf(release ?? (() => 0)), when: {lte: 8}, ...(changeOverMs !== undefined && {changeOverMs})}
    const look = makeLookout({gauge: gaugeOf(guard), everyMs: 250, ...queue}, release ? watched : null, clock)
    return {clock, look: (isLast: boolean) => look(isLast, new AbortController().signal)}
  }

  it('asks release_when only for the last step, and only when the guard is good', async () => {
    let asked = 0
    let queued = 0
    const {look} = looking(
      () => queued,
      () => {
        asked += 1
        return 9
      },
    )
    expect((await look(false)).says).toBe('advance')
    queued = 50
    expect((await look(true)).says).toBe('back')
    expect(asked).toBe(0)
    queued = 0
    expect(await look(true)).toMatchObject({says: 'hold', evidence: 'reads 0; release_when reads 9'})
  })

  it('release_when that cannot be read is unknown', async () => {
    const {look} = looking(
      () => 0,
      () => undefined,
    )
    expect((await look(true)).says).toBe('unknown')
  })

  it('release_when may be the growth of a counter', async () => {
    let refused = 0
    const {clock, look} = looking(
      () => 0,
      () => refused,
      1000,
    )
    const said: string[] = []
    for (let i = 0; i < 10; i += 1) {
      said.push((await look(true)).says)
      if (i < 5) refused += 3
      await clock.sleep(250)
    }
    expect(said).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'hold', 'hold', 'hold', 'advance', 'advance', 'advance'])
    expect((await look(true)).evidence).toContain('0 more over 1 s')
  })
})
