import {isUtf8} from 'node:buffer'
import type {Place} from '../lib/yaml-source.ts'

/** Bytes that are no text, and where the first of them stands. */
export class NotUtf8 extends Error {
  readonly place: Place
  constructor(byte: number, place: Place) {
    super(`this is not UTF-8 (byte 0x${byte.toString(16).padStart(2, '0')}); save it as UTF-8`)
    this.place = place
  }
}

const NEWLINE = 0x0a

/** Never guesses: a text that was read with replacements is not what was written, and a run is pinned to it. @throws NotUtf8 */
export function decodeUtf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let line = 1
  for (let start = 0; ; line++) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    const row = bytes.subarray(start, end)
    if (!isUtf8(row)) {
      const good = goodPart(row)
      throw new NotUtf8(row[good] ?? 0, {line, column: row.toString('utf8', 0, good).length + 1})
    }
    start = end + 1
  }
}

/** How many bytes come before the first that is no part of a character. */
function goodPart(row: Buffer): number {
  let at = 0
  for (;;) {
    const length = [1, 2, 3, 4].find(bytes => at + bytes <= row.length && isUtf8(row.subarray(at, at + bytes)))
    if (length === undefined) return at
    at += length
  }
}
