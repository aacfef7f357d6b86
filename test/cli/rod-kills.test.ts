import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {afterEach, beforeEach, describe, expect, jest} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {startUsersPath, type UsersPath} from '../servers/users-path.ts'
import {DRIVEN, type DrivenRod, NEEDS, section} from './driven-rods.ts'
import {type Machine, machine} from './run-scram.ts'

/** Each starts the program several times, on a machine that may be busy with others. */
jest.setTimeout(120_000)

const env = {ROD_TOKEN: 'canary-4c1b-9f77', PROBE_TOKEN: 'canary-51aa-03de'}
const AGREEING_LOOKS = 2

let at: Machine
let closing: (() => Promise<void>)[] = []
beforeEach(() => {
  at = machine()
})
afterEach(async () => {
  await at.remove()
  await Promise.all(closing.map(close => close()))
  closing = []
})

const scram = (...args: string[]) => at.run(args, {env})
const kinds = async () => {
  const {stdout} = await scram('timeline', 'export')
  return stdout.split('\n').flatMap(line => (line === '' ? [] : (JSON.parse(line) as {kind: string}).kind))
}
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Read back, and the first look is on its way. */
async function afterReadBack(path: UsersPath, isSent: () => Promise<boolean>, kill: () => Promise<unknown>): Promise<void> {
  await path.hold(isSent)
  await kill()
  path.release()
}

/** All looks agreed; what is missing is the outcome, which somebody who holds the journal keeps out. */
async function afterProbe(path: UsersPath, isSent: () => Promise<boolean>, kill: () => Promise<unknown>): Promise<void> {
  await path.hold(isSent)
  const before = path.looks()
  const other = new DatabaseSync(join(at.home, 'record/journal.db'), {timeout: 5000})
  other.exec('begin immediate')
  path.release()
  while (path.looks() < before + AGREEING_LOOKS) await sleep(20)
  await sleep(300)
  await kill()
  other.exec('rollback')
  other.close()
}

const MOMENTS = [
  ['in', 'the read-back', afterReadBack],
  ['in', 'the probe', afterProbe],
  ...(process.env['SCRAM_LONG'] ? [['out', 'the read-back', afterReadBack] as const, ['out', 'the probe', afterProbe] as const] : []),
] as const

describe.each(['http', 'command', 'file', 'haproxy', 'redis'])('a move of %s that is killed', name => {
  const it = requireTool(NEEDS[name] ?? 'sh')

  it.each(MOMENTS)('on its way %s, after %s: unknown, settled by asking, and nothing is done twice', async (way, _, killed) => {
    const rod = (await DRIVEN[name]?.(env.ROD_TOKEN)) as DrivenRod // `name` is one of its keys
    const path = await startUsersPath(rod.effect)
    closing = [path.close, rod.close]
    mkdirSync(at.home, {recursive: true})
    writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', section('k', rod, path.url), ''].join('\n'))
    if (way === 'out') expect((await scram('in', 'k', '--why', 'contain')).code).toBe(0)
    const [sent, recorded] = [await rod.writes(), await kinds()]
    const wanted = way === 'in' ? 'shut' : 'withdrawn'

    let pid = 0
    const going = at.run([way, 'k', '--why', 'contain'], {env, started: started => (pid = started)})
    await killed(
      path,
      async () => (await rod.writes()) > sent,
      () => {
        process.kill(pid, 'SIGKILL')
        return going
      },
    )
    expect((await going).signal).toBe('SIGKILL')
    const intent = way === 'in' ? 'rod.inserting' : 'rod.withdrawing'
    expect([await kinds(), await rod.effect()]).toEqual([[...recorded, intent], wanted])
    expect((await scram()).stdout).toContain(`k UNKNOWN: ${way === 'in' ? 'inserting' : 'withdrawing'} began`)

    expect((await scram('rod', 'verify', 'k')).code).toBe(0)
    const settled = way === 'in' ? 'rod.inserted' : 'rod.withdrawn'
    expect([await kinds(), await rod.effect()]).toEqual([[...recorded, intent, settled], wanted])
    const again = await at.json([way, 'k', '--why', 'contain'], {env})
    expect([again.code, again.value['kind'], (again.value['data'] as {already?: true}).already]).toEqual([0, settled, true])
    expect(await rod.writes()).toBe(sent + 1)
  })
})
