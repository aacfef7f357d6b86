import type {BlockContent, Heading, ListItem, PhrasingContent, TableRow} from 'mdast'
import {quotable} from './quotable.ts'
import {withoutNames} from './without-names.ts'

/** What a computed block is made of. */
export type Part = BlockContent

/** A cell or a piece of a line: plain text, or a link whose text is its own address. */
export type Piece = string | {readonly strong: string} | {readonly link: string}

/**
 * Makes the nodes of a document. Whatever goes in as text is recorded text until shown otherwise: each piece is made
 * `quotable` here, once, so that no block can forget it.
 */
export interface Pen {
  /** The pieces with a blank between each two. */
  paragraph(...pieces: readonly Piece[]): Part
  /** Every row has as many cells as the header: missing ones are empty, surplus ones are a bug and throw. */
  table(header: readonly string[], rows: readonly (readonly Piece[])[]): Part
  bullets(items: readonly Piece[]): Part
  quote(...pieces: readonly Piece[]): Part
  heading(depth: 1 | 2 | 3, text: string): Heading
  /** The text alone, for places that are no Markdown. */
  plain(text: string): string
}

export function makePen(redact: readonly string[]): Pen {
  const hide = withoutNames(redact)
  const say = (text: string) => hide(quotable(text))
  const phrase = (piece: Piece): PhrasingContent => {
    if (typeof piece === 'string') return {type: 'text', value: say(piece)}
    if ('strong' in piece) return {type: 'strong', children: [{type: 'text', value: say(piece.strong)}]}
    const shown = say(piece.link)
    return isWebAddress(shown) ? {type: 'link', url: shown, children: [{type: 'text', value: shown}]} : {type: 'text', value: shown}
  }
  const paragraph = (...pieces: readonly Piece[]): Extract<Part, {type: 'paragraph'}> => ({
    type: 'paragraph',
    children: pieces.flatMap((piece, i) => (i === 0 ? [phrase(piece)] : [BLANK, phrase(piece)])),
  })
  const row = (cells: readonly Piece[], width: number): TableRow => {
    if (cells.length > width) throw new Error(`a row of ${cells.length} cells in a table of ${width} columns`)
    const padded = [...cells, ...Array.from({length: width - cells.length}, () => '')]
    return {type: 'tableRow', children: padded.map(cell => ({type: 'tableCell', children: [phrase(cell)]}))}
  }
  return {
    paragraph,
    table: (header, rows) => ({
      type: 'table',
      align: header.map(() => null),
      children: [row(header, header.length), ...rows.map(cells => row(cells, header.length))],
    }),
    bullets: items => ({
      type: 'list',
      ordered: false,
      spread: false,
      children: items.map((item): ListItem => ({type: 'listItem', spread: false, children: [paragraph(item)]})),
    }),
    quote: (...pieces) => ({type: 'blockquote', children: [paragraph(...pieces)]}),
    heading: (depth, text) => ({type: 'heading', depth, children: [phrase(text)]}),
    plain: say,
  }
}

const BLANK: PhrasingContent = {type: 'text', value: ' '}

/** Only what a browser fetches; a `javascript:` address stays text. */
const isWebAddress = (text: string) => /^https?:\/\/[^\s<>"]+$/.test(text)
