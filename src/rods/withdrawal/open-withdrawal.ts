import type {Position} from '../../incident/events.ts'
import {defined} from '../../lib/defined.ts'
import type {Comparison} from '../probes/comparison.ts'
import type {RodContext} from '../rod-context.ts'
import type {Gauge} from './gauge.ts'
import {LONGEST_GAP, type Release, type Watched} from './guard.ts'
import {makeLadder, stepsAsPositions} from './ladder.ts'
import {BUILT_IN_WITHDRAW, type GuardSection, type ReleaseSection, type WithdrawSection, withdrawIssues} from './withdraw-section.ts'
import type {Withdrawal} from './withdrawal.ts'

/**
 * The withdrawal of a rod from its `withdraw:` section, which may be absent. Checked as a whole before any secret is
 * resolved; connects nowhere.
 * @throws Fault config.invalid, with every flaw at its place · secret.missing
 */
export async function openWithdrawal(section: WithdrawSection | undefined, positions: readonly Position[], context: RodContext): Promise<Withdrawal> {
  const issues = section ? withdrawIssues(section, positions) : []
  if (issues.length > 0) throw context.invalid(issues)
  const ladder = makeLadder(positions, section?.steps && stepsAsPositions(section.steps, positions))
  const via = section?.via ?? null
  if (!section?.guard) return {ladder, guarded: null, via, reaches: []}
  const {guard, release_when, dwell = BUILT_IN_WITHDRAW.dwell, max_step_backs = BUILT_IN_WITHDRAW.max_step_backs} = section
  const everyMs = guard.every ?? BUILT_IN_WITHDRAW.every
  const watched = await watchedOf(guard, Number.POSITIVE_INFINITY, context)
  const release = release_when ? await releaseOf(release_when, LONGEST_GAP * everyMs, context) : null
  return {
    ladder,
    guarded: {
      ladder,
      guard: {...watched, everyMs, advance: guard.advance, ...(guard.back && {back: guard.back})},
      release,
      dwellMs: dwell,
      maxStepBacks: max_step_backs,
    },
    via,
    reaches: [...watched.gauge.reaches, ...(release?.gauge.reaches ?? [])],
  }
}

/** An answer that comes later than the longest gap can never count, and the guard waits for it with its next look. */
async function releaseOf(section: ReleaseSection, mostMs: number, context: RodContext): Promise<Release> {
  const {http: _, command: __, ...when} = section
  return {...(await watchedOf(section, mostMs, context)), when: when satisfies Comparison}
}

async function watchedOf({http, command}: Pick<GuardSection, 'http' | 'command'>, mostMs: number, {folder, secret, invalid}: RodContext): Promise<Watched> {
  if (http) {
    const {httpGauge} = await import('./http-gauge.ts')
    const gauge: Gauge = await httpGauge({...http, timeoutMs: Math.min(http.timeout, mostMs)}, secret)
    return {gauge, ...defined({changeOverMs: http.change_over})}
  }
  if (!command) throw invalid([{path: ['withdraw'], message: 'a guard reads exactly one of http, command'}])
  const {commandGauge} = await import('./command-gauge.ts')
  return {gauge: commandGauge({argv: command.argv, cwd: folder, timeoutMs: Math.min(command.timeout, mostMs)})}
}
