import type {Nodes, Root, Table} from 'mdast'
import {fromMarkdown} from 'mdast-util-from-markdown'
import {gfmFromMarkdown} from 'mdast-util-gfm'
import {gfm} from 'micromark-extension-gfm'

/** A document as a forge reads it. */
export interface Read {
  readonly tree: Root
  /** Block id → what stands between its markers. */
  readonly blocks: ReadonlyMap<string, readonly Nodes[]>
}

/** Reads a draft; its front matter is left out. */
export function readMarkdown(markdown: string): Read {
  const tree = fromMarkdown(markdown.replace(/^---\n[\s\S]*?\n---\n/, ''), {extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()]})
  const blocks = new Map<string, Nodes[]>()
  let open: string | null = null
  for (const node of tree.children) {
    const marker = node.type === 'html' ? /^<!-- scram:(begin|end) ([a-z-]+)(?: sha256=[0-9a-f]{12})? -->$/.exec(node.value) : null
    if (marker?.[1] === 'begin') {
      open = marker[2] ?? ''
      blocks.set(open, [])
    } else if (marker) open = null
    else if (open !== null) blocks.get(open)?.push(node)
  }
  return {tree, blocks}
}

export function textOf(node: Nodes): string {
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map(textOf).join('') : ''
}

export function* all(node: Nodes): Generator<Nodes> {
  yield node
  if ('children' in node) for (const child of node.children) yield* all(child)
}

export const tables = (nodes: readonly Nodes[]): readonly Table[] => nodes.filter(node => node.type === 'table')

/** The rows of a block's n-th table, without its header. */
export function rows({blocks}: Read, id: string, n = 0): readonly (readonly string[])[] {
  const table = tables(blocks.get(id) ?? [])[n]
  return (table?.children.slice(1) ?? []).map(row => row.children.map(textOf))
}

export const blockText = ({blocks}: Read, id: string) => (blocks.get(id) ?? []).map(textOf).join('\n')
