/** Invisible, and able to change what a reader takes a text for. The joiners U+200C and U+200D stay: scripts and emoji need them. */
const INVISIBLE = /[\u200b\u200e\u200f\u2060-\u2064\ufeff\u00ad\u061c\u{e0000}-\u{e007f}]/gu
/** Controls, the marks that turn the reading order round, line and paragraph separators. */
const TURNING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g
/** `@team` and `#12` at the start of a word: pasted into an issue, a forge would ping people and link issues. */
const CALLING = /(^|[^\p{L}\p{N}_])([@#])(?=[\p{L}\p{N}_])/gu

/**
 * Recorded text as one line that can stand in a document: newlines show as ⏎, controls and bidi overrides as `\\u202e`,
 * what is invisible goes, mentions get a word joiner so that they call nobody. Markdown is not escaped here: the writer
 * does that. Total, also for lone surrogates; twice is once.
 */
export function quotable(text: string): string {
  return text
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(/\r\n?|\n/g, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replace(TURNING, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(CALLING, '$1$2\u2060')
    .trim()
}
