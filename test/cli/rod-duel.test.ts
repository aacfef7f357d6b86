import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, jest} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {startUsersPath} from '../servers/users-path.ts'
import {DRIVEN, type DrivenRod, NEEDS, section} from './driven-rods.ts'
import {type Ended, type Machine, machine} from './run-scram.ts'

const ROUNDS = process.env['SCRAM_LONG'] ? 100 : 6
jest.setTimeout(process.env['SCRAM_LONG'] ? 1_800_000 : 240_000)

const env = {ROD_TOKEN: 'canary-4c1b-9f77', PROBE_TOKEN: 'canary-51aa-03de'}

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

interface Event {
  readonly id: string
  readonly kind: string
  readonly data: {readonly why?: string; readonly to?: string; readonly intent?: string; readonly fence?: number; readonly unfenced?: true}
}

const scram = (...args: string[]) => at.run(args, {env})

/** What is printed for each exit code. 75: the other one has the lease; 77: the other one moved it since we looked. */
const SAYS: Readonly<Record<number, RegExp>> = {
  0: /k (?:was )?(?:inserted|at shut|withdrawn)(?: already)?; the probe agrees/,
  1: /JAMMED: it stands where it stood[\s\S]*because/,
  3: /UNVERIFIED: [\s\S]*because/,
  75: /is moving k; nothing was sent/,
  77: /k was moved by someone else: recorded \S+ at \S+, reads \S+ now|moved k meanwhile/,
}

describe.each(['file', 'redis'])('two people who want one rod of %s the other way round', name => {
  const it = requireTool(NEEDS[name] ?? 'sh')

  it(`${ROUNDS} times each: every refusal is said, no event is lost, and the record never claims what is not so`, async () => {
    const rod = (await DRIVEN[name]?.(env.ROD_TOKEN)) as DrivenRod // `name` is one of its keys
    const path = await startUsersPath(rod.effect)
    closing = [path.close, rod.close]
    mkdirSync(at.home, {recursive: true})
    writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', section('k', rod, path.url), ''].join('\n'))

    const ends = new Map<string, Ended>()
    const wrong: object[] = []
    let unclaimed = 0
    for (let round = 1; round <= ROUNDS; round += 1) {
      const press = async (way: 'in' | 'out') => void ends.set(`${way} ${round}`, await scram(way, 'k', '--why', `${way} ${round}`))
      await Promise.all([press('in'), press('out')])
      const {status, verified} = (await at.json(['rod', 'show', 'k'], {env})).value['state'] as {status: string; verified: string}
      const stands = await rod.effect()
      const claims = status === 'inserted' || status === 'withdrawn' || status === 'jammed'
      if (!claims) unclaimed += 1
      else if (verified !== stands) wrong.push({round, status, verified, stands})
    }
    expect(wrong).toEqual([])
    const unsaid = [...ends].filter(([, {code, stdout, stderr}]) => !SAYS[code ?? -1]?.test(stdout + stderr))
    expect(unsaid).toEqual([])

    const events = (await scram('timeline', 'export')).stdout.split('\n').flatMap(line => (line === '' ? [] : (JSON.parse(line) as Event)))
    const intents = events.filter(({kind}) => kind === 'rod.inserting' || kind === 'rod.withdrawing')
    const began = [...ends].filter(([, {code}]) => code === 0 || code === 1 || code === 3).map(([why]) => why)
    expect(intents.map(({data}) => data.why).sort()).toEqual(began.sort())
    const outcomes = intents.map(({id}) => events.filter(({data}) => data.intent === id).length)
    expect(outcomes).toEqual(intents.map(() => 1))
    const fences = intents.flatMap(({data}) => data.fence ?? [])
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b))
    expect((await scram('timeline', 'verify')).code).toBe(0)

    const counted = Map.groupBy(ends.values(), ({code}) => code)
    const unfenced = intents.filter(({data}) => data.unfenced).length
    process.stdout.write(
      `${name}: ${[...counted].map(([code, {length}]) => `${length} x exit ${code}`).join(', ')}; ${unfenced} unfenced; ${unclaimed} of ${ROUNDS} rounds ended with no claim\n`,
    )
  })
})
