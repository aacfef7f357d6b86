import {describe, expect, it} from '@jest/globals'
import {insertRod} from '../../src/actions/insert-rod.ts'
import {type Noticed, watchRods} from '../../src/actions/watch-rods.ts'
import type {Rod} from '../../src/rods/rod.ts'
import {type MemoryWorld, memoryDriver, memoryWorld} from '../rods/memory-driver.ts'
import {testRod} from '../rods/test-rod.ts'
import {SimulatedClock} from '../runbook/simulated-clock.ts'
import {memoryDesk} from './memory-desk.ts'

const positions = ['withdrawn', 'inserted']
const signal = () => AbortSignal.timeout(20_000)

interface Seen extends Rod {
  readonly looks: () => number
}

/** A rod whose probe sees what its one target stands at, and whose target answers as `instance()`. */
function seenRod(world: MemoryWorld, instance?: () => string): Seen {
  const driver = memoryDriver(world, positions)
  let looks = 0
  const probe = {
    name: 'path',
    reaches: [],
    maskedBy: [],
    look: async () => {
      looks++
      const position = world.position.get('') ?? 'unknown'
      return {position, fits: [position], evidence: `sees ${position}`}
    },
  }
  const telling = {
    ...driver,
    read: async (call: Parameters<typeof driver.read>[0]) => ({...(await driver.read(call)), ...(instance && {instance: instance()})}),
  }
  return {...testRod({driver: telling, probes: [probe], positions}), looks: () => looks}
}

/** Watches until it has looked so often; answers with what was noticed, without the looks. */
async function watched(
  desk: ReturnType<typeof memoryDesk>,
  looks: number,
  after?: (look: number) => void,
): Promise<readonly Exclude<Noticed, {what: 'looked'}>[]> {
  const over = new AbortController()
  const noticed: Exclude<Noticed, {what: 'looked'}>[] = []
  let looked = 0
  const tell = (news: Noticed) => {
    if (news.what !== 'looked') return void noticed.push(news)
    looked++
    after?.(looked)
    if (looked >= looks) over.abort(new Error('enough'))
  }
  await watchRods(desk, {everyMs: 15_000, once: false, tell}, over.signal).catch(error => {
    if (!over.signal.aborted) throw error
  })
  return noticed
}

const recorded = (noticed: readonly Noticed[]) => noticed.flatMap(news => (news.what === 'recorded' ? [[news.event.kind, news.event.data]] : []))

describe('a target that answers as another process', () => {
  it('is asked again at once: what the restart lost is told by the same look', async () => {
    const world = memoryWorld()
    let pid = '7'
    const rod = seenRod(world, () => pid)
    const desk = memoryDesk([rod], new SimulatedClock())
    await insertRod(desk, {rod: rod.id, why: 'contain'}, signal())
    pid = '8'
    world.position.set('', 'withdrawn')
    const before = rod.looks()
    expect(recorded(await watched(desk, 1))).toEqual([['rod.drifted', expect.objectContaining({seen: 'withdrawn', by: 'probe', version: '8'})]])
    expect(rod.looks() - before).toBe(2)
  })

  it('and still stands right is told once, as that', async () => {
    let pid = '7'
    const rod = seenRod(memoryWorld(), () => pid)
    const desk = memoryDesk([rod], new SimulatedClock())
    await insertRod(desk, {rod: rod.id, why: 'contain'}, signal())
    const noticed = await watched(desk, 4, look => {
      if (look === 1) pid = '8'
    })
    expect(recorded(noticed)).toEqual([['rod.drifted', expect.objectContaining({expected: 'inserted', seen: 'inserted', by: 'read', version: '8'})]])
  })
})
