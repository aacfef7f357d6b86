import {chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {inspect} from 'node:util'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {Fault} from '../../src/lib/fault.ts'
import {makeRedactor} from '../../src/lib/redact.ts'
import {Secret} from '../../src/lib/secret.ts'
import {makeSecrets} from '../../src/lib/secrets.ts'

const CANARY = 'canary-value-1'
let folder: string
let known: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  known = []
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const secrets = (env: Record<string, string> = {}) => makeSecrets({env: {PATH: process.env['PATH'], ...env}, folder, know: value => known.push(value)})

function file(text: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, 'key')
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

async function refusal(reference: string, env: Record<string, string> = {}): Promise<Fault> {
  const fault = await secrets(env)
    .get(reference)
    .catch((error: unknown) => error)
  if (!(fault instanceof Fault)) throw new Error('it was resolved')
  expect(inspect(fault, {depth: 5})).not.toContain(CANARY)
  return fault
}

describe('a secret by reference', () => {
  it('comes from the environment, a file or a command, without its last newline, and the redactor knows it first', async () => {
    const path = file(`${CANARY}\n`)
    expect((await secrets({TOKEN: CANARY}).get('env:TOKEN')).reveal()).toBe(CANARY)
    expect((await secrets().get(`file:${path}`)).reveal()).toBe(CANARY)
    expect((await secrets().get(`exec:["cat", "${path}"]`)).reveal()).toBe(CANARY)
    expect(known).toEqual([CANARY, CANARY, CANARY])
    const redactor = makeRedactor()
    await makeSecrets({env: {TOKEN: CANARY}, folder, know: redactor.know}).get('env:TOKEN')
    expect(redactor.redact(`it said ${CANARY}`)).toBe('it said [redacted:secret]')
  })

  it('is asked for once, however often it is used', async () => {
    writeFileSync(join(folder, 'count.sh'), '#!/bin/sh\necho x >> count\nwc -l < count\n', {mode: 0o700})
    const same = secrets()
    const [first, second] = await Promise.all([same.get('exec:["./count.sh"]'), same.get('exec:["./count.sh"]')])
    expect([first.reveal(), second.reveal(), (await same.get('exec:["./count.sh"]')).reveal()]).toEqual(['1', '1', '1'])
  })

  it.each([
    ['env:TOKEN', 'the secret env:TOKEN is missing: $TOKEN is not set'],
    ['file:/no/such/file', 'the secret file:/no/such/file cannot be used: it is not there'],
    ['exec:["no-such-program-here"]', 'the secret command no-such-program-here cannot be run (ENOENT)'],
    [`exec:["sh", "-c", "echo ${CANARY} >&2; exit 4"]`, 'the secret command sh ended with 4'],
    ['exec:["head", "-c", "100000", "/dev/zero"]', 'the secret command head said more than 64 KiB'],
    ['exec:["true"]', 'the secret exec:["true"] is empty'],
  ])('%s that cannot be had is secret.missing', async (reference, message) => {
    const fault = await refusal(reference)
    expect([fault.code, fault.message]).toEqual(['secret.missing', message])
  })

  it('gives a command no more of the environment than it needs', async () => {
    await refusal('exec:["sh", "-c", "test -n \\"$OTHER_TOKEN\\""]', {OTHER_TOKEN: CANARY})
  })

  it('in a file that others may read is refused, with the cure', async () => {
    const path = file(CANARY, 0o640)
    const {code, message, hints} = await refusal(`file:${path}`)
    expect([code, message, hints]).toEqual(['secret.missing', `the secret file:${path} cannot be used: others may read it`, [`chmod 600 ${path}`]])
  })

  it('behind a link, in a folder, too long or not text is refused', async () => {
    symlinkSync(file(CANARY), join(folder, 'link'))
    expect((await refusal(`file:${folder}/link`)).message).toContain('it is a link')
    expect((await refusal(`file:${folder}`)).message).toContain('not a plain file')
    expect((await refusal(`file:${file('x'.repeat(65_537))}`)).message).toContain('longer than 65536')
    expect((await refusal(`file:${file(Uint8Array.of(0xff, 0xfe))}`)).message).toContain('not UTF-8')
  })

  it.each([CANARY, `env:${CANARY} `, 'file:relative', 'exec:ls -l', 'exec:[]', 'exec:[1]', ''])('that is none (%s) is config.invalid', async reference => {
    const fault = await makeSecrets({env: {}, folder, know: () => undefined})
      .get(reference)
      .catch((error: unknown) => error)
    expect(fault).toMatchObject({code: 'config.invalid'})
  })

  it('written where a reference belongs is not repeated', async () => {
    expect((await refusal(CANARY)).message).toBe('a secret is named by reference: env:NAME, file:/path or exec:["program", "argument"]')
  })
})

describe('Secret', () => {
  it('prints itself nowhere', () => {
    const secret = new Secret(CANARY)
    const shown = [String(secret), `${secret}`, JSON.stringify({secret}), inspect(secret), inspect({deep: {secret}}, {showHidden: true})]
    expect(shown.join('\n')).not.toContain(CANARY)
    expect(secret.reveal()).toBe(CANARY)
  })
})
