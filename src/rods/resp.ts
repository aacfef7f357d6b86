/**
 * RESP2, the protocol of Redis, as far as a rod needs it. Bytes, never text: a bulk length counts bytes, and one character
 * of two bytes would shift everything behind it. Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

/** Status and bulk replies are bytes as they came; null is "there is none". */
export type Reply = Buffer | number | null | ReplyError | readonly Reply[]

/** What Redis refuses begins with a word in capitals; the rest is prose, and may repeat what was sent. */
export class ReplyError {
  readonly word: string
  readonly text: string

  constructor(line: string) {
    this.word = /^[A-Z]{2,20}\b/.exec(line)?.[0] ?? 'ERR'
    this.text = line
  }
}

/** Whoever answers speaks something else, or says more than anyone asked for. */
export class NotResp extends Error {
  override readonly name = 'NotResp'
}

/** INFO has some 6 kB; what is longer is not ours. */
export const MOST_REPLY_BYTES = 65_536
const MOST_ITEMS = 64
const DEEPEST = 4
const CRLF = Buffer.from('\r\n')

export function encodeCommand(words: readonly string[]): Buffer {
  const parts = words.map(word => {
    const bytes = Buffer.from(word)
    return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, CRLF])
  })
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts])
}

/**
 * The reply that begins at `from` and where it ends; null while bytes are missing. Bounded in size, items and depth.
 * @throws NotResp
 */
export function decodeReply(bytes: Buffer, from = 0, depth = 0): {readonly reply: Reply; readonly end: number} | null {
  const eol = bytes.indexOf(CRLF, from)
  const kind = bytes.length > from ? String.fromCharCode(bytes[from] ?? 0) : ''
  if (kind !== '' && !'+-:$*'.includes(kind)) throw new NotResp('what answers there is no Redis')
  if (eol === -1) return short(bytes, from)
  const line = bytes.subarray(from + 1, eol)
  const next = eol + CRLF.length
  switch (kind) {
    case '+':
      return {reply: line, end: next}
    case '-':
      return {reply: new ReplyError(line.toString()), end: next}
    case ':':
      return {reply: numberIn(line), end: next}
    case '$':
      return decodeBulk(bytes, next, numberIn(line))
    default:
      return decodeItems(bytes, next, numberIn(line), depth + 1)
  }
}

function decodeBulk(bytes: Buffer, from: number, length: number): {readonly reply: Reply; readonly end: number} | null {
  if (length === -1) return {reply: null, end: from}
  if (length < 0 || length > MOST_REPLY_BYTES) throw tooLong()
  const end = from + length
  if (bytes.length < end + CRLF.length) return null
  if (!bytes.subarray(end, end + CRLF.length).equals(CRLF)) throw new NotResp('a reply does not end where it said')
  return {reply: bytes.subarray(from, end), end: end + CRLF.length}
}

function decodeItems(bytes: Buffer, from: number, count: number, depth: number): {readonly reply: Reply; readonly end: number} | null {
  if (count === -1) return {reply: null, end: from}
  if (count < 0 || count > MOST_ITEMS || depth > DEEPEST) throw tooLong()
  const items: Reply[] = []
  let end = from
  for (let i = 0; i < count; i++) {
    const item = decodeReply(bytes, end, depth)
    if (!item) return null
    items.push(item.reply)
    end = item.end
  }
  return {reply: items, end}
}

function numberIn(line: Buffer): number {
  const text = line.toString('latin1')
  if (!/^-?\d{1,15}$/.test(text)) throw new NotResp('a reply has a number that is none')
  return Number(text)
}

function short(bytes: Buffer, from: number): null {
  if (bytes.length - from > MOST_REPLY_BYTES) throw tooLong()
  return null
}

const tooLong = () => new NotResp(`a reply is longer than ${MOST_REPLY_BYTES} bytes`)
