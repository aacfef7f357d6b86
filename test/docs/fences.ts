import {readFileSync} from 'node:fs'
import {join} from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** The fenced blocks of one language in a document, without their fences; the document's path counts from the repository. */
export function fencesOf(document: string, language: string): readonly string[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  const found = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, body]) => (name === language && body !== undefined ? [body] : []))
  if (found.length === 0) throw new Error(`${document} has no block of ${language}`)
  return found
}
