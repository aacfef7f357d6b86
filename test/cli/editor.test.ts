import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it} from '@jest/globals'
import {chosenEditor} from '../../src/cli/text-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'scram-editor-'))
afterEach(() => rmSync(join(folder, 'scram'), {recursive: true, force: true}))

describe('the editor that is asked for a text', () => {
  const env = {XDG_CONFIG_HOME: folder, EDITOR: 'ed', VISUAL: 'vi'}

  it('is the one of the user file, which is meant for scram alone', () => {
    mkdirSync(join(folder, 'scram'))
    writeFileSync(join(folder, 'scram/config.yaml'), 'editor: "code --wait"\n')
    expect(chosenEditor(env)).toBe('code --wait')
  })

  it('else $VISUAL, else $EDITOR; blanks are none', () => {
    expect(chosenEditor(env)).toBe('vi')
    expect(chosenEditor({...env, VISUAL: ''})).toBe('ed')
    expect(chosenEditor({XDG_CONFIG_HOME: folder, EDITOR: ' '})).toBeUndefined()
  })
})
