import {describe, expect, it} from '@jest/globals'
import {decodeReply, encodeCommand, MOST_REPLY_BYTES, NotResp, ReplyError} from '../../src/rods/resp.ts'

const decode = (text: string) => decodeReply(Buffer.from(text))

describe('a command', () => {
  it('counts bytes, not characters', () => {
    expect(encodeCommand(['SET', 'größe', '🛑']).toString()).toBe('*3\r\n$3\r\nSET\r\n$7\r\ngröße\r\n$4\r\n🛑\r\n')
  })

  it('carries a newline as it is: there is nothing to escape', () => {
    expect(decodeReply(encodeCommand(['GET', 'a\r\nFLUSHALL']))?.reply).toEqual([Buffer.from('GET'), Buffer.from('a\r\nFLUSHALL')])
  })
})

describe('a reply', () => {
  it.each([
    ['+OK\r\n', Buffer.from('OK')],
    [':-7\r\n', -7],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['$0\r\n\r\n', Buffer.alloc(0)],
    ['*2\r\n:1\r\n*1\r\n$4\r\n½½\r\n', [1, [Buffer.from('½½')]]],
    ['-WRONGTYPE Operation\r\n', new ReplyError('WRONGTYPE Operation')],
  ])('%j', (text, reply) => {
    expect(decode(text)).toEqual({reply, end: Buffer.byteLength(text)})
  })

  it('with characters of several bytes leaves the next one where it begins', () => {
    const both = Buffer.from('$10\r\ngrößer½\r\n:5\r\n')
    const first = decodeReply(both)
    expect(String(first?.reply)).toBe('größer½')
    expect(decodeReply(both, first?.end)?.reply).toBe(5)
  })

  it('is waited for, wherever it is cut', () => {
    const whole = Buffer.from('*3\r\n$4\r\n🛑\r\n:12\r\n-ERR no\r\n')
    for (let cut = 0; cut < whole.length; cut++) expect(decodeReply(whole.subarray(0, cut))).toBeNull()
    expect(decodeReply(whole)?.end).toBe(whole.length)
  })

  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n'],
    ['RESP3', '%1\r\n+a\r\n:1\r\n'],
    ['a length that is none', '$x\r\n'],
    ['a length beyond the bound', `$${MOST_REPLY_BYTES + 1}\r\n`],
    ['a negative length', '$-2\r\n'],
    ['a line without end', `+${'x'.repeat(MOST_REPLY_BYTES + 1)}`],
    ['too many items', '*65\r\n'],
    ['too deep', '*1\r\n'.repeat(6)],
    ['a bulk that goes on', '$1\r\nab\r\n'],
  ])('%s is refused', (_, text) => {
    expect(() => decode(text)).toThrow(NotResp)
  })
})
