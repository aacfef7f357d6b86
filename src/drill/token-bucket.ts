import {PARAMETERS} from './parameters.ts'

const REFILLS_PER_SECOND = 1000 / PARAMETERS.refillEveryMs

export interface TokenBucket {
  /** True: one more is admitted. `ticks` is monotonic, in ms. */
  take(ticks: number): boolean
}

/**
 * Admits `rate` a second (0 admits nobody): refilled every 50 ms, empty at first, and never fuller than a fifth of a second's
 * worth (at least one): a quiet moment is not saved up for a rush that a guard would see in the queue. Half of that spilled on
 * a busy machine, whose timers come 100 ms late: 35 admitted a second at a rate of 42, and a backlog of 580 that took 111 s
 * to drain at 30 arrivals a second. Holds its own level and no clock.
 */
export function makeTokenBucket(rate: number, ticks: number): TokenBucket {
  const most = rate === 0 ? 0 : Math.max(1, rate / 5)
  let level = 0
  let refilledTicks = ticks
  return {
    take(now) {
      const refills = Math.max(Math.floor((now - refilledTicks) / PARAMETERS.refillEveryMs), 0)
      refilledTicks += refills * PARAMETERS.refillEveryMs
      level = Math.min(level + (refills * rate) / REFILLS_PER_SECOND, most)
      if (level < 1) return false
      level -= 1
      return true
    },
  }
}
