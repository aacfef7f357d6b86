import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {LineCounter, parseDocument} from 'yaml'
import {excerpt, parseSource, type Source} from '../../src/lib/yaml-source.ts'

function source(text: string): Source {
  const parsed = parseSource('scram.yaml', text)
  if (!parsed.ok) throw new Error(`${parsed.place.line}:${parsed.place.column} ${parsed.message}`)
  return parsed.source
}

function refusal(text: string): string {
  const parsed = parseSource('scram.yaml', text)
  return parsed.ok ? 'it was read' : `${parsed.place.line}:${parsed.place.column} ${parsed.message}`
}

// What YAML is made of, to be thrown together.
const token = fc.constantFrom(
  'a',
  ': ',
  '- ',
  '? ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '\n',
  '  ',
  '"',
  "'",
  '&a ',
  '*a ',
  '!!str ',
  '|\n',
  '>',
  '#',
  '---\n',
  '%',
  '\t',
  '\u0000',
  '1e999',
  '<<',
)

const lines = (count: number, line: (i: number) => string) => Array.from({length: count}, (_, i) => line(i)).join('\n')

describe('what is read', () => {
  it('is YAML 1.2: no surprises of the old one', () => {
    expect(source('a: no\nb: 012\nc: 22:15\nd: 2012-06-07 15:52:41\ne: &x {k: 1}\nf: *x\n<<: y').value).toEqual({
      a: 'no', b: 12, c: '22:15', d: '2012-06-07 15:52:41', e: {k: 1}, f: {k: 1}, '<<': 'y',
    }) // biome-ignore format: one look
  })

  it.each(['', '# nothing but a comment\n', '\ufeff'])('may be nothing', text => {
    expect(source(text).value).toBeNull()
  })

  it('may hold brackets as text', () => {
    expect(source(`a: "${'['.repeat(200)}"\nb: |\n  ${'{'.repeat(200)}\nc: 'x\ufeff[['`).value).toMatchObject({a: '['.repeat(200), c: 'x\ufeff[['})
  })
})

describe('the parser, handed tokens that the guard has made', () => {
  it('reads and refuses as the package by itself', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string({maxLength: 3})), {maxLength: 14}), parts => {
        const text = parts.join('')
        const count = new LineCounter()
        const document = parseDocument(text, {lineCounter: count, strict: true, uniqueKeys: false, logLevel: 'error'})
        const [wrong] = [...document.errors, ...document.warnings]
        const parsed = parseSource('f.yaml', text)
        // Which the package takes for text.
        if (!parsed.ok && parsed.message.startsWith('the control character')) return
        if (parsed.ok) expect([wrong, parsed.source.value]).toEqual([undefined, document.toJS()])
        else if (wrong) expect([parsed.place.line, parsed.place.column]).toEqual(Object.values(count.linePos(wrong.pos[0])))
      }),
      {numRuns: 3000},
    )
  })
})

describe('what is refused, each where it stands', () => {
  const bomb = ['a: &a [x, x]', ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`)]
  it.each([
    ['a key twice', 'a: 1\nb:\n  c: 1\n  c: 2', '4:3 this key is in the same map already'],
    ['a key twice, as a number and as text', '1: a\n"1": b', '2:1 this key is in the same map already'],
    ['two documents', 'a: 1\n---\nb: 2', '2:1 a second document begins here; a file of scram has one'],
    ['a tag of a language', 'a:\n  b: !!js/function "x"', '2:6 Unresolved tag: tag:yaml.org,2002:js/function'],
    ['binary', 'a: !!binary aGk=', '1:13 the tag tag:yaml.org,2002:binary is not allowed'],
    ['a directive', '%YAML 1.1\n---\na: no', '1:1 a file of scram has no % directives'],
    ['__proto__', 'a:\n  __proto__: {x: 1}', '2:3 `__proto__` is not allowed as a key'],
    ['a list as key', '? [a]\n: b', '1:3 a key must be plain text'],
    ['an alias as key', 'a: &k x\n*k : b', '2:1 a key must be plain text'],
    ['no key', ': b', '1:1 a key must be plain text'],
    ['a number a double would change', 'id: 12345678901234567890', '1:5 this number is too large to be exact; quote it'],
    ['infinity', 'a: .inf', '1:4 this is not a number that can be written down'],
    ['half a character', 'a: "\\ud800"', '1:4 this is half a character'],
    ['a tab', 'a:\n\tb: 1', '2:1 a tab cannot indent; write blanks'],
    ['an alias of nothing', 'a: *b', '1:4 there is no `&b` above'],
    ['a value inside itself', 'a: &a {b: [*a]}', '1:12 `*a` stands inside itself'],
    ['51 aliases', `a: &a x\nb: [${Array(51).fill('*a').join(', ')}]`, '2:205 more than 50 aliases'],
    ['a bomb of aliases', bomb.join('\n'), '7:28 more than 50 aliases'],
    ['100,000 brackets', '['.repeat(100_000), '1:65 more than 64 brackets inside each other'],
    ['a NUL', 'a: x\nb: x\0y', '2:5 the control character U+0000; YAML has none but tab and line ends'],
    ['a mark of the lexer', `[${'\u001f['.repeat(60_000)}`, '1:2 the control character U+001F; YAML has none but tab and line ends'],
    ['a terminal escape in a comment', 'a: x # \u001b[2J', '1:8 the control character U+001B; YAML has none but tab and line ends'],
    ['a C1 control', 'a: x\u009by', '1:5 the control character U+009B; YAML has none but tab and line ends'],
    ['brackets and braces by turns', '[{a: '.repeat(40), '1:161 more than 64 brackets inside each other'],
    ['2,000 list marks', '- '.repeat(2000), '1:33 more than 16 list marks in a row'],
    ['2,000 question marks', '? '.repeat(2000), '1:33 more than 16 list marks in a row'],
    ['a staircase', lines(40, i => `${' '.repeat(i)}a:`), '33:1 nested more than 32 deep'],
    ['a staircase of lists', lines(40, i => `${' '.repeat(i * 2)}- a:`), '33:1 nested more than 32 deep'],
    ['too many tokens', `[${'a,'.repeat(120_000)}]`, '1:133334 more than 200000 tokens'],
    ['too much', `a: ${'x'.repeat(262_144)}`, '1:1 longer than 256 KiB'],
  ])('%s', (_name, text, message) => {
    expect(refusal(text)).toBe(message)
  })

  it('depth of values that neither brackets nor indentation show alone', () => {
    const text = `${lines(30, i => `${' '.repeat(i)}a:`)}\n${' '.repeat(31)}${'['.repeat(50)}${']'.repeat(50)}`
    expect(refusal(text)).toMatch(/^31:\d+ nested more than 64 deep$/)
  })

  it('never with an exception, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string({maxLength: 3})), {maxLength: 60}), parts => {
        const parsed = parseSource('f.yaml', parts.join(''))
        if (parsed.ok) expect(() => JSON.stringify(parsed.source.value)).not.toThrow()
        else expect(parsed.place.line).toBeGreaterThan(0)
      }),
      {numRuns: 3000},
    )
  })
})

describe('places', () => {
  const text = 'rods:\n  api:\n    title: "API off"\n    positions: [withdrawn, in]\n    what: |\n      first line\n      second line\n'
  const {at, keyAt, inside} = source(text)

  it('of a value, of its key, of a list item', () => {
    expect(at(['rods', 'api', 'title'])).toEqual({line: 3, column: 12})
    expect(keyAt(['rods', 'api', 'title'])).toEqual({line: 3, column: 5})
    expect(at(['rods', 'api', 'positions', 1])).toEqual({line: 4, column: 28})
  })

  it('of what is missing: its nearest parent', () => {
    expect(at(['rods', 'api', 'spares'])).toEqual({line: 3, column: 5})
    expect(at([])).toEqual({line: 1, column: 1})
  })

  it('inside a text, exact on one line and the line of a block', () => {
    expect(inside(['rods', 'api', 'title'], 4)).toEqual({line: 3, column: 17})
    expect(inside(['rods', 'api', 'what'], 12)).toEqual({line: 7, column: 1})
  })

  it('behind an alias are those of the value it stands for', () => {
    expect(source('a: &x\n  k: 1\nb: *x').at(['b', 'k'])).toEqual({line: 2, column: 6})
  })

  it('are shown with the line and a mark below', () => {
    expect(excerpt(text, {line: 4, column: 28})).toEqual(['  4 |     positions: [withdrawn, in]', '    |                            ^'])
    expect(excerpt(text, {line: 99, column: 1})).toEqual(['  99 | ', '     | ^'])
  })
})
