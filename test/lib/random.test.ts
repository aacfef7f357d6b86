import {describe, expect, it} from '@jest/globals'
import {randomBytes} from '../../src/lib/random.ts'

describe('randomBytes', () => {
  it('answers as many as asked, and never the same twice', () => {
    const seen = new Set(Array.from({length: 200}, () => Buffer.from(randomBytes(16)).toString('hex')))
    expect(seen.size).toBe(200)
    expect(randomBytes(0)).toHaveLength(0)
    expect(randomBytes(1000)).toHaveLength(1000)
  })
})
