import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {createServer, type Server, type Socket} from 'node:net'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {type Switches, startSwitches, switchRod} from '../servers/switches.ts'
import {type Machine, machine} from './run-scram.ts'

/** Each starts the program several times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

let switches: Switches
let at: Machine
/** Takes every connection and never says a word. */
let silent: Server
let callers: Socket[] = []
beforeAll(async () => {
  switches = await startSwitches()
  silent = createServer(socket => void callers.push(socket.on('error', () => socket.destroy())))
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
})
afterAll(() => Promise.all([switches.close(), new Promise(resolve => silent.close(resolve))]))
beforeEach(() => {
  at = machine()
})
afterEach(async () => {
  await at.remove()
  for (const socket of callers) socket.destroy()
  callers = []
})

const silentUrl = () => `http://127.0.0.1:${(silent.address() as {port: number}).port}`
const good = (id: string) => switchRod(switches.url, id)
/** Its control side and its users' path take the call and say nothing. */
const dead = (id: string) => switchRod(silentUrl(), id)
/** Its credential comes from a vault that hangs, and leaves a mark when it is asked. */
const vaulted = (id: string) => {
  const vault = `exec:[sh, -c, 'touch ${join(at.home, 'vault-asked')}; sleep 60']`
  return [
    `  ${id}:`,
    '    {title: T, what: W, spares: S, driver: heroku-maintenance, probe: none, because: none,',
    `     with: {app: api-prod, token: "${vault}"}}`,
  ].join('\n')
}
const keyless = (id: string) => good(id).replace('json: {position', 'headers: {authorization: "Bearer env:NO_SUCH_TOKEN"}, json: {position')

function workspace(rods: readonly string[], more: readonly string[] = []): void {
  mkdirSync(at.home, {recursive: true})
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', ...rods, ...more, ''].join('\n'))
}

describe('a rod', () => {
  it('moves, is asked about and listed while every other rod, its secret and the page are dead, and nobody calls them', async () => {
    writeFileSync(join(at.home, 'www'), 'a file where the folder of the page should be')
    const page = ['page: {name: Example, url: "https://status.invalid"}', 'targets: [{id: disk, kind: directory, path: www, url: "https://status.invalid"}]']
    workspace([dead('s1'), vaulted('s2'), keyless('s3'), good('alone')], page)
    expect((await at.run(['open', 'HTTP errors', '-s', 'sev1', '-m', 'We look into it'])).code).toBe(3) // the page is not out, and it says so
    for (const args of [['in', 'alone', '--why', 'contain'], ['rod', 'verify', 'alone'], ['rod', 'show', 'alone'], ['rod', 'list'], [], ['out', 'alone']])
      expect([args, (await at.run(args)).code]).toEqual([args, 0])
    expect(switches.of('alone').calls.map(({position}) => position)).toEqual(['inserted', 'withdrawn'])
    expect([callers.length, existsSync(join(at.home, 'vault-asked'))]).toEqual([0, false])
  })

  it('of a bank does not wait for the one whose side is silent, nor fall with the one whose secret is missing', async () => {
    workspace(
      [dead('s1').replace('timeout: 2s', 'timeout: 60s'), keyless('s3'), good('b1'), good('b2')],
      ['banks: {all: {title: All, waves: [[s1, s3, b1], [b2]]}}'],
    )
    let said = ''
    let pid = 0
    const going = at.run(['trip', 'all', '--why', 'contain', '--yes'], {started: started => (pid = started), heard: text => (said += text)})
    while (!said.includes('b1 (wave 1)')) await new Promise(resolve => setTimeout(resolve, 20))
    expect(said).not.toContain('s1 (wave 1)')
    process.kill(pid, 'SIGINT')
    const {code, stdout} = await going
    expect(code).toBe(130)
    expect(stdout).toMatch(/s1 \(wave 1\) {2}UNKNOWN: interrupted while s1 was moving/)
    expect(stdout).toMatch(/s3 \(wave 1\) {2}REFUSED: .*NO_SUCH_TOKEN/)
    expect(stdout).toMatch(/b1 \(wave 1\) {2}inserted after \d+ ms; the probe agrees/)
  })
})

describe('two hundred rods', () => {
  it('are listed, and any one of them moves alone or in a bank, without a call for another', async () => {
    const many = Array.from({length: 198}, (_, i) => (i % 3 === 0 ? dead : i % 3 === 1 ? vaulted : keyless)(`m${i}`))
    workspace([...many.slice(0, 99), good('h1'), good('h2'), ...many.slice(99)], ['banks: {two: {title: Two, waves: [[h1, h2]]}}'])
    const {rods} = (await at.json(['rod', 'list'])).value as {rods: readonly {problem: string | null}[]}
    expect([rods.length, rods.filter(({problem}) => problem !== null)]).toEqual([200, []])
    expect((await at.run(['in', 'h1', '--why', 'contain'])).code).toBe(0)
    expect((await at.run(['trip', 'two', '--why', 'contain', '--yes'])).code).toBe(0)
    expect([callers.length, existsSync(join(at.home, 'vault-asked'))]).toEqual([0, false])
  })
})
