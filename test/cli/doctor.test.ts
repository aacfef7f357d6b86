import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Machine, machine} from './run-scram.ts'

describe('scram doctor --recover', () => {
  let person: Machine
  let env: {XDG_RUNTIME_DIR: string}
  const record = () => join(person.home, 'record')

  beforeEach(() => {
    person = machine()
    env = {XDG_RUNTIME_DIR: join(person.home, 'runtime')}
    mkdirSync(env.XDG_RUNTIME_DIR, {mode: 0o700})
  })
  afterEach(() => person.remove())

  it('takes in what was recorded while the record could not be written, once', async () => {
    writeFileSync(record(), 'a file where the folder belongs')
    const opened = await person.run(['open', 'no disk'], {env})
    expect([opened.code, opened.stderr]).toEqual([73, expect.stringContaining('scram doctor --recover')])
    rmSync(record())

    expect(await person.json(['doctor', '--recover'], {env})).toMatchObject({code: 0, value: {salvaged: null, imported: 2, refused: []}}) // the opening, and the page that could not be written
    expect(await person.json(['doctor', '--recover'], {env})).toMatchObject({code: 0, value: {imported: 0}})
    expect((await person.run(['timeline'], {env})).stdout).toContain('no disk')
  })

  it('keeps the damaged file, and every command says that it is damaged, also one that is refused', async () => {
    await person.run(['open', 'before the damage'], {env})
    const file = join(record(), 'journal.db')
    const bytes = readFileSync(file)
    bytes.write('garbagegarbage', 100)
    writeFileSync(file, bytes)
    const refused = await person.run(['note', 'x'], {env})
    expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringContaining('scram doctor --recover')])

    const {code, value} = await person.json(['doctor', '--recover'], {env})
    expect([code, value]).toEqual([1, expect.objectContaining({salvaged: expect.objectContaining({quarantine: expect.stringContaining('quarantine')})})])
    // The page still shows what was lost: it is not replaced by one that knows less until a person says so.
    const opened = await person.run(['open', 'after it'], {env})
    expect([opened.code, opened.stderr]).toEqual([3, expect.stringContaining('which holds what this one does not')])
    await person.run([], {env, shell: opened.stderr.split('\n').find(line => line.trim().startsWith('mv ')) ?? 'false'})
    expect((await person.run(['outbox', 'retry'], {env})).code).toBe(0)
    expect((await person.run(['timeline', 'verify'], {env})).code).toBe(0)
  })

  it('is not the same as --new-epoch', async () => {
    await person.run(['open', 'restored from a backup'], {env})
    expect(await person.json(['doctor', '--new-epoch'], {env})).toMatchObject({code: 0, value: {epoch: 2}})
    expect((await person.run(['doctor', '--recover', '--new-epoch'], {env})).code).toBe(64)
  })
})
