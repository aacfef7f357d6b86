import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {Fault} from '../../src/lib/fault.ts'
import {isPosition, listPositions, parsePosition} from '../../src/rods/position.ts'

const percent = listPositions({percent: {step: 25}})
const rate = listPositions({rate: [0, 10, 25, 42, 'none']})
const named = listPositions(['withdrawn', 'throttle', 'reads-only', 'inserted'])

describe('positions', () => {
  it('are listed from least to most reduced', () => {
    expect(percent).toEqual(['withdrawn', '25%', '50%', '75%', '100%'])
    expect(rate).toEqual(['withdrawn', '42/s', '25/s', '10/s', '0/s'])
    expect(listPositions({percent: {step: 40}})).toEqual(['withdrawn', '40%', '80%', '100%'])
  })

  it.each([
    ['25', percent, '25%'],
    ['25%', percent, '25%'],
    ['33%', percent, '33%'],
    ['0', percent, 'withdrawn'],
    ['withdrawn', percent, 'withdrawn'],
    ['100', percent, '100%'],
    ['10', rate, '10/s'],
    ['10/s', rate, '10/s'],
    ['0', rate, '0/s'],
    ['none', rate, 'withdrawn'],
    ['throttle', named, 'throttle'],
  ])('%s is %s of %j', (text, positions, position) => {
    expect(parsePosition(text, positions)).toBe(position)
  })

  it.each([
    ['101', percent, 'a whole share from 0% to 100%'],
    ['-1', percent, '25%, 50%'],
    ['12.5', percent, '25%'],
    ['NaN', percent, '25%'],
    ['025', percent, '25%'],
    ['none', percent, '25%'],
    ['inserted', percent, '25%'],
    ['11', rate, 'write one of 42/s, 25/s, 10/s, 0/s, or none'],
    ['-1', rate, '42/s'],
    ['10%', rate, '42/s'],
    ['1e1', rate, '42/s'],
    ['in', named, 'withdrawn, throttle, reads-only, inserted'],
    ['constructor', named, 'withdrawn'],
    ['', named, 'withdrawn'],
  ])('%j is refused for %j, saying what is right', (text, positions, right) => {
    expect(() => parsePosition(text, positions)).toThrow(expect.objectContaining({code: 'usage.invalid', message: expect.stringContaining(right)}))
  })

  it('whatever is typed becomes a canonical position or one short printable refusal', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({unit: 'binary'}), fc.integer().map(String), fc.double().map(String)),
        fc.constantFrom(percent, rate, named),
        (text, positions) => {
          try {
            expect(isPosition(parsePosition(text, positions), positions)).toBe(true)
          } catch (error) {
            expect(error).toBeInstanceOf(Fault)
            expect((error as Fault).message).toMatch(/^[^\u0000-\u001f]{1,400}$/u)
          }
        },
      ),
    )
  })
})
