import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {blockHash, canonicalBody, humanPart, withMarkers} from '../../src/postmortem/marker.ts'

const table = '| A | B |\n| - | :-: |\n| one | two \\| three |'

describe('a computed block', () => {
  it('stands between its markers, each alone on its line, with the hash of its body', () => {
    expect(withMarkers('impact', `\n${table}\n`)).toBe(`<!-- scram:begin impact sha256=${blockHash(table)} -->\n\n${table}\n\n<!-- scram:end impact -->\n`)
    expect(blockHash(table)).toMatch(/^[0-9a-f]{12}$/)
  })

  it.each([
    ['re-padded by a formatter', '| A   | B            |\n| --- | :----------: |\n| one | two \\| three |'],
    ['with CRLF', table.replaceAll('\n', '\r\n')],
    ['with trailing blanks and outer blank lines', `\n\n${table.replaceAll('\n', '  \n')}\n\n`],
  ])('has the same hash %s', (_, same) => {
    expect(blockHash(same)).toBe(blockHash(table))
  })

  it.each([
    ['a word', table.replace('one', 'once')],
    ['an alignment', table.replace(':-:', '-')],
    ['a pipe that is no longer escaped', table.replace('\\|', '|')],
  ])('has another hash when %s was changed', (_, edited) => {
    expect(blockHash(edited)).not.toBe(blockHash(table))
  })

  it('has one canonical form', () => {
    fc.assert(fc.property(fc.string(), body => expect(canonicalBody(canonicalBody(body))).toBe(canonicalBody(body))))
  })
})

describe('a part that a person writes', () => {
  it('says so, and that an empty section is not a finding', () => {
    expect(humanPart('lessons', 'Lessons', 'What went well?')).toBe(
      '<!-- scram:todo lessons -->\n\n> **TO WRITE: Lessons.** What went well? *Nothing has been established here yet; an empty section is not a finding.*\n',
    )
  })
})
