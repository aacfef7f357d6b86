import {expect, it} from '@jest/globals'
import {sealed, unsealed} from '../../src/lib/sealed.ts'

it('opens what was sealed, and nothing else', () => {
  for (const body of ['', '{}', 'a\nb\n', 'é']) expect(unsealed(sealed(body))).toBe(body)
  for (const text of ['', '\n', '{}', sealed('{}').slice(0, -1), `${sealed('{}')} `, sealed('{}').replace(/^./, 'x'), `x${sealed('{}')}`])
    expect(unsealed(text)).toBeNull()
})
