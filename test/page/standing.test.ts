import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {type Claim, missingHere, standing} from '../../src/page/manifest.ts'

const claim = (heads: Record<string, number>, revision = Object.values(heads).reduce((sum, seq) => sum + seq, 0)): Claim => ({
  heads,
  revision,
  root: '',
  state: 'done',
})

describe('how a build stands to the one that is there', () => {
  it.each([
    ['first, before anything was public', {}, {}, 'same'],
    ['of the same journal, later', {'a.1': 5}, {'a.1': 3}, 'newer'],
    ['of the same journal, earlier', {'a.1': 3}, {'a.1': 5}, 'older'],
    ['of another journal, whatever it counts', {'a.1': 900}, {'b.1': 1}, 'diverged'],
    ['of another journal that holds this one too', {'a.1': 1, 'b.1': 1}, {'b.1': 1}, 'newer'],
    ['of the same journal after a restored backup', {'a.1': 5, 'a.2': 9}, {'a.1': 7}, 'diverged'],
  ])('%s', (_, ours, theirs, expected) => {
    expect(standing(claim(ours as Record<string, number>), claim(theirs as Record<string, number>))).toBe(expected)
  })

  it('counts what waits in an emergency log beside equal chains', () => {
    expect(standing(claim({'a.1': 5}, 7), claim({'a.1': 5}, 5))).toBe('newer')
    expect(standing(claim({'a.1': 5}, 5), claim({'a.1': 5}, 7))).toBe('older')
    expect(standing(claim({'a.1': 7}, 7), claim({'a.1': 5}, 7))).toBe('newer') // taken in
  })

  it('never lets facts of an emergency log alone replace a page made from a chain', () => {
    expect(standing(claim({}, 9), claim({'a.1': 5}, 5))).toBe('diverged')
    expect(standing(claim({}, 0), claim({'a.1': 5}, 5))).toBe('older')
  })

  it('is newer only than what it holds all of, and two journals never take turns', () => {
    const chained = fc
      .dictionary(fc.constantFrom('a.1', 'a.2', 'b.1', 'c.1'), fc.integer({min: 1, max: 4}), {noNullPrototype: true})
      .map(heads => claim(heads as Record<string, number>))
    fc.assert(
      fc.property(chained, chained, (ours, theirs) => {
        const stand = standing(ours, theirs)
        const holdsAll = (one: Claim, other: Claim) => Object.entries(other.heads).every(([stream, seq]) => (one.heads[stream] ?? 0) >= seq)
        expect(stand === 'newer' || stand === 'same').toBe(holdsAll(ours, theirs))
        expect(standing(theirs, ours)).toBe({newer: 'older', older: 'newer', same: 'same', diverged: 'diverged'}[stand])
        expect(missingHere(ours, theirs) === '').toBe(holdsAll(ours, theirs))
      }),
    )
  })
})
