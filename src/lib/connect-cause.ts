import {safeLine} from './text.ts'

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

/**
 * The likely cause behind an error code of connecting (system, DNS, TLS), for those who do not know it by heart; undefined
 * where the code says all there is. `now` is shown with certificates: a clock that is wrong here makes them look expired.
 */
export function connectCause(errno: string, error: unknown, now: number): string | undefined {
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
