import {describe, expect, it} from '@jest/globals'
import type {Json} from '../../src/lib/canonical.ts'
import {Fault} from '../../src/lib/fault.ts'
import {listPositions} from '../../src/rods/position.ts'
import {valueMap} from '../../src/rods/value-map.ts'

const invalid = (path: readonly string[], message: string) => new Fault('config.invalid', `${path.join('.')}: ${message}`)
const percent = listPositions({percent: {step: 50}})
const rate = listPositions({rate: [0, 10, 'none']})

describe('how a target writes positions', () => {
  it.each<[readonly string[], Record<string, Json>, string, Json]>([
    [['withdrawn', 'inserted'], {}, 'inserted', 'inserted'],
    [['withdrawn', 'inserted'], {inserted: true, withdrawn: false}, 'withdrawn', false],
    [percent, {}, '50%', 50],
    [percent, {}, 'withdrawn', 0],
    [percent, {'100': 'all'}, '100%', 'all'],
    [rate, {none: null}, 'withdrawn', null],
    [rate, {none: null}, '0/s', 0],
  ])('of %j with %j, %s is %j, and back', (positions, values, position, value) => {
    const map = valueMap(values, positions, invalid)
    expect(map.valueAt(position)).toBe(value)
    expect(map.positionOf(value)).toBe(position)
  })

  it('reads a share nobody listed, and nothing into a value nobody knows', () => {
    const map = valueMap({}, percent, invalid)
    expect(map.positionOf(33)).toBe('33%')
    for (const value of [150, -1, 12.5, '50', null, undefined, {}, [], true]) expect(map.positionOf(value)).toBe('unknown')
    expect(valueMap({none: null}, rate, invalid).positionOf(37)).toBe('37/s')
    expect(valueMap({withdrawn: 'off'}, percent, invalid).positionOf(0)).toBe('unknown')
  })

  it('refuses two positions with one value, a rate without "no limit", and keys that are no positions', () => {
    expect(() => valueMap({none: 0}, rate, invalid)).toThrow(/0\/s are both 0|withdrawn and 0\/s/)
    expect(() => valueMap({}, rate, invalid)).toThrow(/values: \{none: null\}/)
    expect(() => valueMap({inserted: true}, percent, invalid)).toThrow(/values.inserted/)
  })
})
