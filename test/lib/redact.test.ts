import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {makeRedactor} from '../../src/lib/redact.ts'

/** Put together here, so that no scanner of repositories takes a test for a leak. */
const join = (...parts: readonly string[]) => parts.join('')
const CANARY = 'c4nary-Value/with+odd chars"7'

describe('known values', () => {
  const redactor = makeRedactor()
  redactor.know(CANARY)

  it.each([
    ['as it is', CANARY],
    ['base64', Buffer.from(CANARY).toString('base64')],
    ['base64url', Buffer.from(CANARY).toString('base64url')],
    ['base64 behind a user name', Buffer.from(`bob:${CANARY}`).toString('base64')],
    ['base64 behind a longer user name', Buffer.from(`alice:${CANARY}!`).toString('base64url')],
    ['percent-encoded', encodeURIComponent(CANARY)],
    ['percent-encoded, lower case', encodeURIComponent(CANARY).replace(/%../g, escaped => escaped.toLowerCase())],
    ['JSON-escaped', JSON.stringify(CANARY)],
    ['hex', Buffer.from(CANARY).toString('hex')],
  ])('are taken out %s', (_form, text) => {
    const clean = redactor.redact(`before ${text} after`)
    expect(clean).toMatch(/^before .*\[redacted:secret\].* after$/)
    expect(clean).not.toContain(text.slice(4, -4))
  })

  it('leave no half behind when one holds another', () => {
    const both = makeRedactor()
    both.know('abcdef')
    both.know('abcdefghij')
    expect(both.redact('abcdefghij')).toBe('[redacted:secret]')
  })

  it('below six characters are no secrets, or every text would have holes', () => {
    const short = makeRedactor()
    short.know('on')
    expect(short.redact('turned on')).toBe('turned on')
  })

  it('are found in every line of a key file', () => {
    const key = makeRedactor()
    key.know('first-line-of-it\nsecond-line-of-it')
    expect(key.redact('it said second-line-of-it')).toBe('it said [redacted:secret]')
  })
})

describe('credentials nobody told us about', () => {
  const {redact} = makeRedactor()
  it.each([
    ['authorization', 'Authorization: Bearer abc.def', 'Authorization: Bearer [redacted:authorization]'],
    ['a short one', 'authorization: basic YQ==', 'authorization: basic [redacted:authorization]'],
    ['curl', `curl -H 'Authorization: token abcdef' https://x.example`, `curl -H 'Authorization: token [redacted:authorization]' https://x.example`],
    ['a URL', 'see https://bob:p@ss:w0rd@x.example/path', 'see https://[redacted:url-password]@x.example/path'],
    ['a token as user', `git clone https://${join('abcdefgh', '0123456789')}@x.example/r`, 'git clone https://[redacted:url-password]@x.example/r'],
    ['a token behind an @', `https://@${join('ghp', '_0123456789abcdefghij')}@x.example`, 'https://@[redacted:token]@x.example'],
    ['a password behind a mark', 'https://[redacted:secret]:w0rd@x.example', 'https://[redacted:url-password]@x.example'],
    ['a password behind half a mark', 'https://a[redacted:secret]b:w0rd@x.example', 'https://[redacted:url-password]@x.example'],
    ['jwt', `got ${join('eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0', '.c2lnbmF0dXJl')} back`, 'got [redacted:jwt] back'],
    ['aws', `id ${join('AKIA', 'ABCDEFGHIJKLMNOP')}`, 'id [redacted:aws-key]'],
    ['github', `push ${join('ghp', '_0123456789abcdefghij')}`, 'push [redacted:token]'],
    ['heroku', join('HRKU-', '01234567-89ab-cdef-0123'), '[redacted:token]'],
    ['a variable', 'DB_PASSWORD=hunter22 ./go', 'DB_PASSWORD=[redacted:password] ./go'],
    ['aws secret', 'AWS_SECRET_ACCESS_KEY=abc/def', 'AWS_SECRET_ACCESS_KEY=[redacted:password]'],
    ['a quoted phrase', 'password="two words, three", next', 'password=[redacted:password], next'],
    ['a quote cut off', 'password="two words', 'password=[redacted:password]'],
    ['JSON', '{"token": "abcdef", "n": 1}', '{"token": [redacted:password], "n": 1}'],
    ['JSON in JSON', '{\\"token\\": \\"abcdef\\"}', '{\\"token\\": [redacted:password]}'],
    ['a flag', 'run --token abcdef --fast', 'run --token [redacted:password] --fast'],
  ])('%s', (_name, text, clean) => {
    expect(redact(text)).toBe(clean)
    expect(redact(clean)).toBe(clean)
  })

  it('a private key goes whole, its headers and a missing end included', () => {
    const begin = join('-----BEGIN RSA ', 'PRIVATE KEY-----')
    const end = join('-----END RSA ', 'PRIVATE KEY-----')
    expect(redact(`a\n${begin}\nDEK-Info: AES-128-CBC,00\n\nMIIE\n${end}\nb`)).toBe('a\n[redacted:private-key]\nb')
    expect(redact(`a ${begin}\nMIIE`)).toBe('a [redacted:private-key]')
  })

  it.each([
    'Routing errors at 15:52, see https://status.example.com/incidents/1',
    'the API answers 401: tokens expired',
    'a pre-secret  meeting with git@github.example',
    'ssh://git@host/repo',
    'token: env:HEROKU_API_KEY',
    'api_key=file:/etc/scram/key',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'bypass: ok',
  ])('leaves %s as it was said', text => {
    expect(redact(text)).toBe(text)
  })
})

describe('JSON values', () => {
  const {redactJson, know} = makeRedactor()
  know('very-secret-value')

  it('are cleaned in depth, keys and argv included', () => {
    const value = {argv: ['deploy', '--token', 'abc', '--n', '1'], data: {api_token: 'xyz', 'very-secret-value': ['a very-secret-value']}, n: 1}
    expect(redactJson(value)).toEqual({
      argv: ['deploy', '--token', '[redacted:password]', '--n', '1'],
      data: {api_token: '[redacted:password]', '[redacted:secret]': ['a [redacted:secret]']},
      n: 1,
    })
  })

  it('are answered themselves when there was nothing to take out', () => {
    const value = {text: 'routing errors', list: [1, {token: 'env:NAME'}], none: null}
    expect(redactJson(value)).toBe(value)
  })
})

describe('whatever the text', () => {
  const piece = fc.oneof(
    fc.string({maxLength: 12}),
    fc.constantFrom(
      'token',
      'password',
      'secret',
      '=',
      ':',
      '"',
      "'",
      '\\',
      ' ',
      '\n',
      'Authorization',
      'Bearer ',
      'basic ',
      'https://',
      '@',
      '/',
      '--token ',
      CANARY,
    ),
    fc.constantFrom(
      'env:',
      '[redacted',
      ']',
      'eyJabcdefghij.',
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      'ghp_0123456789abcdefghij',
      'secret_access_key',
      '-pass',
    ),
  )
  const text = fc.array(piece, {maxLength: 12}).map(parts => parts.join(''))

  it('redacting twice changes nothing', () => {
    const {redact, know} = makeRedactor()
    know(CANARY)
    fc.assert(
      fc.property(text, given => {
        const once = redact(given)
        expect(redact(once)).toBe(once)
      }),
      {numRuns: 3000},
    )
  })

  it('no known value gets through', () => {
    const {redact, know} = makeRedactor()
    know(CANARY)
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(redact(before + CANARY + after)).not.toContain(CANARY)
      }),
    )
  })

  it.each(['token="', 'https://a:', '-----BEGIN PRIVATE KEY-----', 'authorization:', 'eyJabcdefgh.', '--token '])('a megabyte of %s does not hang', piece => {
    const {redact} = makeRedactor()
    expect(redact(piece.repeat(Math.ceil(1_000_000 / piece.length))).length).toBeGreaterThan(0)
  })
})
