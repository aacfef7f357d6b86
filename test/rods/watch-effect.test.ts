import {describe, expect, it} from '@jest/globals'
import {systemClock} from '../../src/lib/clock.ts'
import {Fault} from '../../src/lib/fault.ts'
import {carryOut} from '../../src/rods/carry-out.ts'
import {lookThrough, observe} from '../../src/rods/observe.ts'
import {planRod} from '../../src/rods/plan-rod.ts'
import type {Driver, Look, Probe} from '../../src/rods/rod.ts'
import {verifyRod} from '../../src/rods/verify-rod.ts'
import {type Told, watchEffect} from '../../src/rods/watch-effect.ts'
import {memoryDriver, memoryWorld} from './memory-driver.ts'
import {testRod} from './test-rod.ts'

const positions = ['withdrawn', '25%', '100%']
const signal = () => new AbortController().signal
const at = (position: string): Look => ({position, fits: position === 'unknown' ? [] : [position], evidence: `looks ${position}`})

/** A probe that answers from a list, the last of it for ever, and remembers what it was asked. */
function probeOf(looks: readonly Look[], more: Partial<Probe> = {}): Probe & {readonly asked: (string | undefined)[]} {
  const asked: (string | undefined)[] = []
  return {
    name: 'edge',
    reaches: [],
    maskedBy: [],
    ...more,
    asked,
    async look(_, wanted) {
      asked.push(wanted)
      return looks[asked.length - 1] ?? looks.at(-1) ?? at('unknown')
    },
  }
}
const sampled: Partial<Probe> = {isSampled: () => true}

const driverAt = (...reads: string[]): Driver & {reads: number} => {
  const driver = {
    ...memoryDriver(memoryWorld(), positions),
    reads: 0,
    read: async () => ({position: reads[driver.reads++] ?? reads.at(-1) ?? 'unknown', evidence: 'read'}),
  }
  return driver
}
const watch = (probes: readonly Probe[], {driver = driverAt('25%'), to = '25%', patienceMs = 5000, masks = [] as string[], told = [] as Told[]} = {}) =>
  watchEffect({
    driver,
    probes,
    to,
    everyMs: 1,
    consecutive: 3,
    patienceMs,
    masks,
    startTicks: systemClock.ticks(),
    clock: systemClock,
    signal: signal(),
    onFact: fact => told.push(fact),
  })

describe('watching a sampled probe', () => {
  it('one look that agrees is enough, and it knows what is wanted', async () => {
    const probe = probeOf([at('withdrawn'), at('25%')], sampled)
    expect(await watch([probe])).toMatchObject({effective: 'wanted', seen: {position: '25%'}})
    expect(probe.asked).toEqual(['25%', '25%'])
  })

  it('beside another, it samples once in a row of looks, and again when the row breaks', async () => {
    const share = probeOf([at('25%')], sampled)
    const other = probeOf([at('25%'), at('25%'), at('withdrawn'), at('25%')])
    expect((await watch([share, other])).effective).toBe('wanted')
    expect(other.asked).toHaveLength(6)
    expect(share.asked).toHaveLength(2)
  })

  it('is not begun in passing, before a move', async () => {
    const share = probeOf([at('25%')], sampled)
    const {look} = await observe(testRod({driver: driverAt('withdrawn'), probes: [share], positions}), signal(), systemClock)
    expect(look).toMatchObject({position: 'unknown', fits: [], evidence: 'it takes many samples, so nobody looked in passing'})
    expect(share.asked).toEqual([])
  })

  it('is planned without a row', async () => {
    const rod = testRod({driver: driverAt(), probes: [probeOf([], sampled), probeOf([])], positions})
    expect((await planRod(rod, '25%')).slice(1)).toEqual([
      'then edge, until it shows 25%, at most 0.05 s',
      'then edge, until it shows 25% 2 times in a row, at most 0.05 s',
    ])
  })
})

describe('a look that needs the control side', () => {
  const bound: Look = {position: 'unknown', fits: ['25%', '100%'], needsReadBack: true, evidence: 'below both'}
  const end: Look = {...at('withdrawn'), needsReadBack: true}

  it('agrees with what the control side reads', async () => {
    expect(await watch([probeOf([bound])])).toMatchObject({effective: 'wanted', seen: {position: '25%'}})
    expect((await watch([probeOf([end])], {driver: driverAt('withdrawn'), to: 'withdrawn'})).effective).toBe('wanted')
  })

  it.each(['100%', 'unknown'])('is unknown while the control side reads %s, even where it names the position', async read => {
    for (const [look, to] of [
      [bound, '25%'],
      [end, 'withdrawn'],
    ] as const) {
      const {effective, seen} = await watch([probeOf([look])], {driver: driverAt(read), to, patienceMs: 20})
      expect({effective, position: seen?.position}).toEqual({effective: 'unknown', position: 'unknown'})
    }
  })

  it('waits for a control side that lags behind its own acknowledgement', async () => {
    expect((await watch([probeOf([bound])], {driver: driverAt('withdrawn', 'withdrawn', '25%')})).effective).toBe('wanted')
  })

  it('that disagrees, disagrees alone', async () => {
    expect(await watch([probeOf([end])], {patienceMs: 0})).toMatchObject({effective: 'other', seen: {position: 'withdrawn'}})
  })

  it('makes all probes of the rod need it', async () => {
    expect(await lookThrough([probeOf([end]), probeOf([at('withdrawn')])], signal())).toMatchObject({position: 'withdrawn', needsReadBack: true})
  })
})

describe('a probe behind another rod', () => {
  const hidden = (look = at('25%')) => probeOf([look], {maskedBy: ['api-rate', 'api-maintenance']})

  it('is not asked and not believed while that rod may be in; nobody waits for it', async () => {
    const probe = hidden()
    const clear = probeOf([at('25%')])
    const told: Told[] = []
    const watched = await watch([clear, probe], {masks: ['api-maintenance'], patienceMs: 60_000, told})
    expect(watched).toMatchObject({effective: 'none', isMasked: true, readBack: 'wanted', seen: {position: 'unknown', probe: 'edge + edge'}})
    expect(watched.seen?.evidence).toBe('looks 25%; api-maintenance stands before it')
    expect([probe.asked.length, clear.asked.length]).toEqual([0, 1])
    expect(told.map(({fact}) => fact)).toEqual(['read-back', 'looked'])
  })

  it('is asked and believed when that rod is out', async () => {
    expect(await watch([hidden()], {masks: ['drain']})).toMatchObject({effective: 'wanted', isMasked: false})
  })

  it('still waits for the control side', async () => {
    expect(await watch([hidden()], {masks: ['api-rate'], driver: driverAt('withdrawn', 'withdrawn', '25%')})).toMatchObject({readBack: 'wanted'})
  })

  it('never makes a move look done before it began', async () => {
    const world = memoryWorld()
    world.position.set('', '25%')
    const rod = testRod({driver: memoryDriver(world, positions), probes: [hidden()], positions, timeoutMs: 60_000})
    const before = await observe(rod, signal(), systemClock, ['api-rate'])
    expect(before.look).toMatchObject({position: 'unknown', isMasked: true})
    const hands = {clock: systemClock, signal: signal(), masks: ['api-rate']}
    const {kind} = await carryOut(rod, before, {to: '25%', why: 'w', fence: 1}, hands)
    expect(kind).toBe('rod.unverified')
    expect(world.writes).toBe(1)
    expect((await verifyRod(rod, {to: '25%', why: 'w'}, hands)).kind).toBe('rod.unverified')
    expect((await verifyRod(rod, {to: '25%', why: 'w'}, {clock: systemClock, signal: signal()})).kind).toBe('rod.inserted')
  })
})

describe('the way in for responders', () => {
  const move = async (bypass: () => Promise<Probe | null>, to = '25%') => {
    const told: Told[] = []
    const rod = testRod({driver: memoryDriver(memoryWorld(), positions), probes: [probeOf([at('withdrawn'), at(to)])], positions, bypass})
    const before = await observe(rod, signal(), systemClock)
    const {kind} = await carryOut(rod, before, {to, why: 'w', fence: 1}, {clock: systemClock, signal: signal(), onFact: fact => told.push(fact)})
    return {kind, lines: told.filter(({fact}) => fact === 'bypass').map(({line}) => line)}
  }

  it.each<[Look, string]>([
    [at('withdrawn'), "the responders' way in works: edge: looks withdrawn"],
    [at('unknown'), "the responders' way in is not known to work: edge: looks unknown"],
  ])('is looked at once and told, whatever it shows: %j', async (look, line) => {
    const bypass = probeOf([look])
    expect(await move(async () => bypass)).toEqual({kind: 'rod.inserted', lines: [line]})
    expect(bypass.asked).toHaveLength(1)
  })

  it('that cannot be opened stops nobody', async () => {
    const bypass = () => Promise.reject(new Fault('secret.missing', 'env:T is not set'))
    expect(await move(bypass)).toEqual({kind: 'rod.inserted', lines: ["the responders' way in cannot be looked at: env:T is not set"]})
  })

  it('is not looked at on the way out, nor where there is none', async () => {
    const bypass = probeOf([at('withdrawn')])
    const world = async (to: string, bypass: Probe | null) => (await move(async () => bypass, to)).lines
    expect([await world('withdrawn', bypass), await world('25%', null)]).toEqual([[], []])
    expect(bypass.asked).toEqual([])
  })
})
