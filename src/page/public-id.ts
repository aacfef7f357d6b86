import {sha256} from '@noble/hashes/sha2.js'

const encoder = new TextEncoder()

/**
 * The id the public sees: 12 characters `[a-z0-9]` from SHA-256 over `kind:id` (first 8 bytes as an unsigned integer, base
 * 36, padded to 13, last 12 digits). Every machine computes the same, ids never change, and ours stay at home.
 */
export function publicId(kind: 'page' | 'component' | 'group' | 'incident' | 'update', id: string): string {
  const digest = sha256(encoder.encode(`${kind}:${id}`))
  const number = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  return number.toString(36).padStart(13, '0').slice(-12)
}
