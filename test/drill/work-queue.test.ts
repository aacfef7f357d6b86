import {describe, expect, it} from '@jest/globals'
import {CUSTOMERS_PER_SECOND} from '../../src/actions/drill-scenario.ts'
import {PARAMETERS} from '../../src/drill/parameters.ts'
import {makeWorkQueue} from '../../src/drill/work-queue.ts'
import {SimulatedClock} from '../../src/lib/simulated-clock.ts'

/** Every timer comes this much too late. */
class LateClock extends SimulatedClock {
  readonly #lateMs: number

  constructor(lateMs: number) {
    super()
    this.#lateMs = lateMs
  }

  override sleep(ms: number, signal?: AbortSignal) {
    return super.sleep(ms + this.#lateMs, signal)
  }
}

describe('the work queue of the platform', () => {
  it('works one job after the other, first come first served, so a page waits for the writes before it', async () => {
    const clock = new SimulatedClock()
    const queue = makeWorkQueue(clock, 10)
    const done: [string, number][] = []
    const job = (name: string, ms: number) => queue.work(ms).then(isDone => isDone && done.push([name, clock.ticks()]))
    const jobs = [job('write', 20), job('write', 20), job('page', 80), job('write', 20)]
    expect(queue.length()).toBe(4)
    await Promise.all(jobs)
    expect(done).toEqual([
      ['write', 20],
      ['write', 40],
      ['page', 120],
      ['write', 140],
    ])
    expect([queue.length(), queue.oldestMs()]).toEqual([0, 0])
  })

  it('begins again after it was empty, at that moment and not before', async () => {
    const clock = new SimulatedClock()
    const queue = makeWorkQueue(clock, 10)
    await queue.work(20)
    await clock.sleep(1000)
    await queue.work(20)
    expect(clock.ticks()).toBe(1040)
  })

  it('does 50 writes a second, though its timers come late', async () => {
    const clock = new LateClock(5)
    const queue = makeWorkQueue(clock, 1000)
    await Promise.all(Array.from({length: 100}, () => queue.work(PARAMETERS.writeMs)))
    expect(clock.ticks()).toBeGreaterThanOrEqual(2000)
    expect(clock.ticks()).toBeLessThan(2010)
  })

  it('says how old its oldest job is', async () => {
    const clock = new SimulatedClock()
    const queue = makeWorkQueue(clock, 10)
    const jobs = [queue.work(100), queue.work(100)]
    await clock.sleep(60)
    expect(queue.oldestMs()).toBe(60)
    await jobs[0]
    expect(queue.oldestMs()).toBe(100)
    await jobs[1]
  })

  it('turns away what is too much at once', async () => {
    const queue = makeWorkQueue(new SimulatedClock(), 2)
    const jobs = [queue.work(1), queue.work(1), queue.work(1)]
    expect(await jobs[2]).toBe(false)
    expect(await Promise.all(jobs)).toEqual([true, true, false])
  })
})

describe('the parameters', () => {
  const {pages, pageMs, writeMs, customersPerSecond, mostCustomers, retryAfterSeconds, customerTimeoutMs, monitorEveryMs} = PARAMETERS
  const capacity = 1000 / writeMs
  const withRod = pages * pageMs

  it('let the router boot while the API is open, but slower than with the rod in', () => {
    const share = CUSTOMERS_PER_SECOND / capacity
    const withoutRod = withRod / (1 - share)
    expect(share).toBeLessThan(0.8)
    expect(withoutRod / withRod).toBeGreaterThan(1.5)
    expect(withoutRod).toBeLessThan(3000)
    expect(withRod).toBeGreaterThan(monitorEveryMs)
  })

  it('are those of the measured withdrawal: load the platform carries, and a backlog it cannot take at once', () => {
    expect(capacity).toBe(50)
    expect(customersPerSecond / capacity).toBe(0.8)
    const comingBack = mostCustomers / retryAfterSeconds
    const queueAfterOneRound = (comingBack + customersPerSecond - capacity) * retryAfterSeconds
    expect((queueAfterOneRound / capacity) * 1000).toBeGreaterThan(2 * customerTimeoutMs)
  })
})
