import {sha256Hex} from '../lib/sha256.ts'

/** Hex digits of a block's hash in its marker. */
const SHOWN = 12

/**
 * A computed block between its markers, each alone on its line. The hash tells later whether a person edited the body: it
 * is taken over the canonical form, so that a formatter that pads a table has edited nothing.
 */
export function withMarkers(id: string, body: string): string {
  const trimmed = body.replace(/^\n+|\n+$/g, '')
  return `<!-- scram:begin ${id} sha256=${blockHash(trimmed)} -->\n\n${trimmed}\n\n<!-- scram:end ${id} -->\n`
}

export function blockHash(body: string): string {
  return sha256Hex(canonicalBody(body)).slice(0, SHOWN)
}

/** LF, trailing blanks cut, outer blank lines cut, cells of tables trimmed, delimiter rows reduced to their alignment. */
export function canonicalBody(body: string): string {
  const lines = body.replace(/\r\n?/g, '\n').split('\n').map(canonicalLine)
  return lines.join('\n').replace(/^\n+|\n+$/g, '')
}

function canonicalLine(line: string): string {
  const cut = line.trimEnd()
  if (!cut.startsWith('|') || !cut.endsWith('|') || cut.length < 2) return cut
  const cells = cut
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim())
  return `|${cells.map(cell => (DELIMITER.test(cell) ? alignment(cell) : cell)).join('|')}|`
}

const DELIMITER = /^:?-+:?$/
const alignment = (cell: string) => `${cell.startsWith(':') ? ':' : ''}-${cell.endsWith(':') ? ':' : ''}`

/** What a person has still to write. The marker and the quote go when the text comes. */
export function humanPart(id: string, name: string, ask: string): string {
  const prompt = `> **TO WRITE: ${name}.** ${ask} *Nothing has been established here yet; an empty section is not a finding.*`
  return `${todoMarker(id)}\n\n${prompt}\n`
}

export const todoMarker = (id: string) => `<!-- scram:todo ${id} -->`
