import {sha256} from '@noble/hashes/sha2.js'

const encoder = new TextEncoder()

/**
 * SHA-256 as 64 lower-case hex digits. In JavaScript on purpose: loading `node:crypto` costs 0.3 × a bare start of Node,
 * and this stands on the path of every durable write (docs/decisions). Checked against `node:crypto` by a property test.
 */
export function sha256Hex(data: string | Uint8Array): string {
  const digest = sha256(typeof data === 'string' ? encoder.encode(data) : data)
  let hex = ''
  for (const byte of digest) hex += byte.toString(16).padStart(2, '0')
  return hex
}
