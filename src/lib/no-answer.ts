import {RequestError, TimeoutError} from 'got'
import {connectCause} from './connect-cause.ts'

/** No usable answer. `wasSent` false: nothing left this machine (refused, no route, DNS, TLS handshake). */
export interface NoAnswer {
  readonly status: null
  readonly wasSent: boolean
  /** Of the system, such as ECONNREFUSED; null where there is none. */
  readonly errno: string | null
  /** Printable, with the likely cause where the code alone tells only those who know it; without address and secrets. */
  readonly reason: string
}

interface Timings {
  readonly connect?: number | undefined
  readonly secureConnect?: number | undefined
}

export interface Attempt {
  readonly timings: Timings | undefined
  readonly isTls: boolean
  /** `within 5 s` */
  readonly limit: string
  /** For certificates: a clock that is wrong here makes them look expired. */
  readonly now: number
}

/**
 * Bytes of ours can have left only when the connection stood, and with TLS, when the handshake was done. A reset may
 * overtake the news that the connection stood: without TLS it counts as sent.
 */
export function noAnswer(error: unknown, {timings, isTls, limit, now}: Attempt): NoAnswer {
  const errno = error instanceof RequestError && error.code !== '' ? error.code : null
  const wasSent = isTls ? timings?.secureConnect !== undefined : timings?.connect !== undefined || errno === 'ECONNRESET'
  if (!wasSent) {
    const cause = errno === null ? undefined : connectCause(errno, error, now)
    return {status: null, wasSent, errno, reason: errno === null ? 'no connection' : `no connection (${errno}${cause ? `: ${cause}` : ''})`}
  }
  if (error instanceof TimeoutError || errno === 'ETIMEDOUT') return {status: null, wasSent, errno, reason: `no complete answer ${limit}`}
  return {status: null, wasSent, errno, reason: `no complete answer (${errno ?? 'cut off'})`}
}
