import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {canonicalJson} from '../../src/lib/canonical.ts'

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code units, the ones JavaScript would put first too', () => {
    expect(canonicalJson({b: 1, 10: 2, 9: 3, a: undefined, '\u{1f600}': 4, '\ufb33': 5, '': 6})).toBe('{"":6,"10":2,"9":3,"b":1,"\u{1f600}":4,"\ufb33":5}')
    expect(canonicalJson({z: {b: [], a: {}}, __proto__: null, a: -0})).toBe('{"a":0,"z":{"a":{},"b":[]}}')
  })

  it('is the same text for the same value, in whatever order its keys come, and JSON.parse gives the value back', () => {
    const value = fc.jsonValue({maxDepth: 4}).filter(json => JSON.stringify(json).isWellFormed())
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), object => {
        const text = canonicalJson(object)
        expect(canonicalJson(Object.fromEntries(Object.entries(object).reverse()))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(object)))
      }),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '\ud800', {'\udc00': 1}, [undefined], {a: () => 1}, 1n, Symbol('x')])(
    'refuses what is not JSON (%#)',
    value => {
      expect(() => canonicalJson(value)).toThrow(TypeError)
    },
  )
})
