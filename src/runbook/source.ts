import {type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar} from 'yaml'

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

export function parseSource(file: string, text: string): Parsed {
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, strict: true, uniqueKeys: true, logLevel: 'error'})
  const [error] = [...document.errors, ...document.warnings]
  if (error) return {ok: false, message: firstLine(error.message), place: place(lines, error.pos[0])}
  return {ok: true, source: sourceOf(file, text, document, lines)}
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

const firstLine = (message: string) => (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '')
