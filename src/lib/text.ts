/**
 * Text from outside made harmless for a terminal. Whatever reaches a terminal, a table or a paste hint goes through here
 * once, at the edge; the record keeps what was said.
 */

/** Whole escape sequences first, so that their parameters do not stay behind as litter: CSI, then OSC/DCS/PM/APC/SOS. */
const SEQUENCES = /[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:[;:]\d{0,4}){0,32})?[\dA-PR-TZcf-nq-uy=><~]/g
const STRINGS = /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]{0,4096}(?:\u0007|\u001b\\|\u009c|(?=\n)|$)/g
/**
 * C0 but newline and tab, DEL, C1, and what changes the reading order or is invisible: bidi marks and overrides,
 * zero-width (the joiner between emoji is handled apart), line and paragraph separators, BOM, tag characters.
 */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu
const LONE_JOINER = /(?<!\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d|\u200d(?!\p{Extended_Pictographic})/gu

/** Nothing in here needs work: the common case, decided by one pass. */
const PLAIN = /^[\n\t\u0020-\u007e\u00a0-\u0600]*$/

/** Keeps newline and tab; everything a terminal would obey is gone. Idempotent. */
export function safeBlock(text: string): string {
  if (PLAIN.test(text)) return text
  const lines = text.toWellFormed().replaceAll('\r\n', '\n')
  return withoutSequences(lines).replace(HIDDEN, '').replace(LONE_JOINER, '')
}

/** Escape sequences out, whole: taking only their first byte away leaves `[31m` for everybody to read. */
export function withoutSequences(text: string): string {
  return text.includes('\u001b') || /[\u0090-\u009f]/.test(text) ? text.replace(STRINGS, '').replace(SEQUENCES, '') : text
}

/** The same on one line: newlines show as ⏎, tabs as blanks. For table cells and messages. */
export function safeLine(text: string): string {
  return safeBlock(text).replaceAll('\n', '⏎').replaceAll('\t', ' ')
}

/** Cut to so many terminal columns, with … where something was cut. Wide characters and emoji count two. */
export function cutToWidth(text: string, columns: number): string {
  let width = 0
  let kept = ''
  for (const character of text) {
    const next = characterWidth(character)
    if (width + next > columns - 1 && textWidth(text.slice(kept.length)) > columns - width) return `${kept}…`
    width += next
    kept += character
  }
  return kept
}

export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

const COMBINING = /^(?:\p{Mark}|\u200d|\ufe0e|\ufe0f)$/u
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u

function characterWidth(character: string): number {
  if (character <= '~') return 1
  if (COMBINING.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

const HARMLESS_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

/**
 * A value as one word of a POSIX shell, for commands people paste. A value that holds control characters is no word
 * anyone should paste: it becomes the placeholder `'…'`.
 */
export function shellQuote(value: string): string {
  if (HARMLESS_WORD.test(value)) return value
  return CONTROL.test(value) ? "'…'" : `'${value.replaceAll("'", "'\\''")}'`
}
