import type {Clock} from '../lib/clock.ts'

export interface WorkQueue {
  /** Resolves when the job's turn came and its time has passed; false at once when too many wait. */
  work(ms: number): Promise<boolean>
  /** Waiting or being worked on. */
  length(): number
}

/**
 * One worker, first come first served, bounded. Snapshot pages for the router and writes of customers wait in the same
 * one: that sharing is what makes an open API slow the recovery down, and what the control rod is for.
 */
export function makeWorkQueue(clock: Pick<Clock, 'sleep'>, longest: number): WorkQueue {
  let waiting = 0
  let last: Promise<void> = Promise.resolve()
  return {
    async work(ms) {
      if (waiting >= longest) return false
      waiting += 1
      last = last.then(() => clock.sleep(ms))
      await last
      waiting -= 1
      return true
    },
    length: () => waiting,
  }
}
