import {safeBlock} from '../lib/text.ts'

/**
 * Result on stdout, narration on stderr. The one place that writes to either. A reader that has gone (EPIPE) changes
 * nothing; a device that is full must not look like success: the result goes to stderr and the exit code is 3.
 */
export async function printLines(lines: readonly string[], isJson: boolean): Promise<void> {
  if (lines.length === 0) return
  // JSON is escaped already, but for what JSON lets through: DEL, C1, bidi.
  const text = isJson ? escapeHidden(lines.join('\n')) : lines.map(safeBlock).join('\n')
  await new Promise<void>(resolve => {
    process.stdout.write(`${text}\n`, error => {
      if (error && !isGone(error)) {
        process.exitCode = 3
        narrate(`scram: stdout: ${error.message}; the result follows here\n${text}`)
      }
      resolve()
    })
  })
}

/** One or more lines for the person, on stderr, made safe. */
export function narrate(text: string): void {
  process.stderr.write(`${safeBlock(text)}\n`)
}

/** After `Command` was imported: oclif's own listener throws, with the minified source of the bundle on stderr. */
export function quietStdout(): void {
  process.stdout.removeAllListeners('error')
  process.stdout.on('error', () => {
    // Each write has its own callback, which answers; without a listener an error is uncaught.
  })
  process.stderr.on('error', () => {
    // Nobody is left to tell.
  })
}

function isGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED'
}

const HIDDEN_IN_JSON = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

function escapeHidden(json: string): string {
  return json.replace(HIDDEN_IN_JSON, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
