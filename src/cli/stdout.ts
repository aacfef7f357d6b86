import {writeSync} from 'node:fs'
import {safeBlock} from '../lib/text.ts'
import {clearLive} from './live-line.ts'

/**
 * Result on stdout, narration on stderr: the one place that writes to either. Written to the descriptors, synchronously:
 * `process.stdout` would load `tty` or `net` on every start, and nothing written is lost when the process ends. A reader
 * that has gone (EPIPE) changes nothing; a device that is full must not look like success: the result goes to stderr, and
 * the exit code is 3.
 */
export function printLines(lines: readonly string[]): void {
  if (lines.length > 0) print(`${lines.map(safeBlock).join('\n')}\n`)
}

/** The one JSON object of a command: whoever comes second (a bug after the result) has to say it on stderr. */
export function printJson(value: object): void {
  isAnswered = true
  streamJson(value)
}

/** One line of many (NDJSON). What JSON lets through of what a terminal obeys (DEL, C1, bidi) is escaped. */
export function streamJson(value: object): void {
  print(`${JSON.stringify(value).replace(HIDDEN_IN_JSON, escaped)}\n`)
}

let isAnswered = false

export function hasAnswered(): boolean {
  return isAnswered
}

/** One or more lines for the person, on stderr, made safe. */
export function narrate(text: string): void {
  try {
    writeAll(2, `${safeBlock(text)}\n`)
  } catch {
    // Nobody is left to tell.
  }
}

/** Cursor movement and lines that were made safe, for the one who draws a whole terminal (`screen.ts`). */
export function drawOn(text: string): void {
  try {
    writeAll(2, text)
  } catch {
    // Nobody is left to show it to.
  }
}

function print(text: string): void {
  try {
    writeAll(1, text)
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    if (code === 'EPIPE') return
    process.exitCode = 3
    narrate(`scram: stdout: ${message}; the result follows here\n${text.trimEnd()}`)
  }
}

/** A descriptor that someone made non-blocking says EAGAIN when its reader is slow: waited for, as a blocking one would. */
const SLOW_READER_MS = 5

function writeAll(descriptor: 1 | 2, text: string): void {
  // Nothing moves where something is written.
  clearLive()
  const bytes = Buffer.from(text)
  let done = 0
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SLOW_READER_MS)
    }
  }
}

const HIDDEN_IN_JSON = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
