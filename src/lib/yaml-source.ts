import {Composer, type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, Parser, Scalar} from 'yaml'
import {guardYaml} from './yaml-guard.ts'
import {oddityIn} from './yaml-oddities.ts'

export type YamlPath = readonly (string | number)[]

export interface Place {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** A YAML text with its values and where each of them stands. */
export interface Source {
  readonly file: string
  readonly text: string
  readonly value: unknown
  /** Where the value at `path` begins; a missing one: its nearest parent. */
  at(path: YamlPath): Place
  /** Where the key at `path` stands; for list items the item. */
  keyAt(path: YamlPath): Place
  /** Character `offset` of the text at `path`: exact on one line, the line only inside a block scalar. */
  inside(path: YamlPath, offset: number): Place
}

export type Parsed = {readonly ok: true; readonly source: Source} | {readonly ok: false; readonly message: string; readonly place: Place}

/**
 * Reads one YAML document that nobody vouches for: bounded before it is parsed (`yaml-guard.ts`), YAML 1.2 core, strict,
 * unique keys, no custom tags, at most 50 aliases, plain keys, whole numbers that a double holds exactly.
 */
export function parseSource(file: string, text: string): Parsed {
  const lines = new LineCounter()
  const guarded = guardYaml(text)
  if (guarded.danger) return {ok: false, message: guarded.danger.message, place: placeIn(text, guarded.danger.offset)}
  try {
    const [document, second] = compose(guarded.tokens, text, lines)
    const found: readonly Problem[] = [...document.errors, ...(second ? [secondDocument(second)] : []), ...document.warnings]
    const [error] = found
    if (error) return {ok: false, message: inOurWords(error), place: place(lines, error.pos[0])}
    const odd = oddityIn(document)
    if (odd) return {ok: false, message: odd.message, place: place(lines, odd.offset)}
    return {ok: true, source: sourceOf(file, text, document, lines)}
  } catch (error) {
    // Too many aliases is a ReferenceError, and some nesting still overflows: a refusal, whatever its name.
    return {ok: false, message: `this cannot be read: ${firstLine(error instanceof Error ? error.message : String(error))}`, place: {line: 1, column: 1}}
  }
}

/** What `parseDocument` of the package does, from tokens that are there already; the end of the text makes a document in any case. */
function compose(tokens: readonly string[], text: string, lines: LineCounter): readonly [Document, Document | undefined] {
  const composer = new Composer({lineCounter: lines, strict: true, uniqueKeys: false, logLevel: 'error'})
  const [first, second] = composer.compose(parts(tokens, lines), true, text.length)
  if (!first) throw new Error('the composer made no document')
  return [first, second]
}

function* parts(tokens: readonly string[], lines: LineCounter): ReturnType<Parser['next']> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  for (const token of tokens) yield* parser.next(token)
  yield* parser.end()
}

function secondDocument({range}: Document): Problem {
  const [start = 0, end = 0] = range ?? []
  return {code: 'MULTIPLE_DOCS', message: 'several documents', pos: [start, end]}
}

/** The line a place is on, with a mark below its column: what an error shows. */
export function excerpt(text: string, {line, column}: Place): readonly string[] {
  const shown = (text.split('\n', line)[line - 1] ?? '').replace(/\r$/, '').slice(0, 200)
  return [`  ${line} | ${shown}`, `  ${' '.repeat(String(line).length)} | ${' '.repeat(Math.min(Math.max(column, 1), 200) - 1)}^`]
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n')
  return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1}
}

function sourceOf(file: string, text: string, document: Document, lines: LineCounter): Source {
  const start = (node: Node | null | undefined) => place(lines, node?.range?.[0] ?? 0)
  const at = (path: YamlPath) => start(nodeAt(document, path).node)
  return {
    file,
    text,
    value: document.toJS({maxAliasCount: 50}),
    at,
    keyAt(path) {
      const {key, node} = nodeAt(document, path)
      return start(key ?? node)
    },
    inside(path, offset) {
      const {node} = nodeAt(document, path)
      if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return at(path)
      const begin = place(lines, node.range[0])
      if (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED) {
        return {line: begin.line + 1 + node.value.slice(0, offset).split('\n').length - 1, column: 1}
      }
      const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE
      return place(lines, node.range[0] + (quoted ? 1 : 0) + offset)
    },
  }
}

function nodeAt(document: Document, path: YamlPath): {node: Node | null; key: Node | null} {
  let node = document.contents as Node | null
  let key: Node | null = null
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find(item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part))
      key = (pair?.key as Node | undefined) ?? null
      next = pair?.value ?? pair?.key
    } else if (isSeq(node)) {
      next = node.items[Number(part)]
      key = null
    }
    if (!next) return {node, key: null}
    node = next as Node
  }
  return {node, key}
}

function place(lines: LineCounter, offset: number): Place {
  const {line, col} = lines.linePos(offset)
  return {line, column: col}
}

/** What errors and warnings of the parser share. */
interface Problem {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}

/** What a person most likely did; the parser speaks of its own parts. */
const WORDS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here; a file of scram has one',
  TAB_AS_INDENT: 'a tab cannot indent; write blanks',
  BAD_INDENT: 'this is not indented as what it belongs to, or a ] or } is missing',
  BLOCK_AS_IMPLICIT_KEY: 'a second `key:` on one line; a text with a colon and a blank in it wants quotes',
  MULTILINE_IMPLICIT_KEY: 'a key and its `:` stand on one line; a colon or a quote is missing',
  BAD_SCALAR_START: 'a text that begins with this character wants quotes',
}

function inOurWords({code, message}: Problem): string {
  const token = code === 'UNEXPECTED_TOKEN' ? /: "(.{1,20})"$/.exec(firstLine(message))?.[1] : undefined
  return WORDS[code] ?? (token === undefined ? firstLine(message) : `\`${token}\` cannot stand here`)
}

const firstLine = (message: string) => (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '')
