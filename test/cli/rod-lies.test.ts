import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {startUsersPath, type UsersPath} from '../servers/users-path.ts'
import {DRIVEN, type DrivenRod, type Lie, NEEDS, section} from './driven-rods.ts'
import {type Machine, machine} from './run-scram.ts'

/** They start the program many times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

/** No file on this machine can acknowledge what it does not do. */
const LIARS = Object.keys(DRIVEN).filter(name => name !== 'file' && requireTool(NEEDS[name] ?? 'sh') === it)
const LIES: readonly Lie[] = ['acknowledges only', 'and reads as if it had']
const env = {ROD_TOKEN: 'canary-4c1b-9f77', PROBE_TOKEN: 'canary-51aa-03de'}

let at: Machine
let rods: ReadonlyMap<string, DrivenRod> = new Map()
let paths: readonly UsersPath[] = []
/** A rod of each driver in one workspace: their seconds of patience pass at the same time. */
beforeEach(async () => {
  at = machine()
  rods = new Map(await Promise.all(LIARS.map(async name => [name, await DRIVEN[name]?.(env.ROD_TOKEN)] as [string, DrivenRod])))
  const sections: string[] = []
  paths = await Promise.all([...rods.values()].map(({effect}) => startUsersPath(effect)))
  for (const [i, [name, rod]] of [...rods].entries()) sections.push(section(name, rod, paths[i]?.url ?? '', '{timeout: 2s, every: 20ms, consecutive: 2}'))
  mkdirSync(at.home, {recursive: true})
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', ...sections, `banks: {all: {title: All, waves: [[${LIARS}]]}}`, ''].join('\n'))
})
afterEach(async () => {
  await at.remove()
  await Promise.all([...paths, ...rods.values()].map(one => one.close()))
})

const scram = (...args: string[]) => at.run(args, {env})
const ofEach = async <T>(work: (name: string, rod: DrivenRod) => Promise<T>): Promise<Record<string, T>> =>
  Object.fromEntries(await Promise.all([...rods].map(async ([name, rod]) => [name, await work(name, rod)] as const)))
const all = <T>(value: T) => Object.fromEntries(LIARS.map(name => [name, value]))
/** Everything else a person or a script can read about them. */
const views = async () => {
  const ends = await Promise.all(
    [['rod', 'list'], ['rod', 'list', '--json'], ['rod', 'history', LIARS[0] ?? ''], [], ['timeline', 'export']].map(args => scram(...args)),
  )
  return ends.map(({stdout, stderr}) => stdout + stderr).join('\n')
}

describe('a control side that lies, of every driver', () => {
  it.each(LIES)('(it %s): unverified, exit 3, and nothing anywhere says "inserted"', async how => {
    await ofEach((_, rod) => rod.lie(how))
    const ends = await ofEach(name => scram('in', name, '--why', 'contain'))
    expect(await ofEach(async (name, rod) => [ends[name]?.code, await rod.writes(), await rod.effect()])).toEqual(all([3, 1, 'withdrawn']))
    for (const name of LIARS) expect(ends[name]?.stdout).toContain(`${name} UNVERIFIED: sent, but nothing on the users' path shows it`)
    const trip = await scram('trip', 'all', '--why', 'contain', '--yes', '--json')
    const verified = await ofEach(name => scram('rod', 'verify', name))
    expect(trip.code).toBe(3)
    for (const name of LIARS) expect([1, 3]).toContain(verified[name]?.code)
    const said = [...Object.values(ends), ...Object.values(verified), trip].map(({stdout, stderr}) => stdout + stderr).join('\n') + (await views())
    expect(said.split('\n').filter(line => /\binserted\b/i.test(line))).toEqual([])
    const recorded = JSON.parse(`[${(await scram('timeline', 'export')).stdout.trim().replaceAll('\n', ',')}]`) as readonly {
      kind: string
      data: {rod: string}
    }[]
    const outcomes = (name: string) => recorded.filter(({kind, data}) => data.rod === name && kind !== 'rod.inserting').map(({kind}) => kind)
    for (const name of LIARS) expect([name, outcomes(name).slice(0, 2)]).toEqual([name, ['rod.unverified', 'rod.unverified']]) // in, trip; then verify
  })

  it('about a withdrawal, and reads as if it had: unverified, and the rod counts as in', async () => {
    expect(await ofEach(async name => (await scram('in', name, '--why', 'contain')).code)).toEqual(all(0))
    await ofEach((_, rod) => rod.lie('and reads as if it had'))
    const ends = await ofEach(name => scram('out', name))
    expect(await ofEach(async (name, rod) => [ends[name]?.code, await rod.effect()])).toEqual(all([3, 'shut']))
    const said = Object.values(ends).map(({stdout, stderr}) => stdout + stderr).join('\n') + (await views()) // biome-ignore format: one line
    expect(said.split('\n').filter(line => /rod\.withdrawn|withdrawn since|withdrawn; the probe agrees/.test(line))).toEqual([])
    for (const name of LIARS) expect([name, new RegExp(`\\b${name} UNVERIFIED, want withdrawn`).test(said)]).toEqual([name, true])
  })
})
