import {gapBetween, type Moment} from './gap.ts'

interface Sample extends Moment {
  readonly value: number
}

/**
 * How much a counter grew over the last `windowMs`, by samples. `undefined` until the whole window was watched, after a
 * pause of more than `slackMs` in it (a suspended machine's too), and after the counter went backwards (whoever counts was restarted: what it counted
 * before is gone, and a difference would flatter). At most one sample older than the window is kept.
 */
export function growthOver(windowMs: number, slackMs: number): (at: Moment, value: number) => number | undefined {
  let samples: readonly Sample[] = []
  return (at, value) => {
    const last = samples.at(-1)
    if (last && (value < last.value || gapBetween(last, at) > slackMs)) samples = []
    samples = [...samples, {...at, value}]
    const base = samples.findLastIndex(sample => sample.ticks <= at.ticks - windowMs)
    if (base < 0) return undefined
    samples = samples.slice(base)
    return value - (samples[0]?.value ?? value)
  }
}
