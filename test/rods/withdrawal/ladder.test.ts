import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {listPositions} from '../../../src/rods/position.ts'
import {makeLadder, stepIssues} from '../../../src/rods/withdrawal/ladder.ts'

const percent = listPositions({percent: {step: 25}})
const rate = listPositions({rate: [0, 10, 25, 42, 'none']})
const named = ['withdrawn', 'throttle', 'reads-only', 'inserted']

describe('the ladder of a withdrawal', () => {
  it.each([
    [percent, ['100%', '75%', '50%', '25%', 'withdrawn']],
    [rate, ['0/s', '10/s', '25/s', '42/s', 'withdrawn']],
    [named, ['inserted', 'reads-only', 'throttle', 'withdrawn']],
    [
      ['withdrawn', 'inserted'],
      ['inserted', 'withdrawn'],
    ],
  ])('of %j goes from fully in to withdrawn, least change first', (positions, rungs) => {
    expect(makeLadder(positions).rungs).toEqual(rungs)
  })

  it('goes from where the rod stands, also between two rungs, and no further than asked', () => {
    const ladder = makeLadder(percent)
    expect(ladder.out('100%', 'withdrawn')).toBe('75%')
    expect(ladder.out('33%', 'withdrawn')).toBe('25%')
    expect(ladder.out('50%', '33%')).toBe('33%')
    expect(ladder.out('33%', '33%')).toBeNull()
    expect(ladder.out('25%', '33%')).toBeNull()
    expect(ladder.out('withdrawn', 'withdrawn')).toBeNull()
    expect(makeLadder(rate).out('25/s', 'withdrawn')).toBe('42/s')
    expect(makeLadder(rate).out('42/s', 'withdrawn')).toBe('withdrawn')
  })

  it('a step back is one rung further in than what failed, at most fully in', () => {
    const ladder = makeLadder(percent)
    expect(['withdrawn', '25%', '33%', '75%', '100%'].map(ladder.in)).toEqual(['25%', '50%', '50%', '100%', '100%'])
    expect(makeLadder(rate).in('withdrawn')).toBe('42/s')
    expect(makeLadder(rate).in('10/s')).toBe('0/s')
  })

  it('has the steps that are written instead of all positions', () => {
    const ladder = makeLadder(percent, ['90%', '50%'])
    expect(ladder.rungs).toEqual(['100%', '90%', '50%', 'withdrawn'])
    expect(ladder.in('50%')).toBe('90%')
    expect(makeLadder(percent, ['100%', '50%', 'withdrawn']).rungs).toEqual(['100%', '50%', 'withdrawn'])
  })

  it('from any share it ends at its goal, each step less reduced than the one before', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 100}), fc.integer({min: 0, max: 100}), fc.integer({min: 1, max: 100}), (start, goal, step) => {
        const shown = (share: number) => (share === 0 ? 'withdrawn' : `${share}%`)
        const ladder = makeLadder(listPositions({percent: {step}}))
        let at = shown(start)
        for (let next = ladder.out(at, shown(goal)); next !== null; next = ladder.out(at, shown(goal))) {
          expect(ladder.isMoreReduced(at, next)).toBe(true)
          at = next
        }
        expect(at).toBe(shown(Math.min(start, goal)))
      }),
    )
  })

  it.each([
    [[75, '50%', 25, 0], percent, []],
    [['100%', '33%', 'withdrawn'], percent, []],
    [[0, 10, '42/s', 'none'], rate, []],
    [['inserted', 'throttle'], named, []],
    [
      [75, 101, 'all'],
      percent,
      [
        [1, '101 is no position of this rod; it has withdrawn, 25%'],
        [2, '"all" is no position'],
      ],
    ],
    [
      [50, 75, 75, 0],
      percent,
      [
        [1, '75% does not follow 50%'],
        [2, '75% does not follow 75%'],
      ],
    ],
    [[25, 10], rate, [[1, '10/s does not follow 25/s']]],
    [['withdrawn', 'throttle'], named, [[1, 'throttle does not follow withdrawn']]],
  ] as const)('steps %j are checked as they are written', (steps, positions, wanted) => {
    const found = stepIssues(steps, positions)
    expect(found.map(({index}) => index)).toEqual(wanted.map(([index]) => index))
    for (const [i, [, message]] of wanted.entries()) expect(found[i]?.message).toContain(message)
  })
})
