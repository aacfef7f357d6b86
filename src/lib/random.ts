import {closeSync, openSync, readSync} from 'node:fs'

/**
 * Random bytes for ids, from the kernel. `node:crypto` would do, but loading it costs 0.3 × a bare start of Node, and
 * ids are needed by every durable write.
 */
export function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count)
  try {
    const device = openSync('/dev/urandom', 'r')
    try {
      for (let read = 0; read < count; ) read += readSync(device, bytes, read, count - read, null)
    } finally {
      closeSync(device)
    }
    return bytes
  } catch {
    return globalThis.crypto.getRandomValues(bytes)
  }
}
