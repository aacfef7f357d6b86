import {Lexer} from 'yaml'

/** Limits before anything is parsed: a few KB of nesting have ended whole processes. Each is far above real files. */
const LIMITS = {bytes: 256 * 1024, tokens: 200_000, flowDepth: 64, dashRun: 16, blockDepth: 32}

/** Why this text must not reach the parser, and where; undefined: it may. The lexer is iterative and cannot overflow. */
export function guardYaml(text: string): {readonly message: string; readonly offset: number} | undefined {
  if (Buffer.byteLength(text) > LIMITS.bytes) return {message: `longer than ${LIMITS.bytes / 1024} KiB`, offset: 0}
  let offset = 0
  let tokens = 0
  let flow = 0
  let dashes = 0
  let isScalarText = false
  for (const token of new Lexer().lex(text)) {
    if (++tokens > LIMITS.tokens) return {message: `more than ${LIMITS.tokens} tokens`, offset}
    if (!isScalarText) {
      if (token === '[' || token === '{') flow++
      else if (token === ']' || token === '}') flow = Math.max(0, flow - 1)
      if (token === '-' || token === '?') dashes++
      else if (token.trim() !== '') dashes = 0
      if (flow > LIMITS.flowDepth) return {message: `more than ${LIMITS.flowDepth} brackets inside each other`, offset}
      if (dashes > LIMITS.dashRun) return {message: `more than ${LIMITS.dashRun} list marks in a row`, offset}
    }
    // After this mark comes a scalar's text, whatever it looks like. Marks are the lexer's own, not part of the text.
    isScalarText = token === '\u001f'
    if (!/^[\u0002\u0018\u001f\ufeff]$/.test(token)) offset += token.length
  }
  return tooDeep(text)
}

/** Block nesting is not seen by the bracket count: a stack of indentations over the lines. */
function tooDeep(text: string): {readonly message: string; readonly offset: number} | undefined {
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
