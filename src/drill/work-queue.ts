import type {Clock} from '../lib/clock.ts'

export interface WorkQueue {
  /** Resolves when the job's turn came and its time has passed; false at once when too many wait. Nothing takes a job back. */
  work(ms: number): Promise<boolean>
  /** Waiting or being worked on. */
  length(): number
  /** Age of the job that is worked on now, in ms; 0 when there is none. */
  oldestMs(): number
}

interface Job {
  readonly ms: number
  readonly sinceTicks: number
  readonly done: () => void
}

/**
 * One worker, first come first served, bounded. Snapshot pages for the router and writes of customers wait in the same
 * one: that sharing is what makes an open API slow the recovery down, and what the control rod is for.
 *
 * Each job is due at a moment of its own, counted from the one before: timers that come late (they do, by a millisecond
 * or two) would else make a worker of 50 writes a second one of 45, and the margin of a withdrawal is smaller than that.
 */
export function makeWorkQueue(clock: Pick<Clock, 'sleep' | 'ticks'>, longest: number): WorkQueue {
  const jobs: Job[] = []
  let isWorking = false

  async function workOff(): Promise<void> {
    isWorking = true
    let freeTicks = 0
    for (let job = jobs[0]; job; job = jobs[0]) {
      freeTicks = Math.max(freeTicks, job.sinceTicks) + job.ms
      const left = freeTicks - clock.ticks()
      if (left > 0) await clock.sleep(left)
      jobs.shift()
      job.done()
    }
    isWorking = false
  }

  return {
    work(ms) {
      if (jobs.length >= longest) return Promise.resolve(false)
      return new Promise((resolve, reject) => {
        jobs.push({ms, sinceTicks: clock.ticks(), done: () => resolve(true)})
        if (!isWorking) workOff().catch(reject)
      })
    },
    length: () => jobs.length,
    oldestMs: () => (jobs[0] ? Math.round(clock.ticks() - jobs[0].sinceTicks) : 0),
  }
}
