import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {findRunbooks} from '../../src/runbook/find-runbooks.ts'
import {idOf, openRunbook, openRunbookFile, shelve} from '../../src/runbook/open-runbook.ts'
import {decodeUtf8} from '../../src/runbook/utf8.ts'

const text = (id: string) => `scram: 1\nrunbook: ${id}\ntitle: T\nsteps:\n  - { id: a, uses: note, with: { text: x } }\n`

describe('the runbooks of a workspace', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scram-runbooks-'))
    await mkdir(join(folder, 'runbooks'))
    await writeFile(join(folder, 'scram.yaml'), 'scram: 1\n')
    await writeFile(join(folder, 'beside.yaml'), text('beside'))
    await writeFile(join(folder, 'compose.yaml'), 'services: {}\n')
    await writeFile(join(folder, 'runbooks/inside.yaml'), text('inside'))
    await writeFile(join(folder, 'runbooks/inside.test.yaml'), 'scram_test: 1\n')
  })
  afterEach(() => rm(folder, {recursive: true}))

  it('lie beside scram.yaml and in runbooks/, without tests and without other YAML', async () => {
    expect(await findRunbooks(join(folder, 'nowhere'))).toEqual([])
    expect((await shelve(folder)).map(one => `${idOf(one)} ${one.path}`)).toEqual(['beside beside.yaml', 'inside runbooks/inside.yaml'])
  })

  it('open by id, and the nearest is named for one that is not there', async () => {
    expect((await openRunbook(folder, 'inside')).path).toBe('runbooks/inside.yaml')
    await expect(openRunbook(folder, 'insid')).rejects.toMatchObject({code: 'runbook.not-found', hints: ['scram run inside']})
  })

  it('do not open when two have one id; both paths are named', async () => {
    await writeFile(join(folder, 'runbooks/other.yaml'), text('beside'))
    await expect(openRunbook(folder, 'beside')).rejects.toMatchObject({
      code: 'runbook.invalid',
      message: expect.stringContaining('beside.yaml and runbooks/other.yaml'),
    })
  })

  it('are told apart by their text, and where the text does not tell, by the parser', async () => {
    await writeFile(join(folder, 'runbooks/flow.yaml'), '{scram: 1, runbook: flow, title: T, steps: [{id: a, uses: note, with: {text: x}}]}\n')
    expect((await openRunbook(folder, 'flow')).path).toBe('runbooks/flow.yaml')
    await writeFile(join(folder, 'other.yaml'), text('flow'))
    await expect(openRunbook(folder, 'flow')).rejects.toMatchObject({
      code: 'runbook.invalid',
      message: expect.stringContaining('other.yaml and runbooks/flow.yaml'),
    })
  })

  it.each(['"depl\\u006fy"', '"deploy"', "'deploy' # by hand", 'deploy  ', '\n  deploy', 'deploy\r'])('open by an id written as %j', async written => {
    await writeFile(join(folder, 'runbooks/written.yaml'), text(written))
    expect((await openRunbook(folder, 'deploy')).path).toBe('runbooks/written.yaml')
  })

  it('that are not UTF-8 are told with the line of the byte, by whichever way they are opened', async () => {
    const file = join(folder, 'runbooks/latin.yaml')
    await writeFile(file, Buffer.from(text('latin').replace('title: T', 'title: Zürich Bö').replace('text: x', 'text: é'), 'latin1'))
    const said = 'this is not UTF-8 (byte 0xfc); save it as UTF-8'
    const [only] = (await shelve(folder)).flatMap(one => (one.ok ? [] : one.findings))
    expect(only).toEqual({level: 'E', code: 'yaml', file: 'runbooks/latin.yaml', line: 3, column: 9, message: said})
    await expect(openRunbook(folder, 'latin')).rejects.toMatchObject({code: 'runbook.invalid', hints: [`runbooks/latin.yaml:3:9  E yaml  ${said}`]})
    await expect(openRunbookFile(folder, file)).rejects.toMatchObject({
      code: 'file.invalid',
      message: `${file}:3:9: ${said}`,
      hints: [`iconv -f latin1 -t utf-8 ${file}`],
    })
    await writeFile(join(folder, 'caller.yaml'), text('caller').replace('uses: note, with: { text: x }', 'call: latin'))
    await expect(openRunbook(folder, 'caller')).rejects.toMatchObject({hints: [expect.stringContaining(`runbooks/latin.yaml:3: ${said}`)]})
  })

  it.each([
    [[0xff, 0xfe, 0x73, 0x00], '0xff', {line: 1, column: 1}],
    [[0x61, 0x0a, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xe2, 0x82], '0xe2', {line: 2, column: 4}],
    [[0xc3, 0xbc, 0xed, 0xa0, 0x80, 0x0a], '0xed', {line: 1, column: 2}],
  ])('%j: the first byte that is no text is %s', (bytes, byte, place) => {
    expect(() => decodeUtf8(Buffer.from(bytes))).toThrow(expect.objectContaining({place, message: expect.stringContaining(byte)}))
  })

  it('do not keep each other from opening, not even one that cannot be read', async () => {
    await symlink('nowhere', join(folder, 'runbooks/dangling.yaml'))
    await symlink('/dev/null', join(folder, 'device.yaml'))
    expect((await openRunbook(folder, 'inside')).runbook.id).toBe('inside')
    const unreadable = (await shelve(folder)).flatMap(one => (one.ok ? [] : one.findings.map(({file, code, message}) => `${file} ${code}: ${message}`)))
    expect(unreadable).toEqual([
      'device.yaml yaml: the file cannot be read: it is not a plain file',
      'runbooks/dangling.yaml yaml: the file cannot be read (ENOENT)',
    ])
    await expect(openRunbook(folder, 'dangling')).rejects.toMatchObject({code: 'runbook.not-found'})
  })

  it('do not keep each other from opening, not even a broken one', async () => {
    await writeFile(join(folder, 'runbooks/broken.yaml'), 'scram: 1\nrunbook: broken\nsteps: [\n')
    expect((await openRunbook(folder, 'inside')).runbook.id).toBe('inside')
    await expect(openRunbook(folder, 'broken')).rejects.toMatchObject({
      code: 'runbook.invalid',
      hints: [expect.stringMatching(/^runbooks\/broken\.yaml:\d+:\d+ {2}E yaml/)],
    })
  })
})
