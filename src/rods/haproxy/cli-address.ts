import type {Reach} from '../rod.ts'

/** Where one HAProxy listens for commands. `shown` is how the workspace writes it. */
export interface CliAddress {
  readonly shown: string
  readonly connect: {readonly path: string} | {readonly host: string; readonly port: number}
  readonly isLocal: boolean
  readonly reach: Reach
}

/** The kernel's `sun_path` has room for 108 bytes with the NUL at its end. */
const LONGEST_PATH_BYTES = 107
const UNIX = /^unix:(\/[^\p{Cc}]+)$/u
const TCP = /^tcp:(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})?)):([1-9]\d{0,4})$/

/** `unix:/path` or `tcp:host:port` (`tcp:[::1]:9999`); null for anything else. */
export function cliAddress(text: string): CliAddress | null {
  const path = UNIX.exec(text)?.[1]
  if (path !== undefined) {
    if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) return null
    return {shown: text, connect: {path}, isLocal: true, reach: {path}}
  }
  const [, ipv6, name, digits] = TCP.exec(text) ?? []
  const host = ipv6 ?? name
  const port = Number(digits)
  if (host === undefined || port > 65_535) return null
  return {shown: text, connect: {host, port}, isLocal: false, reach: {host}}
}
