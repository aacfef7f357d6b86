import {describe, expect, it} from '@jest/globals'
import {randomBytes} from '../../src/lib/random.ts'

describe('randomBytes', () => {
  it('answers as many as asked, and never the same twice', () => {
    const seen = new Set(Array.from({length: 200}, () => Buffer.from(randomBytes(16)).toString('hex')))
    expect(seen.size).toBe(200)
    expect(randomBytes(0)).toHaveLength(0)
    expect(randomBytes(1000)).toHaveLength(1000)
    for (const count of [500, 30, 512, 1]) expect(randomBytes(count)).toHaveLength(count)
  })

  it('gives bytes of their own: what one caller does with them reaches no other', () => {
    const mine = randomBytes(8)
    const copy = mine.slice()
    for (let i = 0; i < 200; i += 1) randomBytes(8).fill(0)
    expect(mine).toEqual(copy)
  })

  it('uses every value of a byte about equally often', () => {
    const counts = new Array<number>(256).fill(0)
    for (let i = 0; i < 6400; i += 1) for (const byte of randomBytes(10)) counts[byte] = (counts[byte] ?? 0) + 1
    expect(Math.min(...counts)).toBeGreaterThan(120) // 250 each on average; 16 deviations of sixteen do not come to 130
    expect(Math.max(...counts)).toBeLessThan(400)
  })
})
