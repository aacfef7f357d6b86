/** Text in pieces, clean as it comes out: `push` answers with what is safe to show by now, `end` with the rest. */
export interface RedactedStream {
  push(text: string): string
  end(): string
}

/** Patterns look at lines. One longer than this is cut all the same, so that a flood without an end of line needs no memory. */
const LONGEST_LINE = 16 * 1024
/** A private key is a block of lines; one whose END does not come within this is none. */
const LONGEST_KEY = 32 * 1024
const BEGIN_KEY = '-----BEGIN '
const END_KEY = '-----END '

/**
 * Holds back what may be the beginning of something that has to go: an end that a secret begins with, the line that is not
 * over, the key block that is not closed. Not more than that: a person reads along. `known` may grow while the stream runs.
 */
export function redactedStream(redact: (text: string) => string, known: () => readonly string[]): RedactedStream {
  let held = ''
  return {
    push(text) {
      held += text
      const cut = safeCut(held, known())
      const clean = redact(held.slice(0, cut))
      held = held.slice(cut)
      return clean
    },
    end() {
      const clean = redact(held)
      held = ''
      return clean
    },
  }
}

/** Up to where the text can go out: nothing that has to be taken out stands across this place. */
function safeCut(text: string, known: readonly string[]): number {
  const last = text.length - begunAtEnd(text, known)
  const line = text.lastIndexOf('\n', last - 1) + 1
  let cut = last > 0 && (line > 0 || last < LONGEST_LINE) ? line : last
  const begin = cut > 0 ? text.lastIndexOf(BEGIN_KEY, cut - 1) : -1
  if (begin >= 0 && text.length - begin < LONGEST_KEY && !isClosed(text, begin, cut)) cut = begin
  for (let moved = true; moved; ) {
    moved = false
    for (const value of known) {
      const across = text.lastIndexOf(value, cut - 1)
      if (cut === 0 || across < 0 || across + value.length <= cut) continue
      cut = across
      moved = true
    }
  }
  return cut
}

/** How many of the last characters may be the beginning of a secret whose rest is still to come. */
function begunAtEnd(text: string, known: readonly string[]): number {
  let most = 0
  for (const value of known) {
    let length = Math.min(value.length - 1, text.length)
    while (length > most && !text.endsWith(value.slice(0, length))) length -= 1
    most = Math.max(most, length)
  }
  return most
}

function isClosed(text: string, begin: number, cut: number): boolean {
  const end = text.indexOf(END_KEY, begin)
  return end >= 0 && text.indexOf('\n', end) >= 0 && end < cut
}
