import {describe, expect, it} from '@jest/globals'
import {insertRod} from '../../src/actions/insert-rod.ts'
import {type Noticed, watchRods} from '../../src/actions/watch-rods.ts'
import {Fault} from '../../src/lib/fault.ts'
import {SimulatedClock} from '../../src/lib/simulated-clock.ts'
import type {Rod} from '../../src/rods/rod.ts'
import {type MemoryWorld, memoryDriver, memoryWorld} from '../rods/memory-driver.ts'
import {testRod} from '../rods/test-rod.ts'
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
    const desk = memoryDesk([rod], {clock: new SimulatedClock()})
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
    const desk = memoryDesk([rod], {clock: new SimulatedClock()})
    await insertRod(desk, {rod: rod.id, why: 'contain'}, signal())
    const noticed = await watched(desk, 4, look => {
      if (look === 1) pid = '8'
    })
    expect(recorded(noticed)).toEqual([['rod.drifted', expect.objectContaining({expected: 'inserted', seen: 'inserted', by: 'read', version: '8'})]])
  })
})

describe('trouble', () => {
  it('with a rod is told when it begins, when it is another one, and when it comes back, not at every look', async () => {
    const rod = seenRod(memoryWorld())
    const desk = memoryDesk([rod], {clock: new SimulatedClock()})
    await insertRod(desk, {rod: rod.id, why: 'contain'}, signal())
    const troubles = [null, 'a', 'a', 'b', null, 'b', 'b']
    let look = 0
    const shelf = {
      ids: () => [rod.id],
      get: async () => {
        const message = troubles[look]
        if (message) throw new Fault('config.invalid', message)
        return rod
      },
    }
    const noticed = await watched({...desk, rods: async () => shelf}, troubles.length, looked => {
      look = looked
    })
    expect(noticed.map(news => news.what === 'trouble' && news.reason)).toEqual(['a', 'b', 'b'])
  })

  it('of the record ends no watch: it is told, and looked at again', async () => {
    const desk = memoryDesk([], {clock: new SimulatedClock()})
    const journal = await desk.journal()
    let folds = 0
    const balky = {
      ...desk,
      journal: async () => ({
        ...journal,
        trouble: () => [],
        fold: async (projection: Parameters<typeof journal.fold>[0]) => {
          folds++
          if (folds <= 3) throw new Fault('journal.busy', 'another process keeps the journal locked')
          return journal.fold(projection)
        },
      }),
    }
    expect(await watched(balky as never, 1)).toEqual([{what: 'trouble', rod: null, reason: 'another process keeps the journal locked'}])
    folds = 0
    await expect(watchRods(balky as never, {everyMs: 1000, once: true, tell: () => undefined}, signal())).rejects.toMatchObject({code: 'journal.busy'})
  })

  it('of a record that cannot be written is told at once, and not at the end of the watch', async () => {
    const desk = memoryDesk([], {clock: new SimulatedClock()})
    const journal = await desk.journal()
    const message = 'the journal cannot be written: recorded in the emergency log only (/dev/shm)'
    const troubled = {fold: journal.fold.bind(journal), trouble: () => [{code: 'emergency', message, hints: []}]}
    const full = {...desk, journal: async () => troubled}
    const noticed: Noticed[] = []
    const over = new AbortController()
    const tell = (news: Noticed) => {
      noticed.push(news)
      if (noticed.length >= 4) over.abort(new Error('enough'))
    }
    await watchRods(full as never, {everyMs: 1000, once: false, tell}, over.signal).catch(() => undefined)
    expect(noticed.map(({what}) => what)).toEqual(['trouble', 'looked', 'looked', 'looked'])
  })
})

describe('the expiry of a rod', () => {
  it('is reminded of at half of its time, at its end and every half hour after it, each once with two watchers', async () => {
    const clock = new SimulatedClock()
    const rod = seenRod(memoryWorld())
    const desk = memoryDesk([rod], {clock})
    await insertRod(desk, {rod: rod.id, why: 'contain', expires: 3_600_000}, signal())
    const start = clock.now()
    const over = new AbortController()
    const told: string[][] = [[], []]
    const watchers = told.map(lines =>
      watchRods(
        {...desk, actor: {...desk.actor, kind: 'watch'}},
        {
          everyMs: 15_000,
          once: false,
          tell: news => {
            if (news.what === 'recorded' && news.event.kind === 'rod.reminded') lines.push(`${news.event.data.stage} ${news.event.data.n}`)
            if (clock.now() - start > 7_500_000) over.abort(new Error('enough'))
          },
        },
        over.signal,
      ).catch(() => undefined),
    )
    await Promise.all(watchers)
    const reminded = await (await desk.journal()).events({kinds: ['rod.reminded']})
    const minutes = reminded.map(({recorded, data}) => [Math.floor((Date.parse(recorded) - start) / 60_000), data])
    expect(minutes).toEqual([
      [30, {rod: rod.id, stage: 'half', n: 0}],
      [60, {rod: rod.id, stage: 'due', n: 0}],
      [90, {rod: rod.id, stage: 'overdue', n: 1}],
      [120, {rod: rod.id, stage: 'overdue', n: 2}],
    ])
    // Each was told by the one who recorded it, and by nobody else.
    expect(told.flat().sort()).toEqual(['due 0', 'half 0', 'overdue 1', 'overdue 2'])
  })
})
