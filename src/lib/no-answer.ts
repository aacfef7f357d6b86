import {RequestError, TimeoutError} from 'got'
import {safeLine} from './text.ts'

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
    const cause = errno === null ? undefined : causeOf(errno, error, now)
    return {status: null, wasSent, errno, reason: errno === null ? 'no connection' : `no connection (${errno}${cause ? `: ${cause}` : ''})`}
  }
  if (error instanceof TimeoutError || errno === 'ETIMEDOUT') return {status: null, wasSent, errno, reason: `no complete answer ${limit}`}
  return {status: null, wasSent, errno, reason: `no complete answer (${errno ?? 'cut off'})`}
}

const NAMES = {
  ENOTFOUND: 'there is no such host name',
  EAI_AGAIN: 'no name server answers; is there a network?',
  ENETUNREACH: 'no route leads there',
  EHOSTUNREACH: 'no route leads there',
  EACCES: 'the network here forbids it',
  EINVAL: 'the network here swallows it',
  ETIMEDOUT: 'nobody answers there',
  EPROTO: 'no TLS is spoken there',
} as const
/** The words of OpenSSL for: signed by somebody this machine does not know. */
const UNKNOWN_SIGNER = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?))$/

function causeOf(errno: string, error: unknown, now: number): string | undefined {
  if (Object.hasOwn(NAMES, errno)) return NAMES[errno as keyof typeof NAMES]
  if (UNKNOWN_SIGNER.test(errno)) return 'a proxy intercepts it, or its CA is private: NODE_EXTRA_CA_CERTS=file or NODE_USE_SYSTEM_CA=1'
  if (errno === 'CERT_HAS_EXPIRED' || errno === 'CERT_NOT_YET_VALID') {
    const relation = errno === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'
    return `its certificate ${relation}; the clock here says ${new Date(now).toISOString().slice(0, 19)}Z`
  }
  // Node's sentence names both names; half of it is the other side's text.
  if (errno === 'ERR_TLS_CERT_ALTNAME_INVALID') return safeLine(error instanceof Error ? error.message : '').slice(0, 200)
  return undefined
}
