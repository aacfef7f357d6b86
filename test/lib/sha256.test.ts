import {createHash} from 'node:crypto'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {sha256Hex} from '../../src/lib/sha256.ts'

describe('sha256Hex', () => {
  it('is what node:crypto says, of text and of bytes, before it is loaded (2,500 calls) and after', () => {
    const data = fc.oneof(fc.string({unit: 'binary', maxLength: 100}), fc.uint8Array({maxLength: 100}))
    fc.assert(
      fc.property(data, value => {
        expect(sha256Hex(value)).toBe(createHash('sha256').update(value).digest('hex'))
      }),
      {numRuns: 2700},
    )
  })
})
