import {describe, expect, it} from '@jest/globals'
import {insertRod} from '../../src/actions/insert-rod.ts'
import {withdrawRod} from '../../src/actions/withdraw-rod.ts'
import {Fault} from '../../src/lib/fault.ts'
import type {Rod} from '../../src/rods/rod.ts'
import {makeLadder} from '../../src/rods/withdrawal/ladder.ts'
import {type MemoryWorld, memoryDriver, memoryWorld} from '../rods/memory-driver.ts'
import {testRod} from '../rods/test-rod.ts'
import {memoryDesk} from './memory-desk.ts'

const positions = ['withdrawn', 'half', 'inserted']
const signal = () => AbortSignal.timeout(20_000)

/** Under a guard that reads `load`; its probe sees what the first target stands at. */
function guardedRod(world: MemoryWorld, load: () => number, maxStepBacks = 3): Rod {
  const look = async () => {
    const position = world.position.values().next().value ?? 'unknown'
    return {position, fits: [position], evidence: `sees ${position}`}
  }
  const probe = {name: 'path', reaches: [], maskedBy: [], look}
  const ladder = makeLadder(positions)
  const gauge = {name: 'load', reaches: [], read: async () => ({value: load(), evidence: `load ${load()}`})}
  const guard = {gauge, everyMs: 5, advance: {lte: 10}, back: {gt: 40}}
  return {
    ...testRod({driver: memoryDriver(world, positions), probes: [probe], positions, timeoutMs: 2000}),
    isGuarded: true,
    withdrawal: async () => ({ladder, guarded: {ladder, guard, release: null, dwellMs: 20, maxStepBacks}, via: null, reaches: []}),
  }
}

async function recordOf(desk: ReturnType<typeof memoryDesk>): Promise<readonly string[]> {
  const events = await (await desk.journal()).events()
  return events.map(({kind, data}) => {
    const {to, step} = data as {to?: string; step?: string} // rod events, as this test made them
    return [kind.replace('rod.', ''), to, step].filter(Boolean).join(' ')
  })
}

describe('targets that stood at different positions before', () => {
  it('do not go back past the guard but by a word that is recorded', async () => {
    const world = memoryWorld(['lb1', 'lb2'])
    world.position.set('lb2', 'half')
    const rod = guardedRod(world, () => 99)
    const desk = memoryDesk([rod])
    await insertRod(desk, {rod: rod.id, why: 'contain'}, signal())
    const back = {rod: rod.id, toPrevious: true}
    await expect(withdrawRod(desk, back, signal())).rejects.toMatchObject({code: 'guard.refused', message: expect.stringContaining('nothing was sent')})
    expect([...world.position.values()]).toEqual(['inserted', 'inserted'])
    await withdrawRod(desk, {...back, atOnce: true, why: 'wrong rod'}, signal())
    expect([...world.position.values()]).toEqual(['withdrawn', 'half'])
    const intent = (await (await desk.journal()).events({kinds: ['rod.withdrawing']})).at(-1)
    expect(intent?.data).toMatchObject({
      overrides: ['steps'],
      each: [
        {target: 'lb1', position: 'withdrawn'},
        {target: 'lb2', position: 'half'},
      ],
    })
  })
})

describe('a step back', () => {
  it('after a step that jammed does not make a success of it', async () => {
    const world = memoryWorld()
    const driver = memoryDriver(world, positions)
    let load = 3
    const jamming: Rod = {
      ...guardedRod(world, () => load),
      driver: async () => ({
        ...driver,
        async set(to, call) {
          if (to !== 'half') return driver.set(to, call)
          load = 99
          await new Promise(resolve => setTimeout(resolve, 200)) // the guard is looked at meanwhile
          throw new Fault('rod.refused', 'no half measures')
        },
      }),
    }
    const desk = memoryDesk([jamming])
    await insertRod(desk, {rod: jamming.id, why: 'contain'}, signal())
    const {outcome, held, stepBacks} = await withdrawRod(desk, {rod: jamming.id}, signal())
    expect([outcome.kind, outcome.data.to, held, stepBacks]).toEqual(['rod.jammed', 'half', null, 1])
    expect((await recordOf(desk)).at(-1)).toBe('inserted inserted')
  })

  it('that had to be repeated is recorded as one each time', async () => {
    const world = memoryWorld()
    const driver = memoryDriver(world, positions)
    let refusals = 1
    const rod = guardedRod(world, () => (world.position.get('') === 'half' ? 99 : 3), 0)
    const balky: Rod = {
      ...rod,
      driver: async () => ({
        ...driver,
        async set(to, call) {
          const isBack = to === 'inserted' && world.position.get('') === 'half'
          if (isBack && refusals-- > 0) world.mood.set('', 'down')
          try {
            return await driver.set(to, call)
          } finally {
            world.mood.delete('')
          }
        },
      }),
    }
    const desk = memoryDesk([balky])
    await insertRod(desk, {rod: rod.id, why: 'contain'}, signal())
    const {held} = await withdrawRod(desk, {rod: rod.id}, signal())
    expect(held?.data.position).toBe('inserted')
    expect(await recordOf(desk)).toEqual([
      'inserting inserted',
      'inserted inserted',
      'withdrawing half 1',
      'inserted half',
      'inserting inserted back',
      'jammed inserted',
      'inserting inserted back',
      'inserted inserted',
      'held',
    ])
  })
})

describe('a withdrawal that was cut off', () => {
  it('goes on counting the step-backs that are recorded', async () => {
    const world = memoryWorld()
    const isBack = () => world.position.get('') === 'half'
    const rod = guardedRod(world, () => (isBack() ? 99 : 3), 2)
    const desk = memoryDesk([rod])
    await insertRod(desk, {rod: rod.id, why: 'contain'}, signal())
    const ctrlC = new AbortController()
    let moves = 0
    const onProgress = ({kind}: {readonly kind: string}) => {
      if (kind === 'moved') moves++
      if (moves === 2) ctrlC.abort() // out to half, back in
    }
    expect(await withdrawRod(desk, {rod: rod.id, onProgress}, ctrlC.signal).catch(() => 'cut off')).toBe('cut off')
    const {held} = await withdrawRod(desk, {rod: rod.id}, signal())
    expect(held?.data).toMatchObject({position: 'inserted', stepBacks: 2})
    expect((await recordOf(desk)).filter(line => line === 'inserting inserted back')).toHaveLength(3)
    // Held for a person, who then begins anew.
    const again = await withdrawRod(desk, {rod: rod.id}, signal())
    expect(again.stepBacks).toBe(2)
    expect((await recordOf(desk)).filter(line => line === 'inserting inserted back')).toHaveLength(6)
  })
})
