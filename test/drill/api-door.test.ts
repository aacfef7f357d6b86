import {describe, expect, it} from '@jest/globals'
import {ApiDoor, doorSettingIn} from '../../src/drill/api-door.ts'
import {makeDraw} from '../../src/drill/draw.ts'
import {makeTokenBucket} from '../../src/drill/token-bucket.ts'

/** Attempts that are let in, of so many a second that come evenly. */
function admitted(door: ApiDoor, {perSecond, seconds, from = 0}: {perSecond: number; seconds: number; from?: number}): number {
  const times = Array.from({length: perSecond * seconds}, (_, i) => from + (i * 1000) / perSecond)
  return times.filter(ticks => door.refuses(ticks) === null).length
}

describe('the door of the API', () => {
  it('is open until a rod is set', () => {
    const door = new ApiDoor(makeDraw(1))
    expect(door.setting).toEqual({maintenance: 0, rate: null})
    expect(admitted(door, {perSecond: 100, seconds: 10})).toBe(1000)
  })

  it.each([25, 50, 75])('refuses about %i percent, the same ones for the same seed', share => {
    const one = new ApiDoor(makeDraw(7))
    const other = new ApiDoor(makeDraw(7))
    for (const door of [one, other]) door.set({maintenance: share}, 0)
    const seen = Array.from({length: 2000}, () => one.refuses(0))
    expect(seen).toEqual(Array.from({length: 2000}, () => other.refuses(0)))
    const refused = seen.filter(rod => rod === 'api-maintenance').length / 20
    expect(Math.abs(refused - share)).toBeLessThan(4)
    expect(seen.filter(rod => rod === null)).toHaveLength(2000 - refused * 20)
  })

  it('refuses everybody at 100 percent and nobody at 0, to the last one', () => {
    const door = new ApiDoor(() => 0.999_999)
    door.set({maintenance: 100}, 0)
    expect(door.refuses(0)).toBe('api-maintenance')
    const lowest = new ApiDoor(() => 0)
    lowest.set({maintenance: 0}, 0)
    expect(lowest.refuses(0)).toBeNull()
  })

  it('keeps a rate of 0, which admits nobody, apart from none, which is no limit', () => {
    const door = new ApiDoor(makeDraw(1))
    door.set({rate: 0}, 0)
    expect(admitted(door, {perSecond: 100, seconds: 60})).toBe(0)
    expect(door.refuses(100_000)).toBe('api-admit-rate')
    door.set({rate: null}, 100_000)
    expect(admitted(door, {perSecond: 100, seconds: 10, from: 100_000})).toBe(1000)
  })

  it.each([10, 25, 42])('admits %i a second of many, and all of a few', rate => {
    const door = new ApiDoor(makeDraw(1))
    door.set({rate}, 0)
    const seen = admitted(door, {perSecond: 150, seconds: 20})
    expect(seen).toBeGreaterThan(rate * 19)
    expect(seen).toBeLessThanOrEqual(rate * 20)
    const few = admitted(door, {perSecond: 5, seconds: 20, from: 20_000})
    expect(few).toBe(100)
  })

  it('does not begin a new bucket when the same rate is set again, or the other rod moves', () => {
    const door = new ApiDoor(() => 0.9)
    door.set({rate: 10}, 0)
    expect(door.refuses(1000)).toBeNull()
    door.set({rate: 10}, 1000)
    door.set({maintenance: 50}, 1000)
    expect(door.setting).toEqual({maintenance: 50, rate: 10})
    expect(door.refuses(1000)).toBeNull() // the second of the two it holds
    expect(door.refuses(1000)).toBe('api-admit-rate')
  })

  it('spends nothing of the rate on whom maintenance refuses', () => {
    const door = new ApiDoor(() => 0)
    door.set({maintenance: 25, rate: 10}, 0)
    expect(Array.from({length: 50}, () => door.refuses(5000))).toEqual(Array.from({length: 50}, () => 'api-maintenance'))
    door.set({maintenance: 0}, 5000)
    expect(door.refuses(5000)).toBeNull()
  })

  it.each([
    [{maintenance: 25}, {maintenance: 25}],
    [
      {maintenance: 0, rate: null},
      {maintenance: 0, rate: null},
    ],
    [{rate: 0}, {rate: 0}],
    [{rate: 42.5}, {rate: 42.5}],
  ])('takes %j', (body, setting) => {
    expect(doorSettingIn(body)).toEqual(setting)
  })

  it.each([
    undefined,
    null,
    [],
    'yes',
    {},
    {maintenance: true},
    {maintenance: '25'},
    {maintenance: 12.5},
    {maintenance: -1},
    {maintenance: 101},
    {rate: -1},
    {rate: '10'},
    {rate: 1e9},
    {maintenance: 25, rates: 10},
  ])('refuses %j and says what is wrong', body => {
    expect(typeof doorSettingIn(body)).toBe('string')
  })
})

describe('the bucket of an admitted rate', () => {
  it('is empty at first, fills every 50 ms, and saves up no more than a fifth of a second', () => {
    const bucket = makeTokenBucket(25, 0)
    expect([bucket.take(0), bucket.take(49)]).toEqual([false, false])
    expect([bucket.take(50), bucket.take(50)]).toEqual([true, false])
    const afterAnHour = Array.from({length: 10}, () => bucket.take(3_600_000))
    expect(afterAnHour.filter(isIn => isIn)).toHaveLength(5)
  })

  it('holds one at least, or a rate below 5 would admit nobody', () => {
    const bucket = makeTokenBucket(1, 0)
    expect([bucket.take(950), bucket.take(1000), bucket.take(1000)]).toEqual([false, true, false])
  })

  it('is not moved by a clock that stands still or goes back', () => {
    const bucket = makeTokenBucket(10, 1000)
    expect(bucket.take(500)).toBe(false)
    expect(bucket.take(1100)).toBe(true)
  })
})
