import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {access, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {ask} from '../../src/drill/ask.ts'
import {askController} from '../../src/drill/ask-controller.ts'
import {identify} from '../../src/drill/process-identity.ts'
import {systemClock} from '../../src/lib/clock.ts'

const main = fileURLToPath(new URL('controller-main.ts', import.meta.url))
const hands = {clock: systemClock, signal: new AbortController().signal}

let folder = ''
let first: ChildProcess | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scram-drill-'))
})
afterEach(async () => {
  first?.kill('SIGKILL')
  first = undefined
  await rm(folder, {recursive: true, force: true})
})

async function up(): Promise<ChildProcess> {
  first = spawn(process.execPath, [main, folder], {stdio: ['ignore', 'pipe', 'inherit']})
  await once(first.stdout as NonNullable<ChildProcess['stdout']>, 'data')
  return first
}
const drillFile = async () => JSON.parse(await readFile(join(folder, 'drill.json'), 'utf8'))
const isThere = () =>
  access(join(folder, 'drill.json')).then(
    () => true,
    () => false,
  )

describe('a drill, from the second terminal', () => {
  it('does what it is asked and says what came of it', async () => {
    await up()
    expect(await askController(folder, 'break', hands)).toEqual({asked: ['break']})
    expect(await askController(folder, 'patch', hands)).toEqual({asked: ['break', 'patch']})
    expect(await askController(folder, 'report', hands)).toEqual({asked: ['break', 'patch', 'report']})
  })

  it('is only asked by who can read its file', async () => {
    await up()
    const {port} = await drillFile()
    expect((await stat(join(folder, 'drill.json'))).mode & 0o777).toBe(0o600)
    for (const headers of [{}, {authorization: 'Bearer wrong'}]) {
      expect((await ask(`http://127.0.0.1:${port}/break`, {method: 'POST', headers, timeoutMs: 2000})).status).toBe(401)
    }
    expect(await askController(folder, 'report', hands)).toEqual({asked: ['report']})
  })

  it('goes down in order, and its file with it', async () => {
    const child = await up()
    expect(await askController(folder, 'down', hands)).toEqual({wasRunning: true})
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0)
    expect(await isThere()).toBe(false)
  })

  it('is ended by pid when it was stopped and cannot answer', async () => {
    const child = await up()
    child.kill('SIGSTOP')
    // The request would hang until its limit; a port nobody listens on stands for that, so that the test is quick.
    await writeFile(join(folder, 'drill.json'), JSON.stringify({...(await drillFile()), port: 1}))
    expect(await askController(folder, 'down', hands)).toEqual({wasRunning: true})
    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL')
  })

  it('is known to have ended when its process was killed', async () => {
    const child = await up()
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expect(askController(folder, 'break', hands)).rejects.toMatchObject({code: 'file.not-found', message: expect.stringContaining('has ended')})
    expect(await isThere()).toBe(false)
    await expect(askController(folder, 'down', hands)).rejects.toMatchObject({code: 'file.not-found', hints: ['scram drill up']})
  })

  it('never signals a process that only inherited the number', async () => {
    await writeFile(join(folder, 'drill.json'), JSON.stringify({port: 1, token: 't', ...identify(process.pid), startTicks: 1}))
    expect(await askController(folder, 'down', hands)).toEqual({wasRunning: false})
  })

  it.each(['{}', 'no json', '{"port":1,"token":"t","pid":0,"startTicks":null}'])('refuses %s as its file', async text => {
    await writeFile(join(folder, 'drill.json'), text)
    await expect(askController(folder, 'down', hands)).rejects.toMatchObject({code: 'file.invalid'})
  })
})
