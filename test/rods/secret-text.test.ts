import {describe, expect, it} from '@jest/globals'
import {secretText, withoutSecrets} from '../../src/rods/secret-text.ts'

const resolve = async () => 's3cr3t-value'

describe('what another side repeats', () => {
  it.each([
    ['env:T', 'bad key s3cr3t-value', 'bad key env:T'],
    ['Bearer env:T', 'no such token: Bearer s3cr3t-value', 'no such token: Bearer env:T'],
    ['Bearer env:T', 'no such token: s3cr3t-value', 'no such token: env:T'],
    ['Bearer file:/etc/t', 's3cr3t-values3cr3t-value', 'file:/etc/tfile:/etc/t'],
    ['Basic exec:["pass", "show"]', '<s3cr3t-value>', '<exec:["pass", "show"]>'],
  ])('of %s is told by its reference: %s', async (written, said, clean) => {
    expect(withoutSecrets(said, [await secretText(written, resolve)])).toBe(clean)
  })

  it('is left alone where nothing of ours is in it', async () => {
    expect(withoutSecrets('Bearer realm', [await secretText('Bearer env:T', resolve), await secretText('Bearer plain', resolve)])).toBe('Bearer realm')
    expect(withoutSecrets('ab', [await secretText('Bearer env:T', async () => '')])).toBe('ab')
  })
})
