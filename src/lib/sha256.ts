import {sha256} from '@noble/hashes/sha2.js'
import {hexOf} from './hex.ts'

const encoder = new TextEncoder()

/**
 * Loading `node:crypto` takes as long as about this many hashes in JavaScript cost more than its own: whoever has come so
 * far (a verify, an import, a long run) is likely to go on, and has at worst paid twice.
 */
const WORTH_LOADING = 2500

/** For whoever knows beforehand that there will be thousands (the page): loads it now. */
export function expectManyHashes(): void {
  native ??= process.getBuiltinModule('node:crypto')
}

let hashed = 0
let native: typeof import('node:crypto') | undefined

/**
 * SHA-256 as 64 lower-case hex digits. In JavaScript at first, on purpose: loading `node:crypto` costs 0.3 × a bare start
 * of Node, and this stands on the path of every durable write (docs/decisions). Checked against `node:crypto` by a property test.
 */
export function sha256Hex(data: string | Uint8Array): string {
  if (native) return native.hash('sha256', data)
  hashed += 1
  if (hashed >= WORTH_LOADING) native = process.getBuiltinModule('node:crypto')
  return hexOf(sha256(typeof data === 'string' ? encoder.encode(data) : data))
}

/** Of what comes in pieces and may be long: a flood costs the native one. */
export function startSha256(): {add(data: Uint8Array): void; hex(): string} {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
  return {add: data => void hash.update(data), hex: () => hash.digest('hex')}
}
