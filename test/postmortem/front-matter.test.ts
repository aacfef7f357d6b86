import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {parse} from 'yaml'
import {frontMatter} from '../../src/postmortem/front-matter.ts'
import {HOSTILE} from './hostile.ts'

const read = (text: string) => parse(text.replace(/^---\n/, '').replace(/---\n$/, ''))

describe('front matter', () => {
  it('has one key a line, flow style for lists and maps, and leaves out what is not there', () => {
    const text = frontMatter([
      ['schema', 'scram.postmortem/1'],
      ['severity', undefined],
      ['components', ['api', 'production']],
      ['generated', {by: 'scram 0.1.0', events: 12}],
    ])
    expect(text).toBe('---\nschema: scram.postmortem/1\ncomponents: [api, production]\ngenerated: {by: "scram 0.1.0", events: 12}\n---\n')
  })

  it.each(['no', 'null', 'Yes', '12', '', '2012-06-07T15:52:41.000Z', 'a: b', 'x # y'])('keeps %j a text', text => {
    expect(read(frontMatter([['title', text]]))).toEqual({title: text})
  })

  it('gives any text back as it was, in one line', () => {
    const text = fc.oneof(fc.string({unit: 'grapheme'}), fc.constantFrom(...HOSTILE.map(raw => raw.toWellFormed())))
    fc.assert(
      fc.property(text, fc.array(text), (title, list) => {
        const written = frontMatter([
          ['title', title],
          ['list', list],
        ])
        expect(written.split('\n')).toHaveLength(5)
        expect(read(written)).toEqual({title, list})
      }),
    )
  })
})
