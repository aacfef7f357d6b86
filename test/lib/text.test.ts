import {execFileSync} from 'node:child_process'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {cutToWidth, safeBlock, safeLine, shellQuote, textWidth} from '../../src/lib/text.ts'

const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u

const hostile = fc
  .array(
    fc.oneof(
      fc.string({unit: 'binary', maxLength: 8}),
      fc.constantFrom(
        '\u001b',
        '\u001b[31m',
        '\u001b]0;title',
        '\u0007',
        '\u001b\\',
        '\u009b2J',
        '\u009d',
        '\u202e',
        '\u200d',
        '\ufeff',
        '\r\n',
        '\u001bP',
        '👩',
        '\u{e0041}',
      ),
    ),
    {maxLength: 10},
  )
  .map(parts => parts.join(''))

describe('safeBlock', () => {
  it.each([
    ['colours and cursor moves', 'a\u001b[31;1mred\u001b[0m\u001b[2Jb', 'aredb'],
    ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a link', 'a\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\b', 'atextb'],
    ['a title nobody ended', 'a\u001b]0;owned\nb', 'a\nb'],
    ['device control and C1', 'a\u001bPq#0\u001b\\b\u009b31mc', 'abc'],
    ['bell, backspace, carriage return, NUL', 'a\u0007\b\r\u0000b', 'ab'],
    ['reading order turned round', 'user\u202egnp.exe', 'usergnp.exe'],
    ['invisible characters', 'a\u200bb\ufeffc\u{e0041}d\u2028e', 'abcde'],
    ['Windows line ends', 'a\r\nb', 'a\nb'],
  ])('takes out %s', (_name, text, safe) => {
    expect(safeBlock(text)).toBe(safe)
  })

  it('keeps newline, tab, every script, and the joiner inside an emoji but nowhere else', () => {
    const text = 'Störung 👩‍🚒 東京\t障害\nעברית'
    expect(safeBlock(text)).toBe(text)
    expect(safeBlock('a\u200db')).toBe('ab')
  })

  it('lets nothing through that a terminal would obey, whatever comes in, and changes nothing the second time', () => {
    fc.assert(
      fc.property(hostile, text => {
        const safe = safeBlock(text)
        expect(safe).not.toMatch(FORBIDDEN)
        expect(safeBlock(safe)).toBe(safe)
      }),
      {numRuns: 2000},
    )
  })

  it('ends quickly on a megabyte of unfinished sequences', () => {
    expect(safeBlock('\u001b]'.repeat(500_000))).not.toMatch(FORBIDDEN)
    expect(safeBlock('\u001b[1;'.repeat(250_000))).not.toMatch(FORBIDDEN)
  })
})

describe('safeLine', () => {
  it('is one line, with the line ends visible', () => {
    expect(safeLine('first\nsecond\tthird')).toBe('first⏎second third')
  })
})

describe('cutToWidth', () => {
  it.each([
    ['routing', 7, 'routing'],
    ['routing', 6, 'routi…'],
    ['東京障害', 8, '東京障害'],
    ['東京障害', 7, '東京障…'],
    ['東京障害', 6, '東京…'],
    ['👩‍🚒x', 5, '👩‍🚒x'],
    ['e\u0301e\u0301', 2, 'e\u0301e\u0301'],
  ])('%s in %i columns', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut)
  })

  it('never needs more columns than it was given', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme'}), fc.integer({min: 1, max: 20}), (text, columns) => {
        expect(textWidth(cutToWidth(text, columns))).toBeLessThanOrEqual(columns)
      }),
    )
  })
})

describe('shellQuote', () => {
  it('leaves harmless words alone, so that hints stay readable', () => {
    expect(shellQuote('api-maintenance=25%')).toBe('api-maintenance=25%')
    expect(shellQuote('')).toBe("''")
  })

  it('refuses what nobody should paste', () => {
    expect(shellQuote('a\nrm -rf /')).toBe("'…'")
    expect(shellQuote('\u009b2J')).toBe("'…'")
  })

  it('is one argument to a real shell, byte for byte', () => {
    const words = ["it's", '$(touch x)', '`id`', '; ls', '"two words"', '--flag', 'a\\b', '!event', '*', '~', 'ünïcode 東京']
    for (const word of words) expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(word)}`], {encoding: 'utf8'})).toBe(word)
  })
})
