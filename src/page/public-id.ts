import {sha256Hex} from '../lib/sha256.ts'

/**
 * The id the public sees: 12 characters `[a-z0-9]` from SHA-256 over `kind:id` (first 8 bytes as an unsigned integer, base
 * 36, padded to 13, last 12 digits). Every machine computes the same, ids never change, and ours stay at home.
 */
export function publicId(kind: 'page' | 'component' | 'group' | 'incident' | 'update', id: string): string {
  const number = BigInt(`0x${sha256Hex(`${kind}:${id}`).slice(0, 16)}`)
  return number.toString(36).padStart(13, '0').slice(-12)
}
