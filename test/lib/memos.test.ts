import {chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {openMemos} from '../../src/lib/memos.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'memos-')), 'memos')
})
afterEach(() => rmSync(join(folder, '..'), {recursive: true, force: true}))

const FROM = ['one: 1\n', 'two: 2\n']
const VALUE = {one: 1, two: {deep: ['x', null, false]}}
const kept = () => {
  const memos = openMemos(folder, 'build 1')
  memos.keep('numbers', FROM, VALUE)
  return memos
}
const onlyFile = () => join(folder, readdirSync(folder)[0] ?? '')

describe('a memo', () => {
  it('is recalled by another process, from the same texts and no others', () => {
    kept()
    const memos = openMemos(folder, 'build 1')
    expect(memos.recall('numbers', FROM)).toEqual(VALUE)
    for (const other of [['one: 1\n'], [...FROM, ''], ['one: 1\n', 'two: 3\n'], []]) expect(memos.recall('numbers', other)).toBeNull()
    expect(memos.recall('letters', FROM)).toBeNull()
  })

  it('holds for one program', () => {
    kept()
    expect(openMemos(folder, 'build 2').recall('numbers', FROM)).toBeNull()
    expect(openMemos(folder, null).recall('numbers', FROM)).toBeNull()
    expect(openMemos(null, 'build 1').recall('numbers', FROM)).toBeNull()
    // Run from its sources: it may be another one the next time, under no other name.
    openMemos(folder, null).keep('letters', FROM, VALUE)
    expect(openMemos(folder, null).recall('letters', FROM)).toBeNull()
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('is replaced by the one of other texts', () => {
    const memos = kept()
    memos.keep('numbers', ['three: 3\n'], 3)
    expect(memos.recall('numbers', FROM)).toBeNull()
    expect(memos.recall('numbers', ['three: 3\n'])).toBe(3)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('is not believed with any one byte changed', () => {
    kept()
    const file = onlyFile()
    const whole = readFileSync(file)
    for (let i = 0; i < whole.length; i++) {
      const damaged = Buffer.from(whole)
      damaged[i] = (damaged[i] ?? 0) ^ 1
      writeFileSync(file, damaged)
      expect(openMemos(folder, 'build 1').recall('numbers', FROM)).toBeNull()
      writeFileSync(file, whole.subarray(0, i))
      expect(openMemos(folder, 'build 1').recall('numbers', FROM)).toBeNull()
    }
    writeFileSync(file, whole)
    expect(openMemos(folder, 'build 1').recall('numbers', FROM)).toEqual(VALUE)
  })

  it('is not believed when others may write it', () => {
    const memos = kept()
    chmodSync(onlyFile(), 0o620)
    expect(memos.recall('numbers', FROM)).toBeNull()
  })

  it('is not kept where nothing can be, and nobody is stopped by that', () => {
    const nowhere = openMemos(join(folder, 'memos-are-a-file', 'below'), 'build 1')
    openMemos(folder, 'build 1').keep('x', [], 1)
    writeFileSync(join(folder, 'memos-are-a-file'), '')
    nowhere.keep('numbers', FROM, VALUE)
    expect(nowhere.recall('numbers', FROM)).toBeNull()
    const memos = openMemos(folder, 'build 1')
    memos.keep('long', ['x'.repeat(5_000_000)], 1)
    expect(readdirSync(folder)).toHaveLength(2)
  })

  it('is not taken for one of another name in the same file', () => {
    kept()
    const before = readFileSync(onlyFile(), 'utf8')
    openMemos(folder, 'build 1').keep('letters', FROM, VALUE)
    const [other = ''] = readdirSync(folder).filter(name => join(folder, name) !== onlyFile() || readFileSync(onlyFile(), 'utf8') !== before)
    writeFileSync(join(folder, other), before)
    expect(openMemos(folder, 'build 1').recall('letters', FROM)).toBeNull()
  })

  const itAsRoot = process.getuid?.() === 0 ? it : it.skip
  itAsRoot('is not believed when somebody else wrote it', () => {
    const memos = kept()
    chownSync(onlyFile(), 12_345, 12_345)
    expect(memos.recall('numbers', FROM)).toBeNull()
  })

  it('is not kept in a folder that others may write, or that a link leads to, and removes nothing there', () => {
    const theirs = join(folder, '../theirs')
    mkdirSync(theirs)
    for (let i = 0; i < 120; i++) writeFileSync(join(theirs, `mine ${i}`), '')
    symlinkSync(theirs, folder)
    openMemos(folder, 'build 1').keep('numbers', FROM, VALUE)
    expect(readdirSync(theirs)).toHaveLength(120)
    rmSync(folder)
    mkdirSync(folder)
    chmodSync(folder, 0o777)
    openMemos(folder, 'build 1').keep('numbers', FROM, VALUE)
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves what it did not write where it is', () => {
    const memos = kept()
    mkdirSync(join(folder, 'a folder'))
    for (let i = 0; i < 120; i++) writeFileSync(join(folder, `mine ${i}`), '')
    for (let i = 0; i < 120; i++) memos.keep(`name ${i}`, FROM, i)
    expect(readdirSync(folder).filter(name => name.startsWith('mine'))).toHaveLength(120)
    expect(readdirSync(folder).length).toBeLessThanOrEqual(221)
    expect(memos.recall('name 119', FROM)).toBe(119)
  })

  it('leaves no folder behind that grows for ever', () => {
    const memos = openMemos(folder, 'build 1')
    for (let i = 0; i < 250; i++) memos.keep(`name ${i}`, FROM, i)
    expect(readdirSync(folder).length).toBeLessThanOrEqual(100)
    expect(memos.recall('name 249', FROM)).toBe(249)
  })
})
