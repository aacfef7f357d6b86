import {connect} from 'node:net'
import {isTimeout} from '../../lib/deadline.ts'
import type {CliAddress} from './cli-address.ts'

/** What HAProxy said, whole; or why there is nothing. `wasSent` false: no connection stood, so nothing can have arrived. */
export type CliAnswer = {readonly text: string} | {readonly text: null; readonly wasSent: boolean; readonly errno: string | null; readonly reason: string}

/** One exchange: longer is no answer, even where the rod would wait. HAProxy's own answers came within 30 ms. */
const EXCHANGE_MS = 10_000
/** Some 20,000 entries of a map. */
const MOST_BYTES = 1_048_576

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; is HAProxy running?',
  ECONNREFUSED: 'nobody listens there; is HAProxy running?',
  EACCES: 'this user may not open it',
  EPERM: 'this user may not open it',
  ENOTFOUND: 'there is no such host name',
  EAI_AGAIN: 'no name server answers',
  EHOSTUNREACH: 'no route leads there',
  ENETUNREACH: 'no route leads there',
}

/**
 * One connection, one line, the answer up to the end of the stream; the connection is gone when this returns. The
 * deadline of `signal` is an answer ("none in time"), a person's abort passes through.
 *
 * A stream that ends without a byte is no answer: HAProxy acknowledges with a lone newline, and a socket of which the
 * other end died looks exactly like an empty text.
 */
export function askCli(address: CliAddress, line: string, signal: AbortSignal): Promise<CliAnswer> {
  return new Promise((resolve, reject) => {
    const late = AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_MS)])
    const socket = connect({...address.connect})
    const chunks: Buffer[] = []
    let bytes = 0
    let wasSent = false
    const end = (settle: () => void) => {
      late.removeEventListener('abort', abort)
      socket.destroy()
      settle()
    }
    const none = (reason: string, errno: string | null = null) => end(() => resolve({text: null, wasSent, errno, reason}))
    const abort = () => {
      if (!isTimeout(late.reason)) return end(() => reject(late.reason))
      none(wasSent ? 'no complete answer before the deadline' : 'no connection before the deadline')
    }
    late.addEventListener('abort', abort, {once: true})
    socket.on('connect', () => {
      wasSent = true
      socket.write(`${line}\n`)
    })
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MOST_BYTES) none(`the answer is longer than ${MOST_BYTES} bytes`)
    })
    socket.on('end', () => (bytes === 0 ? none('it hung up without an answer') : end(() => resolve({text: Buffer.concat(chunks).toString()}))))
    socket.on('error', ({code = 'error'}: NodeJS.ErrnoException) => {
      // A reset may overtake the news that the connection stood.
      if (code === 'ECONNRESET' || code === 'EPIPE') wasSent = true
      none(wasSent ? `no complete answer (${code})` : `no connection (${code}${CAUSES[code] ? `: ${CAUSES[code]}` : ''})`, code)
    })
    if (late.aborted) abort()
  })
}
