import type {Json} from '../../../src/lib/canonical.ts'
import {SimulatedClock} from '../../../src/lib/simulated-clock.ts'
import type {Comparison} from '../../../src/rods/probes/comparison.ts'
import type {Gauge} from '../../../src/rods/withdrawal/gauge.ts'
import {makeLadder} from '../../../src/rods/withdrawal/ladder.ts'
import {type Progress, type StepEnd, type WithdrawalEnd, withdrawGuarded} from '../../../src/rods/withdrawal/withdraw-guarded.ts'
import type {GuardedWithdrawal} from '../../../src/rods/withdrawal/withdrawal.ts'

export const EVERY_MS = 250
export const DWELL_MS = 4000
export const effective: StepEnd = {verdict: 'effective', readBackAgrees: true}

/** A gauge that reads what the test says at this moment. It looks through no socket: http-gauge and command-gauge have tests of their own. */
export function gaugeOf(read: () => Json | undefined | Promise<Json | undefined>): Gauge {
  return {
    name: 'the test',
    reaches: [],
    read: signal =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const abort = () => reject(signal.reason)
        signal.addEventListener('abort', abort, {once: true})
        void Promise.resolve(read()).then(value => {
          signal.removeEventListener('abort', abort)
          resolve({value, evidence: `reads ${value}`})
        })
      }),
  }
}

export interface Drive {
  readonly positions?: readonly string[]
  readonly steps?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly clock?: SimulatedClock
  readonly guard: () => Json | undefined | Promise<Json | undefined>
  readonly release?: {readonly read: () => Json | undefined | Promise<Json | undefined>; readonly when: Comparison; readonly changeOverMs?: number}
  readonly maxStepBacks?: number
  /** What a move does to the world of the test, and how it ends. Absent: it is effective at once. */
  readonly move?: (to: string, cutShort: AbortSignal) => Promise<StepEnd> | StepEnd
  /** Ctrl-C after so many simulated milliseconds. */
  readonly patienceMs?: number
}

export interface Driven {
  /** `interrupted`: the test's patience was at its end. */
  readonly end: WithdrawalEnd | 'interrupted'
  readonly moves: readonly {readonly to: string; readonly atMs: number; readonly reason: string}[]
  readonly told: readonly Progress[]
  readonly position: string
  readonly ms: number
}

export const percent25 = ['withdrawn', '25%', '50%', '75%', '100%']

/** One guarded withdrawal in simulated time, advance ≤ 10, back > 40, looked at every 250 ms, dwell 4 s. */
export async function drive(given: Drive): Promise<Driven> {
  const {positions = percent25, clock = new SimulatedClock(), maxStepBacks = 3, release, move = () => effective} = given
  const ladder = makeLadder(positions, given.steps)
  const from = given.from ?? ladder.fullyIn
  const startTicks = clock.ticks()
  const moves: {to: string; atMs: number; reason: string}[] = []
  const told: Progress[] = []
  let position = from
  const ctrlC = new AbortController()
  const patience = new AbortController()
  const giveUp = clock.sleep(given.patienceMs ?? 3_600_000, patience.signal).then(
    () => ctrlC.abort(),
    () => undefined,
  )
  const withdrawal: GuardedWithdrawal = {
    ladder,
    guard: {gauge: gaugeOf(given.guard), everyMs: EVERY_MS, advance: {lte: 10}, back: {gt: 40}},
    release: release
      ? {gauge: gaugeOf(release.read), when: release.when, ...(release.changeOverMs !== undefined && {changeOverMs: release.changeOverMs})}
      : null,
    dwellMs: DWELL_MS,
    maxStepBacks,
  }
  const end = await withdrawGuarded({
    withdrawal,
    from,
    to: given.to ?? 'withdrawn',
    hands: {
      clock,
      signal: ctrlC.signal,
      tell: progress => told.push(progress),
      async move(to, reason, cutShort) {
        moves.push({to, atMs: clock.ticks() - startTicks, reason})
        const stepEnd = await move(to, cutShort)
        if (stepEnd.readBackAgrees) position = to
        return stepEnd
      },
    },
  }).catch(error => {
    if (ctrlC.signal.aborted) return 'interrupted' as const
    throw error
  })
  const ms = clock.ticks() - startTicks
  patience.abort()
  await giveUp
  return {end, moves, told, position, ms}
}

/** `100% 75% …`: where the rod went. */
export const way = ({moves}: Driven) => moves.map(({to}) => to).join(' ')
