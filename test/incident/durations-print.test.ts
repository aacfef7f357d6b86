import {describe, expect, it} from '@jest/globals'
import {printInstant, printLength, printPhase, printStated} from '../../src/incident/durations-print.ts'
import {basisOf, instantOf, isBackdated, worstBasis} from '../../src/incident/instant.ts'
import {type Length, lengthOf, union} from '../../src/incident/length.ts'

const length = (ms: number, more: Partial<Length> = {}): Length => ({ms, basis: 'recorded', approx: false, precisionMs: 1, slackMs: 2, isSoFar: false, ...more})
const coarse = {precisionMs: 60_000, slackMs: 61_000}

describe('a duration is printed', () => {
  it.each([
    [45_000, '45s'],
    [185_000, '3m05s'],
    [1_800_000, '30m'],
    [27_022_438, '7h30m22s'],
    [2 * 86_400_000 + 3 * 3_600_000 + 10 * 60_000, '2d03h10m'],
    [1_130_500, '18m51s'],
    [400, '< 1s'],
  ])('to the second when both ends are known to better than a minute: %d ms', (ms, printed) => expect(printLength(length(ms))).toBe(printed))

  it.each([
    [8_160_000, '2h16m'],
    [8_150_000, '2h16m'],
    [8_129_000, '2h15m'],
    [90_000, '2m'],
  ])('never finer than its worst end: %d ms', (ms, printed) => expect(printLength(length(ms, coarse))).toBe(printed))

  it('as not recorded when it is no larger than what is uncertain, or missing', () => {
    expect(printLength(null)).toBe('not recorded')
    expect(printLength(length(61_000, coarse))).toBe('not recorded')
    expect(printLength(length(-61_000, coarse))).toBe('not recorded')
    expect(printLength(length(0))).toBe('not recorded')
  })

  it('with what is known about it', () => {
    expect(printLength(length(1_800_000, {approx: true}))).toBe('~30m')
    expect(printLength(length(1_800_000, {isSoFar: true}))).toBe('30m so far')
    expect(printLength(length(-300_000, {approx: true}))).toBe('~5m before')
    expect(printPhase(length(60_000), {metric: 'traffic', min: 10, max: 15})).toBe('1m (10–15 % of traffic)')
    expect(printPhase(length(60_000), {metric: 'traffic', min: 10, max: 10})).toBe('1m (10 % of traffic)')
    expect(printPhase(length(60_000))).toBe('1m')
  })

  it('with the bound somebody vouches for', () => {
    expect([printStated({ms: 120_000, bound: '<='}), printStated({ms: 420_000, bound: '~'}), printStated({ms: 180_000, bound: '='})]).toEqual([
      '≤ 2m',
      '~7m',
      '3m',
    ])
  })
})

describe('an instant', () => {
  const stamp = {at: '2012-06-07T18:08:41.000Z', recorded: '2012-06-07T18:08:41.000Z'}

  it('is recorded when it is written within a minute, else stated, unless it says otherwise', () => {
    expect(basisOf(stamp)).toBe('recorded')
    expect(basisOf({...stamp, recorded: '2012-06-07T18:09:41.000Z'})).toBe('recorded')
    expect(basisOf({...stamp, recorded: '2012-06-07T18:09:41.001Z'})).toBe('stated')
    expect(basisOf({...stamp, basis: 'estimated'})).toBe('estimated')
  })

  it('has a dagger when it was given afterwards or guessed', () => {
    expect(isBackdated(stamp)).toBe(false)
    expect(isBackdated({...stamp, basis: 'assumed'})).toBe(true)
    expect(isBackdated({...stamp, recorded: '2012-06-08T00:00:00.000Z', basis: 'stated'})).toBe(true)
  })

  it('is known to a millisecond when recorded and to a minute when told, unless somebody says', () => {
    expect(instantOf(stamp)).toMatchObject({precisionMs: 1, approx: false, entry: null})
    expect(instantOf({...stamp, basis: 'stated'}).precisionMs).toBe(60_000)
    expect(instantOf({...stamp, basis: 'stated', precisionMs: 1000}).precisionMs).toBe(1000)
  })

  it('is printed with its half-width from a minute on', () => {
    expect(printInstant(instantOf(stamp))).toBe('18:08:41')
    expect(printInstant(instantOf({...stamp, basis: 'estimated'}))).toBe('~18:08:41 ±1m')
    expect(printInstant(instantOf({...stamp, at: 'never'}))).toBe('not recorded')
  })

  it('gives a number its worst basis', () => {
    expect(worstBasis(['recorded', 'assumed', 'stated'])).toBe('assumed')
    expect(worstBasis([])).toBe('recorded')
  })
})

describe('spans', () => {
  const instant = (atMs: number) => ({atMs, basis: 'recorded', approx: false, precisionMs: 1, entry: null}) as const
  const span = (from: number, to: number, isOpen = false) => ({from: instant(from), to: instant(to), isOpen})
  const ends = (spans: ReturnType<typeof union>) => spans.map(({from, to}) => [from.atMs, to.atMs])

  it('overlapping, touching and inside each other are one; apart they stay apart', () => {
    expect(ends(union([span(5, 15), span(0, 10), span(15, 20), span(30, 40), span(32, 35)]))).toEqual([
      [0, 20],
      [30, 40],
    ])
  })

  it('of which one goes on go on together', () => expect(union([span(0, 10), span(5, 20, true)])).toMatchObject([{isOpen: true}]))
  it('that are none have no length', () => expect(lengthOf([])).toBeNull())
})
