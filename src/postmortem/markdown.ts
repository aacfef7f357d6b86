import type {RootContent} from 'mdast'
import {gfmToMarkdown} from 'mdast-util-gfm'
import {type Options, toMarkdown} from 'mdast-util-to-markdown'

/** Table cells are not padded: a longer text in one row must not change every other line of the file. */
const OPTIONS: Options = {extensions: [gfmToMarkdown({tablePipeAlign: false})], bullet: '-'}

/**
 * mdast → Markdown (GitHub flavour), ending in one newline. Every text is escaped by the writer, so a recorded text can
 * neither open a table, a heading or a link nor end one of our blocks.
 */
export function writeMarkdown(children: readonly RootContent[]): string {
  return toMarkdown({type: 'root', children: [...children]}, OPTIONS)
}
