/**
 * Text from people, made fit for every public format at once: no control characters (illegal in feeds), nothing that
 * turns the reading order round, no lone surrogates, no noncharacters. The record keeps what was said.
 */

/** Statuspage's limit for a title: longer ones break its clients. */
const TITLE_CHARACTERS = 255
/** The same for a body. `decide` refuses longer ones; imported records may hold them. */
const BODY_CHARACTERS = 25_000

const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g
/** What a reader's eye takes for an empty line. */
const BLANK = /^[\s\u200b-\u200f\u2060-\u2064\u00ad]*$/

/** Keeps newline and tab; `\r\n`, `\r` and the Unicode line separators become newlines. */
export function publicBody(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(FORBIDDEN, '')
  return cut(clean, BODY_CHARACTERS)
}

/** One line, never empty: a heading and a link need something to show. */
export function publicLine(text: string, instead: string): string {
  const line = publicBody(text).replace(/\s+/g, ' ').trim()
  return BLANK.test(line) ? instead : cut(line, TITLE_CHARACTERS)
}

/** By code units as the other side counts, but never through the middle of a character. */
export function cut(text: string, units: number): string {
  return text.length <= units ? text : `${text.slice(0, units - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
