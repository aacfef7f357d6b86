import {describe, expect, it} from '@jest/globals'
import {RequestError} from 'got'
import {noAnswer} from '../../src/lib/no-answer.ts'

/** An error of got with a code, as TLS and the system give them. */
function failed(code: string, message = 'x'): RequestError {
  return Object.assign(Object.create(RequestError.prototype) as RequestError, {code, message})
}

const attempt = {timings: {}, isTls: true, limit: 'within 5 s', now: Date.parse('2012-06-07T15:52:41.500Z')}
const reason = (code: string, message?: string) => noAnswer(failed(code, message), attempt).reason

describe('the reason of no connection', () => {
  it('names the clock here where a certificate seems expired: it may be the clock that is wrong', () => {
    expect(reason('CERT_HAS_EXPIRED')).toBe('no connection (CERT_HAS_EXPIRED: its certificate has expired; the clock here says 2012-06-07T15:52:41Z)')
    expect(reason('CERT_NOT_YET_VALID')).toContain('is not valid yet; the clock here says 2012-06-07T15:52:41Z')
  })

  it('names both names of a certificate for another host, as one harmless line', () => {
    const message = 'Hostname/IP does not match: Host: api.example.com. is not in the cert: DNS:other\u001b[31m.example\ncom'
    expect(reason('ERR_TLS_CERT_ALTNAME_INVALID', message)).toBe(
      'no connection (ERR_TLS_CERT_ALTNAME_INVALID: Hostname/IP does not match: Host: api.example.com. is not in the cert: DNS:other.example⏎com)',
    )
  })

  it('is the bare code where that says it, and nothing of an unknown error', () => {
    expect(reason('ECONNREFUSED')).toBe('no connection (ECONNREFUSED)')
    expect(reason('constructor')).toBe('no connection (constructor)')
    expect(noAnswer(new Error('canary'), attempt).reason).toBe('no connection')
  })
})

describe('what was sent', () => {
  it('is decided by how far the connection came', () => {
    const reset = failed('ECONNRESET')
    expect(noAnswer(reset, {...attempt, timings: {connect: 1}}).wasSent).toBe(false)
    expect(noAnswer(reset, {...attempt, timings: {connect: 1, secureConnect: 2}}).wasSent).toBe(true)
    expect(noAnswer(reset, {...attempt, isTls: false}).wasSent).toBe(true)
    expect(noAnswer(failed('ECONNREFUSED'), {...attempt, isTls: false}).wasSent).toBe(false)
  })
})
