import {execFileSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {makeFolder, readFileBounded, replaceFile} from '../../src/lib/files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'))
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const codeOf = (work: () => unknown): unknown => {
  try {
    work()
    return 'nothing was thrown'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

describe('replaceFile', () => {
  it('puts a file of its own there, readable by us only, and leaves nothing else behind', () => {
    replaceFile(join(folder, 'page.html'), 'one')
    replaceFile(join(folder, 'page.html'), 'two')
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toBe('two')
    expect(statSync(join(folder, 'page.html')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['page.html'])
  })

  it('gives the finished file the mode it was asked for, whatever the umask', () => {
    const before = process.umask(0o077)
    try {
      replaceFile(join(folder, 'page.html'), 'x', {mode: 0o644})
    } finally {
      process.umask(before)
    }
    expect(statSync(join(folder, 'page.html')).mode & 0o777).toBe(0o644)
  })

  it('gives the finished file the owner it was asked for, where whoever runs this may', () => {
    writeFileSync(join(folder, 'theirs'), 'old')
    const owner = process.geteuid?.() === 0 ? {uid: 65_534, gid: 65_533} : statSync(join(folder, 'theirs'))
    replaceFile(join(folder, 'theirs'), 'new', {owner})
    expect(statSync(join(folder, 'theirs'))).toMatchObject({uid: owner.uid, gid: owner.gid})
  })

  it('replaces a link and never writes through it', () => {
    writeFileSync(join(folder, 'elsewhere'), 'untouched')
    symlinkSync('elsewhere', join(folder, 'link'))
    replaceFile(join(folder, 'link'), 'new')
    expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('untouched')
    expect(readFileSync(join(folder, 'link'), 'utf8')).toBe('new')
  })

  it('removes its temporary file when the last step fails', () => {
    mkdirSync(join(folder, 'taken'))
    expect(codeOf(() => replaceFile(join(folder, 'taken'), 'x'))).toBe('EISDIR')
    expect(readdirSync(folder)).toEqual(['taken'])
  })
})

describe('makeFolder', () => {
  it('makes every missing level for us alone, and is content with what is there', () => {
    makeFolder(join(folder, 'a', 'b', 'c'))
    makeFolder(join(folder, 'a', 'b', 'c'))
    for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700)
  })

  it('fails, instead of spinning, where no folder can be made', () => {
    expect(['ENOENT', 'EACCES', 'EPERM']).toContain(codeOf(() => makeFolder('/proc/scram/a/b')))
  })
})

describe('readFileBounded', () => {
  it('reads up to its limit and refuses one byte more', () => {
    writeFileSync(join(folder, 'text'), 'x'.repeat(10_000))
    expect(readFileBounded(join(folder, 'text'), 10_000)).toHaveLength(10_000)
    expect(codeOf(() => readFileBounded(join(folder, 'text'), 9999))).toBe('ETOOLONG')
  })

  it('reads what lies about its size', () => {
    expect(readFileBounded('/proc/self/status', 65_536).toString()).toContain('Pid:')
  })

  it('reads the rest of a file that is larger than it said', () => {
    expect(codeOf(() => readFileBounded('/proc/self/smaps', 4097))).toBe('ETOOLONG')
  })

  it('refuses a link, a folder and a FIFO, the last without waiting for a writer', () => {
    writeFileSync(join(folder, 'text'), 'x')
    symlinkSync('text', join(folder, 'link'))
    execFileSync('mkfifo', [join(folder, 'fifo')])
    expect(codeOf(() => readFileBounded(join(folder, 'link'), 10))).toBe('ELOOP')
    expect(readFileBounded(join(folder, 'link'), 10, {follow: true}).toString()).toBe('x')
    expect(codeOf(() => readFileBounded(folder, 10))).toBe('ENOTFILE')
    expect(codeOf(() => readFileBounded(join(folder, 'fifo'), 10))).toBe('ENOTFILE')
    expect(existsSync(join(folder, 'nothing'))).toBe(false)
    expect(codeOf(() => readFileBounded(join(folder, 'nothing'), 10))).toBe('ENOENT')
  })

  it('lets the caller refuse what it opened', () => {
    writeFileSync(join(folder, 'key'), 'x')
    chmodSync(join(folder, 'key'), 0o644)
    const refuse = ({mode}: {mode: number}) => ((mode & 0o077) === 0 ? undefined : 'others may read it')
    expect(() => readFileBounded(join(folder, 'key'), 10, {refuse})).toThrow('others may read it')
  })
})
