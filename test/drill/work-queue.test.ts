import {setTimeout as nap} from 'node:timers/promises'
import {describe, expect, it} from '@jest/globals'
import {PARAMETERS} from '../../src/drill/parameters.ts'
import {makeWorkQueue} from '../../src/drill/work-queue.ts'

/** A worker whose jobs take three turns of the event loop, whatever their length. */
function worker() {
  const seen: {ms: number; atOnce: number}[] = []
  let busy = 0
  return {
    seen,
    async sleep(ms: number) {
      busy += 1
      seen.push({ms, atOnce: busy})
      for (let turn = 0; turn < 3; turn += 1) await nap(0)
      busy -= 1
    },
  }
}

describe('the work queue of the platform', () => {
  it('works one job after the other, so a page waits for the writes before it', async () => {
    const clock = worker()
    const queue = makeWorkQueue(clock, 10)
    const jobs = [queue.work(40), queue.work(41), queue.work(100)]
    expect(queue.length()).toBe(3)
    await Promise.all(jobs)
    expect(clock.seen).toEqual([
      {ms: 40, atOnce: 1},
      {ms: 41, atOnce: 1},
      {ms: 100, atOnce: 1},
    ])
    expect(queue.length()).toBe(0)
  })

  it('turns away what is too much at once', async () => {
    const queue = makeWorkQueue(worker(), 2)
    const jobs = [queue.work(1), queue.work(1), queue.work(1)]
    expect(await jobs[2]).toBe(false)
    expect(await Promise.all(jobs)).toEqual([true, true, false])
  })
})

describe('the parameters', () => {
  it('let the router boot while the API is open, but slower than with the rod in', () => {
    const {pages, pageMs, writeMs, requestsPerSecond, monitorEveryMs} = PARAMETERS
    const share = (requestsPerSecond * writeMs) / 1000
    const withRod = pages * pageMs
    const withoutRod = withRod / (1 - share)
    expect(share).toBeLessThan(0.8)
    expect(withoutRod / withRod).toBeGreaterThan(1.5)
    expect(withoutRod).toBeLessThan(3000)
    expect(withRod).toBeGreaterThan(monitorEveryMs)
  })
})
