import {globSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it, jest} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {startUsersPath} from '../servers/users-path.ts'
import {DRIVEN, type DrivenRod, NEEDS, section} from './driven-rods.ts'
import {type Machine, machine} from './run-scram.ts'

/** It starts the program some forty times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

const NAMES = Object.keys(DRIVEN).filter(name => requireTool(NEEDS[name] ?? 'sh') === it)
/** With characters that percent-encoding, base64 and JSON each write in their own way. */
const env = {ROD_TOKEN: 'rod/Canary+4c1b-9f77==', PROBE_TOKEN: 'probe/Canary+51aa-03de', GUARD_TOKEN: 'guard/Canary+77b0-2ec4'}

let at: Machine
let rods: ReadonlyMap<string, DrivenRod> = new Map()
let closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  at = machine()
  rods = new Map(await Promise.all(NAMES.map(async name => [name, await DRIVEN[name]?.(env.ROD_TOKEN)] as [string, DrivenRod])))
  const paths = await Promise.all([...rods.values()].map(({effect}) => startUsersPath(effect)))
  const guard = await startTalkative()
  const sections = [...rods].map(([name, rod], i) => {
    const url = paths[i]?.url ?? ''
    const reading = `{http: {url: "${guard.url}", headers: {authorization: "Bearer env:GUARD_TOKEN"}, json: $.q}, advance: {lte: 1}}`
    return section(name, rod, url).replace('cooldown: 0s,', `cooldown: 0s, withdraw: {dwell: 1s, guard: ${reading}},`)
  })
  said = []
  closing = [...[...rods.values(), ...paths].map(({close}) => close), guard.close]
  mkdirSync(at.home, {recursive: true})
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', ...sections, ''].join('\n'))
})
afterEach(async () => {
  await at.remove()
  await Promise.all(closing.map(close => close()))
})

/** A guard whose reading is the credential it was given. */
async function startTalkative(): Promise<{url: string; close: () => Promise<unknown>}> {
  const server: Server = createServer(({headers}, response) => response.end(JSON.stringify({q: headers.authorization ?? ''})))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: async () => server.close().closeAllConnections()}
}

/** A secret as it is, percent-encoded, in hex, and in base64 at each of the three offsets it can begin at. */
const FORMS = Object.values(env).flatMap(secret => {
  const inside = [0, 1, 2].map(offset => {
    const text = Buffer.from('x'.repeat(offset) + secret).toString('base64').replace(/=+$/, '') // biome-ignore format: one line
    return text.slice(offset === 0 ? 0 : 4, -2)
  })
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...inside]
})

let said: string[] = []
async function scram(...args: string[]): Promise<{code: number | null; text: string}> {
  const {code, stdout, stderr} = await at.run(args, {env})
  said.push(`$ scram ${args.join(' ')}\n${stdout}${stderr}`)
  return {code, text: stdout + stderr}
}
/** One after the other: eight programs starting at once on a busy machine are late for the timeouts of their own reads. */
async function ofEach<T>(work: (name: string, rod: DrivenRod) => Promise<T>): Promise<Record<string, T>> {
  const done: Record<string, T> = {}
  for (const [name, rod] of rods) done[name] = await work(name, rod)
  return done
}
const all = <T>(value: T) => Object.fromEntries(NAMES.map(name => [name, value]))
const writes = () => ofEach((_, rod) => rod.writes())

/** Of what was printed and what lies on the disk, the lines that hold a secret in any of its forms. */
function hits(): readonly string[] {
  const kept = globSync('record/**/*', {cwd: at.home}).map(name => join(at.home, name)).filter(file => statSync(file).isFile()) // biome-ignore format: one line
  const lines = [...said.flatMap(text => text.split('\n')), ...kept.flatMap(file => `${file}: ${readFileSync(file, 'latin1')}`)]
  return lines.filter(line => FORMS.some(form => line.includes(form))).map(line => line.slice(0, 300))
}

it('a dry run of any driver sends nothing that moves, records nothing, and shows secrets by their reference', async () => {
  const [ins, outs] = [await ofEach(name => scram('in', name, '--why', 'x', '--dry-run')), await ofEach(name => scram('out', name, '--dry-run', '--json'))]
  expect(await ofEach(async name => [ins[name]?.code, outs[name]?.code])).toEqual(all([0, 0]))
  // How the file driver and HAProxy are reached has no credential in it.
  expect(NAMES.filter(name => ins[name]?.text.includes('env:ROD_TOKEN'))).toEqual(NAMES.filter(name => rods.get(name)?.refuse))
  await scram('rod', 'test', '--all')
  expect([await writes(), (await scram('timeline', 'export')).text]).toEqual([all(0), ''])
  expect(hits()).toEqual([])
})

it('no secret of a driver, a probe or a guard is printed or kept, though every server repeats it, as it is and in base64', async () => {
  expect(await ofEach(async name => (await scram('in', name, '--why', 'contain')).code)).toEqual(all(0))
  await scram('rod', 'test', 'http')
  await ofEach(async (_, rod) => rod.refuse?.())
  const refused = NAMES.filter(name => rods.get(name)?.refuse)
  const codes = await ofEach(name => scram('out', name, '--at-once', '--why', 'over'))
  expect(refused.map(name => [name, codes[name]?.code])).toEqual(refused.map(name => [name, 1]))
  await Promise.all(
    [['rod', 'test', '--all'], ['rod', 'list', '--json'], ['rod', 'verify', 'http'], ['doctor'], ['timeline', 'export'], []].map(args => scram(...args)),
  )
  expect(hits()).toEqual([])
  expect(said.join('\n')).toContain('[redacted:secret]') // or no server repeated anything
})
