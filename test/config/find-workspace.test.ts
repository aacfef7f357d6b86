import {chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {findWorkspace} from '../../src/config/find-workspace.ts'
import {Fault} from '../../src/lib/fault.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-'))
  mkdirSync(join(folder, 'a/b'), {recursive: true})
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const plant = (path = '.') => writeFileSync(join(folder, path, 'scram.yaml'), 'scram: 1\n')

function refusal(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a workspace that was searched for', () => {
  it('is the nearest upward', () => {
    plant()
    plant('a')
    expect(findWorkspace(undefined, join(folder, 'a/b'))).toBe(join(folder, 'a'))
    expect(findWorkspace(undefined, folder)).toBe(folder)
  })

  it('need not be', () => {
    expect(findWorkspace(undefined, join(folder, 'a/b'))).toBeNull()
    expect(findWorkspace('', join(folder, 'a/b'))).toBeNull()
  })

  it('is refused when anybody may write it, or its folder, with the way to consent', () => {
    plant('a')
    chmodSync(join(folder, 'a/scram.yaml'), 0o666)
    const {code, message, hints} = refusal(() => findWorkspace(undefined, join(folder, 'a/b')))
    expect([code, message, hints]).toEqual([
      'workspace.foreign',
      `${folder}/a/scram.yaml was found, but may be written by anybody; a workspace is code`,
      [`export SCRAM_WORKSPACE=${folder}/a  # if you trust it`],
    ])
    chmodSync(join(folder, 'a/scram.yaml'), 0o644)
    chmodSync(join(folder, 'a'), 0o777)
    expect(refusal(() => findWorkspace(undefined, join(folder, 'a'))).message).toContain(`${folder}/a was found`)
    chmodSync(join(folder, 'a'), 0o1777)
    expect(findWorkspace(undefined, join(folder, 'a'))).toBe(join(folder, 'a'))
    chmodSync(join(folder, 'a'), 0o777)
    expect(findWorkspace(join(folder, 'a'), '/')).toBe(join(folder, 'a'))
  })

  it('of another user names its folder as no shell would run it', () => {
    const planted = join(folder, 'x; reboot')
    mkdirSync(planted)
    writeFileSync(join(planted, 'scram.yaml'), 'scram: 1\n', {mode: 0o666})
    chmodSync(join(planted, 'scram.yaml'), 0o666)
    expect(refusal(() => findWorkspace(undefined, planted)).hints).toEqual([`export SCRAM_WORKSPACE='${planted}'  # if you trust it`])
  })

  it('is refused where its link leads to such a file, or nowhere', () => {
    plant()
    chmodSync(join(folder, 'scram.yaml'), 0o666)
    symlinkSync('../scram.yaml', join(folder, 'a/scram.yaml'))
    expect(refusal(() => findWorkspace(undefined, join(folder, 'a'))).message).toContain('may be written by anybody')
    symlinkSync('nowhere', join(folder, 'a/b/scram.yaml'))
    expect(refusal(() => findWorkspace(undefined, join(folder, 'a/b'))).message).toContain('leads nowhere')
  })

  const asRoot = process.getuid?.() === 0 ? it : it.skip
  asRoot('is refused when it, its link or its folder belongs to another user', () => {
    plant('a')
    chownSync(join(folder, 'a/scram.yaml'), 4711, 4711)
    expect(refusal(() => findWorkspace(undefined, join(folder, 'a'))).message).toContain('belongs to another user (uid 4711)')
    chownSync(join(folder, 'a/scram.yaml'), 0, 0)
    chownSync(join(folder, 'a'), 4711, 4711)
    expect(refusal(() => findWorkspace(undefined, join(folder, 'a'))).code).toBe('workspace.foreign')
    expect(findWorkspace(join(folder, 'a'), '/')).toBe(join(folder, 'a'))
  })
})

describe('a workspace that was named', () => {
  it('may be named relative to where one stands', () => {
    plant('a')
    expect(findWorkspace('a', folder)).toBe(join(folder, 'a'))
  })

  it('must be there', () => {
    const {code, message} = refusal(() => findWorkspace('a', folder))
    expect([code, message]).toEqual(['file.not-found', `there is no scram.yaml in ${folder}/a`])
  })
})
