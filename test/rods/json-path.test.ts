import {describe, expect, it} from '@jest/globals'
import type {Json} from '../../src/lib/canonical.ts'
import {atJsonPath, isJsonPath} from '../../src/rods/json-path.ts'

const document = JSON.parse('{"nodes":[{"up":12}],"api-rate":null,"__proto__":{"own":1}}') as Json

describe('a JSON path', () => {
  it.each([
    ['$', document],
    ['$.nodes[0].up', 12],
    ['$.api-rate', null],
    ['$.nodes[1]', undefined],
    ['$.nodes.length', undefined],
    ['$.nodes[0].up.x', undefined],
    ['$.constructor', undefined],
    ['$.__proto__.own', 1],
    ['$.nodes[0].__proto__', undefined],
  ])('%s finds own members only', (path, value) => {
    expect(atJsonPath(document, path)).toEqual(value)
  })

  it.each(['', 'nodes', '$nodes', '$.', '$..up', '$.nodes[*]', '$.nodes[-1]', "$['a']", '$.a b', '$.nodes[?(@.up)]'])('%j is no path', path => {
    expect(isJsonPath(path)).toBe(false)
  })
})
