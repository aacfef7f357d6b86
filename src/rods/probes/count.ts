import type {Position} from '../../incident/events.ts'
import {type Clock, systemClock} from '../../lib/clock.ts'
import {isTimeout} from '../../lib/deadline.ts'
import {positionNumber} from '../position.ts'
import type {Look, Probe} from '../rod.ts'
import {valueIn} from './http-expectation.ts'
import {RATE_SLACK} from './limits.ts'
import type {UserRequest} from './user-request.ts'

export interface CountProbeOptions {
  /** Sees the ends, `withdrawn` and `0/s`, by what one request is answered. */
  readonly ends: Probe
  /** Where the target counts what it admits. */
  readonly counter: Pick<UserRequest, 'name' | 'reaches' | 'send'>
  readonly json: string
  readonly overMs: number
  readonly positions: readonly Position[]
  readonly clock?: Clock
}

/**
 * Looks at a rate: how much a counter of admitted requests grew. An upper bound only, less demand is as good, so every
 * look wants the control side to read the same. The ends too: one request meets a rate of 10/s like a rod that is out, or
 * that is fully in, as its luck is.
 */
export function countProbe({ends, counter, json, overMs, positions, clock = systemClock}: CountProbeOptions): Probe {
  const grows = (wanted?: Position): wanted is Position => wanted !== undefined && isBetween(wanted)
  return {
    name: `${ends.name}, growth of ${json} of ${counter.name}`,
    reaches: [...ends.reaches, ...counter.reaches],
    maskedBy: ends.maskedBy,
    isSampled: grows,
    async look(signal, wanted): Promise<Look> {
      if (!grows(wanted)) return {...(await ends.look(signal, wanted)), needsReadBack: true}
      const growth = await measure(signal)
      if (typeof growth === 'string') return {position: 'unknown', fits: [], evidence: `${counter.name}: ${growth}`}
      const {count, seconds} = growth
      const perSecond = count / seconds
      const rates = [...new Set([...positions, wanted])].filter(isBetween)
      const within = rates.filter(rate => perSecond <= RATE_SLACK * rateOf(rate))
      const evidence = `${json} grew by ${count} in ${seconds.toFixed(1)} s = ${perSecond.toFixed(1)}/s`
      // More than every rate allows is a rod that is out; it is never a rate, and a lower demand is never proof of one.
      if (within.length === 0) return {position: 'withdrawn', fits: ['withdrawn'], needsReadBack: true, evidence: `${evidence}, more than any rate admits`}
      return {position: 'unknown', fits: within, needsReadBack: true, evidence: `${evidence}, fits ${within.join(' and ')}`}
    },
  }

  async function measure(signal: AbortSignal): Promise<{count: number; seconds: number} | string> {
    const first = await read(signal)
    if (typeof first === 'string') return first
    try {
      await clock.sleep(overMs, signal)
    } catch (error) {
      if (!isTimeout(signal.reason)) throw error
      return 'no second reading before the deadline'
    }
    const second = await read(signal)
    if (typeof second === 'string') return second
    const count = second.count - first.count
    return count < 0 ? `${json} went back, from ${first.count} to ${second.count}` : {count, seconds: (second.atTicks - first.atTicks) / 1000}
  }

  /** The counter, and halfway between asking and answer: that is when it was read, give or take half the latency. */
  async function read(signal: AbortSignal): Promise<{count: number; atTicks: number} | string> {
    const startTicks = clock.ticks()
    const answer = await counter.send(signal)
    if (answer.status === null) return answer.reason
    if (answer.status !== 200) return `status ${answer.status}`
    const count = valueIn(answer.body, json)
    if (typeof count !== 'number' || !Number.isFinite(count) || count < 0) return `${json} is no number`
    return {count, atTicks: (startTicks + clock.ticks()) / 2}
  }
}

/** Neither out nor fully in: a rate above 0. */
function isBetween(position: Position): boolean {
  return rateOf(position) > 0
}

function rateOf(position: Position): number {
  return positionNumber(position, 'rate') ?? 0
}
