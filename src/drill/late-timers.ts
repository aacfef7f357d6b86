import {monitorEventLoopDelay} from 'node:perf_hooks'

/**
 * How late timers of this process come, 99th percentile in ms since it began. Above 100 a figure of the drill says more
 * about the machine than about the platform.
 */
export function timersLate(): {p99Ms(): number; stop(): void} {
  const delays = monitorEventLoopDelay({resolution: 10})
  delays.enable()
  return {p99Ms: () => Math.round(delays.percentile(99) / 1e6), stop: () => void delays.disable()}
}
