import {withoutSequences} from '../lib/text.ts'
import {refuse} from './decision.ts'
import type {Refusal} from './intentions.ts'

/** Limits of the public page (and of Statuspage), in characters. */
export const LONGEST_BODY = 25_000
export const LONGEST_TITLE = 255

/**
 * What a person typed, as it is recorded: line ends are `\n`, no escape sequences, no control characters but newline
 * and tab, no blanks
 * around it, well-formed Unicode (a lone surrogate cannot be written as JSON). Views make it safe for where it is shown.
 */
export function typed(text: string): string {
  return withoutSequences(text)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .toWellFormed()
    .trim()
}

/** The same on one line: a title, a name, a reason. */
export function typedLine(text: string): string {
  return typed(text).replaceAll(/\s+/g, ' ')
}

/** A text that must say something. */
export function required(what: string, text: string): string | Refusal {
  const said = typed(text)
  return said === '' ? refuse('text.empty', `${what} is empty`) : said
}

/** A text for the public page. @returns refusal text.empty, or text.invalid above the page's limit */
export function publicText(what: string, text: string): string | Refusal {
  const said = typed(text)
  return said === '' ? refuse('text.empty', `${what} is empty`) : within(what, said, LONGEST_BODY)
}

/** A title or headline: one line. @returns refusal text.empty, or text.invalid above the page's limit */
export function titleText(what: string, text: string): string | Refusal {
  const said = typedLine(text)
  return said === '' ? refuse('text.empty', `${what} is empty`) : within(what, said, LONGEST_TITLE)
}

function within(what: string, text: string, longest: number): string | Refusal {
  const length = Array.from(text).length
  return length <= longest ? text : refuse('text.invalid', `${what} has ${length} characters; the public page takes ${longest}`)
}
