import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {textSum} from '../../src/lib/text-sum.ts'
import {type Machine, machine} from './run-scram.ts'

/** Each starts the program several times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

const ROD = 'title: Lock it\n    what: W\n    spares: S\n    driver: command\n    with: {insert: ["true"]}\n    probe: none\n    because: B'
const RUNBOOK = 'scram: 1\nrunbook: say\ntitle: Say it\nsteps:\n  - {id: note, uses: note, with: {text: Said.}}\n'

let at: Machine
let cache: string
beforeEach(() => {
  at = machine()
  cache = join(at.home, 'cache')
  mkdirSync(cache)
  writeFileSync(join(at.home, 'scram.yaml'), `scram: 1\nrods:\n  lock:\n    ${ROD}\n`)
  writeFileSync(join(at.home, 'say.yaml'), RUNBOOK)
})
afterEach(() => at.remove())

const run = async (...args: readonly string[]) => {
  const {code, stdout, stderr} = await at.run(args, {env: {XDG_CACHE_HOME: cache}})
  return {code, said: stdout + stderr}
}
const files = () => readdirSync(join(cache, 'scram/memos')).map(name => join(cache, 'scram/memos', name))

/** As the program itself would have kept it. */
function rewrite(file: string, before: string, after: string): void {
  const text = readFileSync(file, 'utf8')
  const value = text.slice(text.indexOf('"value":')).replace(before, after)
  const body = text.slice(text.indexOf('\n') + 1, text.indexOf('"value":')) + value
  writeFileSync(file, `${textSum(body).toString(16)}\n${body}`)
}

describe('what one process worked out', () => {
  it('is what the next one goes by, as long as the texts stand', async () => {
    expect((await run('rod', 'list')).said).toContain('Lock it')
    const [file = ''] = files()
    rewrite(file, 'Lock it', 'Recalled')
    expect((await run('rod', 'list')).said).toContain('Recalled')
    writeFileSync(join(at.home, 'scram.yaml'), `scram: 1\nrods:\n  lock:\n    ${ROD.replace('Lock it', 'Written')}\n`)
    expect((await run('rod', 'list')).said).toContain('Written')
  })

  it('of a runbook, too: a run and a check go by it, and by the file again when that has changed', async () => {
    await run('open', 'It fails', '-s', 'sev3', '-m', 'We look into it.')
    expect(await run('run', 'say', '--check')).toMatchObject({code: 0})
    const file = files().find(each => readFileSync(each, 'utf8').includes('"runbook ')) ?? ''
    rewrite(file, 'Said.', 'Recalled.')
    expect((await run('run', 'say', '--check')).said).toContain('Recalled.')
    writeFileSync(join(at.home, 'say.yaml'), RUNBOOK.replace('Said.', 'Written.'))
    expect((await run('run', 'say')).code).toBe(0)
    expect((await run('timeline')).said).toContain('Written.')
  })

  it.each([
    ['cut off', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 90))],
    ['somebody else may write it', (file: string) => chmodSync(file, 0o666)],
    ['no JSON', (file: string) => writeFileSync(file, `${textSum('{').toString(16)}\n{`)],
  ])('is not believed when it is %s', async (_how, spoil) => {
    await run('rod', 'list')
    const [file = ''] = files()
    rewrite(file, 'Lock it', 'Recalled')
    spoil(file)
    expect((await run('rod', 'list')).said).toContain('Lock it')
  })

  it('is not missed where nothing can be kept', async () => {
    writeFileSync(join(cache, 'scram'), '')
    for (let i = 0; i < 2; i++) expect(await run('rod', 'list')).toMatchObject({code: 0, said: expect.stringContaining('Lock it')})
    expect(existsSync(join(cache, 'scram/memos'))).toBe(false)
  })
})
