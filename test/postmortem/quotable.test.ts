import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {quotable} from '../../src/postmortem/quotable.ts'
import {HOSTILE} from './hostile.ts'

describe('a recorded text in a document', () => {
  it.each([
    ['two\r\nlines', 'two ⏎ lines'],
    ['abc\u202edef', 'abc\\u202edef'],
    ['zero\u200bwidth', 'zerowidth'],
    ['ask @team about #12', 'ask @\u2060team about #\u206012'],
    ['me@example.com', 'me@example.com'],
    ['\u0007bell', '\\u0007bell'],
    ['family 👨‍👩‍👧 stays', 'family 👨‍👩‍👧 stays'],
    ['  \n', '⏎'],
  ])('%j reads as %j', (text, shown) => {
    expect(quotable(text)).toBe(shown)
  })

  it('is one line without controls, whatever comes in, and the same when done twice', () => {
    const text = fc.oneof(fc.string({unit: 'binary'}), fc.constantFrom(...HOSTILE))
    fc.assert(
      fc.property(text, raw => {
        const shown = quotable(raw)
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/)
        expect(shown.isWellFormed()).toBe(true)
        expect(quotable(shown)).toBe(shown)
      }),
    )
  })
})
