import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {readUserFile} from '../../src/config/user-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-'))
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const read = (text: string) => {
  writeFileSync(join(folder, 'config.yaml'), text)
  return readUserFile(folder)
}

describe('the user file', () => {
  it('may be missing', () => {
    expect(readUserFile(folder)).toEqual({settings: {}, problems: []})
    expect(readUserFile(null)).toEqual({settings: {}, problems: []})
  })

  it('says who acts and with what, in the plainest YAML', () => {
    const text = '# mine\n---\nactor: Ada Lovelace   # on call\neditor: "code --wait"\nx-theme: dark\n'
    expect(read(text)).toEqual({settings: {actor: 'Ada Lovelace', editor: 'code --wait', 'x-theme': 'dark'}, problems: []})
    expect(read("actor: 'Ada'\r\n").settings).toEqual({actor: 'Ada'})
    expect(read('actor:\n').settings).toEqual({actor: ''})
  })

  it('never stops a command: what is wrong is said and the rest holds', () => {
    const {settings, problems} = read('acter: Ada\nactor: Grace\nactor: Ada\ntheme: dark\n  editor: vi\neditor: [vi]\n')
    expect(settings).toEqual({actor: 'Grace'})
    expect(problems).toEqual([
      `${folder}/config.yaml:1: \`acter\` is not a key here; did you mean \`actor\`?`,
      `${folder}/config.yaml:3: \`actor\` is there already`,
      `${folder}/config.yaml:4: \`theme\` is not a key here; there are actor, editor`,
      `${folder}/config.yaml:5: is not \`key: value\``,
      `${folder}/config.yaml:6: is not \`key: value\``,
    ])
  })

  it('that is no file is a problem, not an end', () => {
    mkdirSync(join(folder, 'config.yaml'))
    expect(readUserFile(folder).problems).toEqual([`${folder}/config.yaml cannot be read: it is not a plain file`])
  })
})
