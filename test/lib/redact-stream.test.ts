import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {makeRedactor} from '../../src/lib/redact.ts'

const SECRET = 'cnry-7f3Kq9zz'
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIabcdef0123456789\nMIIghijkl0123456789\n-----END PRIVATE KEY-----\n'

/** What comes out, cut into pieces at these places. */
function through(text: string, cuts: readonly number[], ...secrets: string[]): {readonly pieces: readonly string[]; readonly all: string} {
  const redactor = makeRedactor()
  for (const secret of secrets) redactor.know(secret)
  const stream = redactor.stream()
  const places = [0, ...cuts.map(cut => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
  const pieces = places.slice(1).map((end, i) => stream.push(text.slice(places[i], end)))
  const all = [...pieces, stream.end()].join('')
  return {pieces, all}
}

describe('text that is redacted in pieces', () => {
  const forms = [SECRET, Buffer.from(SECRET).toString('base64'), Buffer.from(SECRET).toString('hex'), encodeURIComponent(`${SECRET}/ä`)]
  const text = fc.array(fc.oneof(fc.constantFrom(...forms, '\n', ' ', SECRET.slice(0, 6), 'secret', KEY), fc.string({maxLength: 20})), {maxLength: 30})

  it('never shows a secret or a part of a key, wherever it is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), {maxLength: 12}), (parts, cuts) => {
        const {all} = through(parts.join(''), cuts, SECRET, `${SECRET}/ä`)
        for (const form of [...forms, 'MIIabcdef', 'MIIghijkl']) expect(all).not.toContain(form)
      }),
    )
  })

  it('says what is not secret as it was, whatever the cuts', () => {
    fc.assert(
      fc.property(fc.string({maxLength: 200}), fc.array(fc.nat(), {maxLength: 12}), (plain, cuts) => {
        const redactor = makeRedactor()
        fc.pre(redactor.redact(plain) === plain)
        expect(through(plain, cuts).all).toBe(plain)
      }),
    )
  })

  it('does not wait for the end of what has none: a flood is let through, a secret in it is not', () => {
    const {pieces, all} = through('x'.repeat(200_000) + SECRET + 'y'.repeat(100_000), [20_000, 100_000, 200_005, 250_000], SECRET)
    expect(pieces[0]?.length).toBeGreaterThan(19_000)
    expect([all.length, all.includes(SECRET), all.includes('[redacted:secret]')]).toEqual([300_000 + '[redacted:secret]'.length, false, true])
  })

  it('holds back no more than may be the beginning of a secret: whoever reads along sees each line as it comes', () => {
    const secret = `cnry-${'k'.repeat(200)}`
    expect(through('pool canary\npool production\nends in cnr\n', [12, 28], secret).pieces).toEqual(['pool canary\n', 'pool production\n', 'ends in cnr\n'])
    expect(through('a line\ncnry-kkk\n', [11], secret).pieces).toEqual(['a line\n', 'cnry-kkk\n'])
  })

  it('catches a credential nobody knew when its line is whole', () => {
    expect(through('export TOKEN=abcdefgh\nnext\n', [15]).all).toBe('export TOKEN=[redacted:password]\nnext\n')
  })
})
