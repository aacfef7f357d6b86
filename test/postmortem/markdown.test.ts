import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {gfmToMarkdown} from 'mdast-util-gfm'
import {toMarkdown} from 'mdast-util-to-markdown'
import {writeMarkdown} from '../../src/postmortem/markdown.ts'
import {makePen} from '../../src/postmortem/pen.ts'
import {HOSTILE} from './hostile.ts'

const pen = makePen([])

describe('the writer', () => {
  it('writes plain text exactly as the library alone would', () => {
    const plain = fc.string({unit: fc.constantFrom(...'aZ019 ,:–→≤±†×.)-+#|~ps/w'), maxLength: 12})
    fc.assert(
      fc.property(fc.oneof(plain, fc.constantFrom(...HOSTILE)), fc.oneof(plain, fc.constantFrom(...HOSTILE)), (a, b) => {
        const parts = [
          pen.paragraph(a),
          pen.paragraph({strong: a}, b),
          pen.bullets([a, b]),
          pen.table([a, b], [[b, {link: `https://x.test/${a}`}]]),
          pen.heading(2, a),
        ]
        const alone = toMarkdown({type: 'root', children: [...parts]}, {extensions: [gfmToMarkdown({tablePipeAlign: false})], bullet: '-'})
        expect(writeMarkdown(parts)).toBe(alone)
      }),
      {numRuns: 500},
    )
  })

  it('does not pad cells', () => {
    expect(writeMarkdown([pen.table(['A', 'B'], [['one', 'a | b'], ['two']])])).toBe('| A | B |\n| - | - |\n| one | a \\| b |\n| two | |\n')
  })

  it('refuses a row that is too long: that is a bug of ours', () => {
    expect(() => pen.table(['A'], [['one', 'two']])).toThrow('2 cells')
  })
})
