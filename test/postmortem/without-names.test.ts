import {describe, expect, it} from '@jest/globals'
import {withoutNames} from '../../src/postmortem/without-names.ts'

describe('names that must not be published', () => {
  it('become the same placeholder everywhere, whatever the case', () => {
    const hide = withoutNames(['acme', 'a.b', '$1'])
    expect(hide('Acme (acme!) told a.b about $1')).toBe('[redacted:name-1] ([redacted:name-1]!) told [redacted:name-2] about [redacted:name-3]')
    expect(hide('axb')).toBe('axb')
  })

  it('are found once each, also when one is part of another or of the placeholder', () => {
    expect(withoutNames(['name', 'acme', 'acme corp'])('Acme Corp, acme, name')).toBe('[redacted:name-3], [redacted:name-2], [redacted:name-1]')
  })

  it('may be none', () => {
    expect(withoutNames([])('as it is')).toBe('as it is')
    expect(withoutNames([''])('as it is')).toBe('as it is')
  })
})
