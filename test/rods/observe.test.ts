import {describe, expect, it} from '@jest/globals'
import {systemClock} from '../../src/lib/clock.ts'
import {observe} from '../../src/rods/observe.ts'
import type {Probe} from '../../src/rods/rod.ts'
import {memoryDriver, memoryWorld} from './memory-driver.ts'
import {testRod} from './test-rod.ts'

const positions = ['withdrawn', 'inserted']

describe('looking before a move', () => {
  it('reads every target and the probe, for the intent', async () => {
    const world = memoryWorld(['lb1', 'lb2'])
    world.position.set('lb2', 'inserted')
    const probe: Probe = {name: 'edge', reaches: [], maskedBy: [], look: async () => ({position: 'withdrawn', fits: ['withdrawn'], evidence: '200'})}
    const before = await observe(testRod({driver: memoryDriver(world, positions), probes: [probe]}), new AbortController().signal, systemClock)
    expect(before.from).toEqual([
      {target: 'lb1', position: 'withdrawn', version: '1'},
      {target: 'lb2', position: 'inserted', version: '1'},
    ])
    expect(before.look).toMatchObject({position: 'withdrawn', name: 'edge'})
  })

  it('what hangs is unknown after two seconds and stops nobody', async () => {
    const world = memoryWorld()
    world.mood.set('*', 'silent')
    const hanging: Probe = {
      name: 'edge',
      reaches: [],
      maskedBy: [],
      look: signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }
    const before = await observe(testRod({driver: memoryDriver(world, positions), probes: [hanging]}), new AbortController().signal, systemClock)
    expect(before.from).toEqual([{target: '', position: 'unknown'}])
    expect(before.look).toMatchObject({position: 'unknown', fits: []})
  })

  it('Ctrl-C passes through', async () => {
    const world = memoryWorld()
    world.mood.set('*', 'silent')
    const ctrlC = new AbortController()
    const looking = observe(
      testRod({driver: memoryDriver(world, positions), probes: [{name: 'edge', reaches: [], maskedBy: [], look: stuck}]}),
      ctrlC.signal,
      systemClock,
    )
    setTimeout(() => ctrlC.abort(), 20)
    await expect(looking).rejects.toMatchObject({name: 'AbortError'})
  })
})

const stuck: Probe['look'] = signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
