import {describe, expect, it} from '@jest/globals'
import {systemClock} from '../../src/lib/clock.ts'
import {Fault, type FaultCode} from '../../src/lib/fault.ts'
import {carryOut} from '../../src/rods/carry-out.ts'
import {observe} from '../../src/rods/observe.ts'
import type {Driver, Look, Probe} from '../../src/rods/rod.ts'
import {memoryDriver, memoryWorld} from './memory-driver.ts'
import {testRod} from './test-rod.ts'

const signal = () => new AbortController().signal
const hands = () => ({clock: systemClock, signal: signal()})
const lookAt = (position: string): Look => ({position, fits: position === 'unknown' ? [] : [position], evidence: `looks ${position}`})
const probeOf = (look: (n: number) => string): Probe & {looks: number} => {
  const probe = {name: 'own traffic', reaches: [], maskedBy: [], looks: 0, look: async () => lookAt(look(probe.looks++))}
  return probe
}

interface Row {
  ack: 'yes' | FaultCode
  read: string
  probe: string
  kind: string
  warned?: boolean
}

/** A control side and a path that show `withdrawn` before the call, and what the row says from then on. */
async function play({ack, read, probe}: Row, move = {}, hasProbe = true) {
  let called = 0
  const driver: Driver = {
    targets: [''],
    can: {named: true, percent: false, rate: false, cas: false, ttl: false, survivesRestart: true},
    reaches: [],
    plan: () => [],
    async set() {
      called++
      if (ack !== 'yes') throw new Fault(ack, `the call ended as ${ack}`)
      return 'took it'
    },
    read: async () => ({position: called > 0 ? read : 'withdrawn', evidence: 'read'}),
  }
  const rod = testRod({driver, probes: hasProbe ? [probeOf(() => (called > 0 ? probe : 'withdrawn'))] : [], timeoutMs: 20})
  const before = await observe(rod, signal(), systemClock)
  const outcome = await carryOut(rod, before, {to: 'inserted', why: 'contain', fence: 1, ...move}, hands())
  return {...outcome, called}
}

const seen = ['inserted', 'withdrawn', 'unknown']
const rows: Row[] = [
  ...['inserted', 'unknown'].map(read => ({ack: 'yes' as const, read, probe: 'inserted', kind: 'rod.inserted', warned: false})),
  {ack: 'yes', read: 'withdrawn', probe: 'inserted', kind: 'rod.inserted', warned: true},
  ...seen.flatMap(read => ['withdrawn', 'unknown'].map(probe => ({ack: 'yes' as const, read, probe, kind: 'rod.unverified'}))),
  ...seen.map(read => ({ack: 'rod.unanswered' as const, read, probe: 'inserted', kind: 'rod.inserted'})),
  ...seen.flatMap(read => ['withdrawn', 'unknown'].map(probe => ({ack: 'rod.unanswered' as const, read, probe, kind: 'rod.unverified'}))),
  ...seen.map(read => ({ack: 'rod.refused' as const, read, probe: 'inserted', kind: 'rod.inserted', warned: true})),
  ...seen.flatMap(read => ['withdrawn', 'unknown'].map(probe => ({ack: 'rod.refused' as const, read, probe, kind: 'rod.jammed'}))),
  {ack: 'rod.moved', read: 'withdrawn', probe: 'withdrawn', kind: 'rod.jammed'},
  ...['withdrawn', 'unknown'].map(probe => ({ack: 'rod.unreachable' as const, read: 'withdrawn', probe, kind: 'rod.jammed'})),
  {ack: 'rod.unreachable', read: 'unknown', probe: 'withdrawn', kind: 'rod.jammed'},
  {ack: 'rod.unreachable', read: 'unknown', probe: 'unknown', kind: 'rod.unverified'},
  {ack: 'rod.unreachable', read: 'inserted', probe: 'withdrawn', kind: 'rod.unverified'},
  ...seen.map(read => ({ack: 'rod.unreachable' as const, read, probe: 'inserted', kind: 'rod.inserted', warned: true})),
]

describe('the decision table of a move', () => {
  it.each(rows)('acknowledged $ack, reads $read, probe sees $probe: $kind', async row => {
    const {kind, data, called} = await play(row)
    expect(kind).toBe(row.kind)
    expect(called).toBe(1)
    if (row.warned !== undefined) expect(data.warning !== undefined).toBe(row.warned)
    expect(data.targets[0]?.readBack?.position).toBe(row.read)
    expect(data.effective?.position).toBe(row.probe)
    expect(data.targets[0]?.error?.code).toBe(row.ack === 'yes' ? undefined : row.ack)
    if (kind === 'rod.jammed') expect(data.code).toBe(row.ack)
    if (kind !== 'rod.inserted') expect(data.reason).toBeTruthy()
  })

  it('a rod that goes in blind is unverified, whatever the probe would say', async () => {
    const {kind, data} = await play({ack: 'yes', read: 'inserted', probe: 'inserted', kind: ''}, {blind: true})
    expect(kind).toBe('rod.unverified')
    expect(data).toMatchObject({blind: true})
    expect(data.effective).toBeUndefined()
  })

  it('a rod without a probe is never better than unverified', async () => {
    const {kind} = await play({ack: 'yes', read: 'inserted', probe: 'inserted', kind: ''}, {}, false)
    expect(kind).toBe('rod.unverified')
  })
})

describe('carryOut', () => {
  const positions = ['withdrawn', 'drain', 'maint']
  const worldAt = (position: string) => {
    const world = memoryWorld()
    world.position.set('', position)
    return world
  }
  const through = (world: ReturnType<typeof memoryWorld>) => [probeOf(() => world.position.get('') ?? 'unknown')]

  it('sends nothing where control side and probe already agree', async () => {
    const world = worldAt('maint')
    const rod = testRod({driver: memoryDriver(world, positions), probes: through(world), positions})
    const outcome = await carryOut(
      rod,
      await observe(rod, signal(), systemClock),
      {to: 'maint', why: 'w', fence: 1, expiresAt: '2012-06-07T18:00:00.000Z'},
      hands(),
    )
    expect(outcome).toMatchObject({kind: 'rod.inserted', data: {already: true, expiresAt: '2012-06-07T18:00:00.000Z', effective: {position: 'maint'}}})
    expect(world.writes).toBe(0)
  })

  it('sends where the target lets go by itself, though both agree: it must be told the new time', async () => {
    const world = worldAt('maint')
    const rod = testRod({driver: memoryDriver(world, positions), probes: through(world), positions})
    const outcome = await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1, ttlMs: 60_000}, hands())
    expect([outcome.kind, outcome.data.already, world.writes]).toEqual(['rod.inserted', undefined, 1])
  })

  it('sends where only the control side agrees: it may have lied before', async () => {
    const world = worldAt('maint')
    const rod = testRod({driver: memoryDriver(world, positions), probes: [probeOf(n => (n === 0 ? 'withdrawn' : 'maint'))], positions})
    const outcome = await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, hands())
    expect(outcome.kind).toBe('rod.inserted')
    expect(outcome.data.already).toBeUndefined()
    expect(world.writes).toBe(1)
  })

  it('a withdrawal verified at an intermediate position leaves the rod in', async () => {
    const world = worldAt('maint')
    const rod = testRod({driver: memoryDriver(world, positions), probes: through(world), positions})
    const step = await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'drain', why: 'step', fence: 1}, hands())
    expect(step).toMatchObject({kind: 'rod.inserted', data: {to: 'drain'}})
    const out = await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'withdrawn', why: 'over', fence: 1}, hands())
    expect(out.kind).toBe('rod.withdrawn')
  })

  it('one stale answer is not the effect: looks in a row must agree', async () => {
    const world = worldAt('withdrawn')
    const shown = ['withdrawn', 'maint', 'withdrawn', 'maint', 'maint', 'maint']
    const probe = probeOf(n => shown[n] ?? 'maint')
    const rod = testRod({driver: memoryDriver(world, positions), probes: [probe], positions, consecutive: 3, timeoutMs: 5000})
    const {kind} = await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, hands())
    expect(kind).toBe('rod.inserted')
    expect(probe.looks).toBe(6)
  })

  it('the control side breaks the tie between reduced positions, never against withdrawn', async () => {
    const world = worldAt('withdrawn')
    const driver = memoryDriver(world, positions)
    const blurred = (fits: string[]): Probe => ({
      name: 'blurred',
      reaches: [],
      maskedBy: [],
      look: async () => ({position: 'unknown', fits, evidence: 'looks alike'}),
    })
    const tied = testRod({driver, probes: [blurred(['drain', 'maint'])], positions})
    expect((await carryOut(tied, await observe(tied, signal(), systemClock), {to: 'drain', why: 'w', fence: 1}, hands())).kind).toBe('rod.inserted')
    const useless = testRod({driver, probes: [blurred(['withdrawn', 'maint'])], positions})
    expect((await carryOut(useless, await observe(useless, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, hands())).kind).toBe('rod.unverified')
  })

  it('every probe of a rod must agree', async () => {
    const world = worldAt('withdrawn')
    const rod = testRod({driver: memoryDriver(world, positions), probes: [...through(world), probeOf(() => 'withdrawn')], positions})
    expect((await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, hands())).kind).toBe('rod.unverified')
  })

  it('half a rod is unverified, target by target, even where the probe met the good half', async () => {
    const world = memoryWorld(['lb1', 'lb2'])
    world.mood.set('lb2', 'down')
    const rod = testRod({driver: memoryDriver(world, positions), probes: [probeOf(n => (n === 0 ? 'withdrawn' : 'maint'))], positions})
    const {kind, data} = await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, hands())
    expect(kind).toBe('rod.unverified')
    expect(data.targets).toMatchObject([
      {target: 'lb1', acknowledged: {detail: 'noted'}, readBack: {position: 'maint'}},
      {target: 'lb2', error: {code: 'rod.unreachable'}, readBack: {position: 'unknown'}},
    ])
  })

  it('a target moved after we looked is not overwritten', async () => {
    const world = worldAt('withdrawn')
    const rod = testRod({driver: memoryDriver(world, positions), probes: through(world), positions})
    const before = await observe(rod, signal(), systemClock)
    world.position.set('', 'drain')
    world.version.set('', 9)
    expect(await carryOut(rod, before, {to: 'maint', why: 'w', fence: 1}, hands())).toMatchObject({kind: 'rod.jammed', data: {code: 'rod.moved'}})
    expect(world.position.get('')).toBe('drain')
  })

  it('Ctrl-C passes through and leaves the intent open', async () => {
    const world = worldAt('withdrawn')
    const rod = testRod({driver: memoryDriver(world, positions), probes: through(world), positions, timeoutMs: 5000})
    const before = await observe(rod, signal(), systemClock)
    world.mood.set('*', 'silent')
    const ctrlC = new AbortController()
    const moving = carryOut(rod, before, {to: 'maint', why: 'w', fence: 1}, {clock: systemClock, signal: ctrlC.signal})
    ctrlC.abort()
    await expect(moving).rejects.toMatchObject({name: 'AbortError'})
  })

  it('a driver that hangs past the verify timeout is unanswered', async () => {
    const world = worldAt('withdrawn')
    const hanging: Driver = {
      ...memoryDriver(world, positions),
      set: (_, call) => new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(call.signal.reason))),
    }
    const rod = testRod({driver: hanging, probes: through(world), positions})
    expect(await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, hands())).toMatchObject({
      kind: 'rod.unverified',
      data: {code: 'rod.unanswered'},
    })
  })

  it('a bug in a driver is thrown on, not recorded as the rod being jammed', async () => {
    const broken: Driver = {...memoryDriver(worldAt('withdrawn'), positions), set: async () => Promise.reject(new TypeError('x is not a function'))}
    const rod = testRod({driver: broken, probes: [], positions})
    await expect(carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, hands())).rejects.toThrow(TypeError)
  })

  it('tells each fact as it happens', async () => {
    const world = worldAt('withdrawn')
    const rod = testRod({driver: memoryDriver(world, positions), probes: through(world), positions})
    const told: string[] = []
    await carryOut(rod, await observe(rod, signal(), systemClock), {to: 'maint', why: 'w', fence: 1}, {...hands(), onFact: ({fact}) => told.push(fact)})
    expect(told).toEqual(['acknowledged', 'read-back', 'looked', 'looked'])
  })
})
