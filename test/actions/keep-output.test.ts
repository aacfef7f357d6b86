import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {keepOutput} from '../../src/actions/keep-output.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {memoryDesk} from './memory-desk.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'scram-output-'))
})
afterEach(() => rmSync(home, {recursive: true, force: true}))

const step = {run: 'r-1', instance: 'patch[a]/push#2'}
const file = () => join(home, 'artefacts/r-1/patch_a_push#2.log')

function kept(...secrets: string[]) {
  const redactor = makeRedactor()
  for (const secret of secrets) redactor.know(secret)
  return keepOutput({...memoryDesk([]), home, redactStream: redactor.stream}, step)
}

describe('the output of a step', () => {
  it('is whole up to 16 KiB, and dropped beyond, also when what was read first ends with a line', () => {
    for (const [first, rest, isWhole] of [
      [16_384, 0, true],
      [16_385, 0, false],
      [16_384, 1, false],
      [10, 16_374, true],
    ] as const) {
      const output = kept()
      output.add('stdout', Buffer.from(`${'x'.repeat(first)}\n`))
      if (rest > 0) output.add('stdout', Buffer.from('y'.repeat(rest)))
      expect([first, rest, output.end().stdout !== null]).toEqual([first, rest, isWhole && first + rest + (rest > 0 ? 1 : 0) <= 16_384])
    }
  })

  it('keeps a secret out although the other stream speaks in the middle of it, and a character that is cut in two', () => {
    const output = kept('cnry-7f3Kq9')
    output.add('stdout', Buffer.from('a cnry-7'))
    output.add('stderr', Buffer.from('aside\n'))
    output.add('stdout', Buffer.from('f3Kq9 ').subarray(0, 6))
    const euro = Buffer.from('€\n')
    output.add('stdout', euro.subarray(0, 1))
    output.add('stdout', euro.subarray(1))
    const {stdout, output: said} = output.end()
    expect(stdout).toBe('a [redacted:secret] €')
    expect(readFileSync(file(), 'utf8')).toBe('aside\na [redacted:secret] €\n')
    expect(said).toMatchObject({bytes: Buffer.byteLength('aside\na [redacted:secret] €\n'), tail: 'aside\na [redacted:secret] €\n'})
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  it('that is none leaves no file; a home that cannot be written costs a line, not the step', () => {
    expect(kept().end()).toEqual({output: null, stdout: ''})
    const desk = {...memoryDesk([]), home: '/dev/null/none'}
    const output = keepOutput(desk, step)
    output.add('stdout', Buffer.from('one\n'))
    output.add('stdout', Buffer.from('two\n'))
    expect(output.end().stdout).toBe('one\ntwo')
    expect(desk.said).toEqual(['the output of patch[a]/push#2 could not be kept in /dev/null/none/artefacts/r-1'])
  })
})
