import {Lexer} from 'yaml'

/** Limits before anything is parsed: a few KB of nesting have ended whole processes. Each is far above real files. */
const LIMITS = {bytes: 256 * 1024, tokens: 200_000, flowDepth: 64, dashRun: 16, blockDepth: 32}

/** The lexer's own marks: no part of the text. The last one says that a scalar's text comes next, whatever it looks like. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\ufeff', '\u001f'])
const SCALAR_NEXT = '\u001f'

export interface Danger {
  readonly message: string
  readonly offset: number
}

export type Guarded = {readonly danger: Danger} | {readonly danger: null; readonly tokens: readonly string[]}

/**
 * Why this text must not reach the parser, and where; else what the lexer made of it, so that the parser need not look at
 * each character again (a third of its time). The lexer is iterative and cannot overflow.
 */
export function guardYaml(text: string): Guarded {
  if (Buffer.byteLength(text) > LIMITS.bytes) return {danger: {message: `longer than ${LIMITS.bytes / 1024} KiB`, offset: 0}}
  const control = CONTROL.exec(text)
  if (control) return {danger: {message: `the control character ${named(control[0])}; YAML has none but tab and line ends`, offset: control.index}}
  const tokens: string[] = []
  let offset = 0
  let flow = 0
  let dashes = 0
  let isScalarText = false
  for (const token of new Lexer().lex(text)) {
    if (tokens.push(token) > LIMITS.tokens) return {danger: {message: `more than ${LIMITS.tokens} tokens`, offset}}
    if (!isScalarText) {
      if (token === '[' || token === '{') flow++
      else if (token === ']' || token === '}') flow = Math.max(0, flow - 1)
      if (token === '-' || token === '?') dashes++
      else if (token.trim() !== '') dashes = 0
      if (flow > LIMITS.flowDepth) return {danger: {message: `more than ${LIMITS.flowDepth} brackets inside each other`, offset}}
      if (dashes > LIMITS.dashRun) return {danger: {message: `more than ${LIMITS.dashRun} list marks in a row`, offset}}
    }
    // A scalar's text may be one character, and look like a mark itself.
    if (isScalarText || !MARKS.has(token)) offset += token.length
    isScalarText = !isScalarText && token === SCALAR_NEXT
  }
  const danger = tooDeep(text)
  return danger ? {danger} : {danger: null, tokens}
}

/** Those that YAML forbids; some are the lexer's own marks. */
const CONTROL = /[^\P{Cc}\t\n\r\x85]/u
const named = (character: string) => `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

/** Block nesting is not seen by the bracket count: a stack of indentations over the lines. */
function tooDeep(text: string): Danger | undefined {
  const indents: number[] = []
  let offset = 0
  for (const line of text.split('\n')) {
    const indent = /^ *(?:[-?] +)*/.exec(line)?.[0].length ?? 0
    if (line.trim() !== '' && !line.trimStart().startsWith('#')) {
      while ((indents.at(-1) ?? -1) >= indent) indents.pop()
      indents.push(indent)
      if (indents.length > LIMITS.blockDepth) return {message: `nested more than ${LIMITS.blockDepth} deep`, offset}
    }
    offset += line.length + 1
  }
  return undefined
}
