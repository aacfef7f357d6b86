import got from 'got'
import {systemClock} from './clock.ts'
import {throwIfInterrupted} from './deadline.ts'
import {type NoAnswer, noAnswer} from './no-answer.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole exchange, whatever the signal allows. */
  readonly timeoutMs: number
  readonly maxBytes: number
  /** Whether a longer answer is cut there; else it is none, because half a document must not be taken for a whole one. */
  readonly isBeginningEnough?: boolean
}

export interface HttpAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** `body` is the beginning of a longer one. */
  readonly isCut: boolean
}

const CONNECT_MS = 3000

/**
 * The one HTTP door: one request over one connection of its own, no second try, no redirect, no kept-alive socket (nginx
 * workers answered stale over those), a cap on time and bytes. Never rejects for the other side's sake; a person's abort
 * passes through.
 */
export async function exchange(
  {url, method, headers, body, timeoutMs, maxBytes, isBeginningEnough}: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer | NoAnswer> {
  throwIfInterrupted(signal)
  const flaw = flawOf(url, headers)
  if (flaw) return {status: null, wasSent: false, errno: null, reason: flaw}
  const stream = got.stream(url, {
    method: method as 'GET', // got lists the methods it knows; ours are checked by the options' schema
    headers: {'user-agent': 'scram', ...headers, connection: 'close'},
    // Without one got waits for a body to be piped into anything that is not a GET.
    ...((body !== undefined || method !== 'GET') && {body: body ?? ''}),
    agent: {http: false, https: false},
    retry: {limit: 0},
    followRedirect: false,
    throwHttpErrors: false,
    timeout: {lookup: CONNECT_MS, connect: CONNECT_MS, secureConnect: CONNECT_MS, request: timeoutMs},
    signal,
  })
  try {
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      bytes += chunk.byteLength
      if (bytes > maxBytes) break
    }
    if (bytes > maxBytes && !isBeginningEnough) return {status: null, wasSent: true, errno: null, reason: `the answer is longer than ${maxBytes} bytes`}
    const {response} = stream
    if (!response) return {status: null, wasSent: true, errno: null, reason: 'the connection closed without an answer'}
    const flat = Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value] as const)
    return {status: response.statusCode, headers: Object.fromEntries(flat), body: Buffer.concat(chunks).toString('utf8', 0, maxBytes), isCut: bytes > maxBytes}
  } catch (error) {
    throwIfInterrupted(signal)
    const limit = signal.aborted ? 'before the deadline' : `within ${timeoutMs / 1000} s`
    return noAnswer(error, {timings: stream.timings, isTls: url.startsWith('https:'), limit, now: systemClock.now()})
  } finally {
    stream.destroy()
  }
}

/** Addresses and headers may come out of secrets nobody has checked; got would throw, with the secret in its message. */
function flawOf(url: string, headers: HttpRequest['headers']): string | null {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return 'nothing was sent: this is no http address'
  const flawed = Object.entries(headers).find(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value))
  return flawed ? `nothing was sent: the header ${flawed[0]} has a character that headers cannot hold` : null
}
