import {readFileSync} from 'node:fs'
import {join} from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** A fenced block of a document, without its fences. `language`: the first word behind the opening one; '' without one. */
export interface Fence {
  readonly language: string
  readonly body: string
}

/** The fenced blocks of a text, in their order. */
export function fencesIn(text: string): readonly Fence[] {
  return [...text.matchAll(/^(`{3,})(\w*)[^\n]*\n([\s\S]*?)^\1$/gm)].map(([, , language = '', body = '']) => ({language, body}))
}

/** Those of one language in a document, which has some; its path counts from the repository. */
export function fencesOf(document: string, language: string): readonly string[] {
  const found = fencesIn(readFileSync(join(ROOT, document), 'utf8')).filter(fence => fence.language === language)
  if (found.length === 0) throw new Error(`${document} has no block of ${language}`)
  return found.map(({body}) => body)
}
