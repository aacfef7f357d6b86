import {describe, expect, it} from '@jest/globals'
import {parseDuration} from '../../src/lib/durations.ts'

describe('a duration', () => {
  it('that is longer than allowed is told the longest, not how to write one', () => {
    for (const text of ['999999d', '367d', '9999999999s', `${'9'.repeat(400)}d`])
      expect(() => parseDuration(text)).toThrow(/^"[^"]+" is too long: at most 366d$/)
    expect(() => parseDuration('13h', 12 * 3_600_000)).toThrow('"13h" is too long: at most 12h')
    expect([parseDuration('366d'), parseDuration('12h', 12 * 3_600_000)]).toEqual([366 * 86_400_000, 12 * 3_600_000])
  })

  it('that is none is told how one is written', () => {
    for (const text of ['15', '', '1m1h', '-5m', '1.5h', 'd']) expect(() => parseDuration(text)).toThrow(/is not a duration; write /)
  })
})
