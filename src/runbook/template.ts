/** Text with `${{ expression }}` in it, taken apart. `$${{` stands for a literal `${{`. */
export type Part = {readonly text: string} | {readonly expression: string; readonly offset: number}

export interface Template {
  readonly parts: readonly Part[]
  /** Set when the whole value is one expression: it keeps its type. */
  readonly sole: string | null
}

export class Unclosed extends Error {
  readonly offset: number

  constructor(offset: number) {
    super(`this \${{ has no }}; write $\${{ for a literal one`)
    this.offset = offset
  }
}

/**
 * One pass; quoted strings are skipped when looking for `}}`. Offsets count characters from the start of the text.
 * @throws Unclosed
 */
export function parseTemplate(text: string): Template {
  const parts: Part[] = []
  let plain = ''
  let i = 0
  while (i < text.length) {
    if (text.startsWith('$${{', i)) {
      plain += '${{'
      i += 4
    } else if (text.startsWith('${{', i)) {
      const end = closing(text, i + 3)
      if (end < 0) throw new Unclosed(i)
      if (plain) parts.push({text: plain})
      plain = ''
      const inner = text.slice(i + 3, end)
      parts.push({expression: inner.trim(), offset: i + 3 + (inner.length - inner.trimStart().length)})
      i = end + 2
    } else {
      plain += text[i]
      i++
    }
  }
  if (plain || parts.length === 0) parts.push({text: plain})
  const [only] = parts
  return {parts, sole: parts.length === 1 && only && 'expression' in only ? only.expression : null}
}

function closing(text: string, from: number): number {
  let quote = ''
  for (let i = from; i < text.length; i++) {
    const char = text[i] ?? ''
    if (quote) {
      if (char === '\\') i++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (text.startsWith('}}', i)) return i
  }
  return -1
}

export function isTemplated(text: string): boolean {
  return text.includes('${{')
}
