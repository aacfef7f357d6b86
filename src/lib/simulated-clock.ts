import type {Clock} from './clock.ts'

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

/**
 * Time that passes only when everybody sleeps: hours take milliseconds, and two sleepers wake in the right order. Wall
 * and monotonic time go together, but for `suspend`, which moves the wall alone. Whoever works with real files or
 * processes while another sleeps is not waited for: nothing of that kind belongs beside it.
 */
export class SimulatedClock implements Clock {
  private wall: number
  private mono = 0
  private sleepers: Sleeper[] = []
  private isTicking = false

  constructor(start = Date.parse('2012-06-07T15:52:41.000Z')) {
    this.wall = start
  }

  now() {
    return this.wall
  }

  ticks() {
    return this.mono
  }

  suspend(ms: number) {
    this.wall += ms
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        this.sleepers = this.sleepers.filter(one => one !== sleeper)
        reject(signal?.reason)
      }
      const sleeper = {
        due: this.mono + Math.max(ms, 0),
        wake: () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
      }
      signal?.addEventListener('abort', stop, {once: true})
      this.sleepers.push(sleeper)
      this.tick()
    })
  }

  private tick() {
    if (this.isTicking) return
    this.isTicking = true
    setImmediate(() => {
      this.isTicking = false
      const [next] = this.sleepers.toSorted((a, b) => a.due - b.due)
      if (!next) return
      this.sleepers = this.sleepers.filter(one => one !== next)
      const passed = Math.max(next.due - this.mono, 0)
      this.mono += passed
      this.wall += passed
      next.wake()
      if (this.sleepers.length > 0) this.tick()
    })
  }
}
