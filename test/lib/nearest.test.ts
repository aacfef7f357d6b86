import {describe, expect, it} from '@jest/globals'
import {nearest} from '../../src/lib/nearest.ts'

describe('nearest', () => {
  const rods = ['api-maintenance', 'api-admit-rate', 'edge-writes', 'db']
  it.each([
    ['api-maintenence', 'api-maintenance'],
    ['API-MAINTENANCE', 'api-maintenance'],
    ['edge-wirtes', 'edge-writes'],
    ['dd', 'db'],
    ['xy', undefined],
    ['site', undefined],
    ['', undefined],
  ])('%s → %s', (typed, meant) => {
    expect(nearest(typed, rods)).toBe(meant)
  })

  it('asks for half a word at least', () => {
    expect(nearest('reason', ['json', 'why'])).toBeUndefined()
    expect(nearest('jsno', ['json', 'why'])).toBe('json')
  })

  it('is bounded, whatever was typed', () => {
    expect(nearest('x'.repeat(100_000), ['y'.repeat(100_000)])).toBeUndefined()
  })
})
