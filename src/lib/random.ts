import {closeSync, openSync, readSync} from 'node:fs'

/** Asked for at once: an id takes ten, and asking costs three system calls whatever is asked for. */
const POOL_BYTES = 512

let pool = new Uint8Array(0)

/**
 * Random bytes for ids, from the kernel. `node:crypto` would do, but loading it costs 0.3 × a bare start of Node, and
 * ids are needed by every durable write. No byte is given out twice, and none stays behind in the pool.
 */
export function randomBytes(count: number): Uint8Array {
  if (count > POOL_BYTES) return fromKernel(count)
  if (count > pool.length) pool = fromKernel(POOL_BYTES)
  const bytes = pool.slice(0, count)
  pool.fill(0, 0, count)
  pool = pool.subarray(count)
  return bytes
}

function fromKernel(count: number): Uint8Array<ArrayBuffer> {
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
