import type {Opaque, Recorded} from '../incident/events.ts'
import {type ApiFigures, apiFigures} from './api-figures.ts'
import {type ImpactFigures, impactFigures} from './impact-figures.ts'
import type {PlatformStats} from './platform.ts'
import {type RodMove, rodMoves} from './rod-moves.ts'
import {type TalkFigures, talkFigures} from './talk-figures.ts'

export interface DrillReport {
  readonly schema: 'scram.drill-report/1'
  readonly scenario: string
  readonly seed: number
  /** `inconclusive` is not a pass: the machine, not the people, decided the figures. */
  readonly outcome: 'held' | 'not-held' | 'inconclusive'
  readonly impact: ImpactFigures
  readonly api: ApiFigures
  readonly rods: readonly RodMove[]
  readonly communication: TalkFigures
  /** The same things on 2012-06-07, as its report states them. Beside, never converted: drill time is not that day's. */
  readonly theDay: typeof THE_DAY
  readonly expectations: readonly Expectation[]
  /** Why the figures say nothing; empty when they do. */
  readonly doubts: readonly string[]
}

export interface Expectation {
  readonly name: string
  readonly isHeld: boolean
  readonly figure: string
  readonly margin: string
}

export const THE_DAY = {
  engaged: 'within 2 minutes of the alerts',
  diagnosed: 'within 7 minutes',
  publicIncident: '3 minutes after the first alert',
  completeOutage: 'approximately 30 minutes',
  impact: '2h16m (Production and Development)',
  rod: 'API maintenance mode, for most of the outage',
} as const

const LATE_TIMERS_MS = 100
const FEWEST_ARRIVALS = 0.9
/** One request that was sent just before the break and answered after it must not spoil the baseline. */
const BASELINE_SHARE = 0.95
const LONGEST_RECOVERY_MS = 12_000

/**
 * What a drill of the routing outage showed, from what its customers met and what was recorded. Pure. The expectations
 * are wide margins on purpose: they tell a loop that was broken from one that was not, not a fast machine from a slow one.
 */
export function drillReport({
  scenario,
  stats,
  events,
  now,
}: {
  scenario: string
  stats: PlatformStats
  /** Of the drill's incident, rods and runs included, in record order. */
  events: readonly (Recorded | Opaque)[]
  now: string
}): DrillReport {
  const impact = impactFigures(stats)
  const rods = rodMoves(events)
  const communication = talkFigures(events, {firstAlertAt: stats.load.alert.firstAt, nowMs: Date.parse(now)})
  const api = apiFigures(stats, events)
  const expectations = expected({impact, rods, communication, api, isResolved: events.some(({kind}) => kind === 'incident.resolved')})
  const doubts = doubtsAbout(stats, impact)
  const outcome = doubts.length > 0 ? 'inconclusive' : expectations.every(({isHeld}) => isHeld) ? 'held' : 'not-held'
  return {schema: 'scram.drill-report/1', scenario, seed: stats.seed, outcome, impact, api, rods, communication, theDay: THE_DAY, expectations, doubts}
}

function expected(seen: Pick<DrillReport, 'impact' | 'rods' | 'communication' | 'api'> & {isResolved: boolean}): readonly Expectation[] {
  const {impact, rods, communication, api, isResolved} = seen
  const inserted = rods.find(({outcome}) => outcome === 'inserted')
  const out = rods.findLast(({outcome}) => outcome === 'withdrawn')
  const {alertToOpenedMs, openedToFirstUpdateMs} = communication
  const expect = (name: string, isHeld: boolean, figure: string | number | null, margin: string): Expectation => ({
    name,
    isHeld,
    figure: figure === null ? 'not recorded' : String(figure),
    margin,
  })
  return [
    expect('the break took routing down for everybody', (impact.completeOutage?.seconds ?? 0) >= 1, seconds(impact.completeOutage?.seconds), '1 s or more'),
    expect('the monitor saw it', communication.firstAlertAt !== null, communication.firstAlertAt, 'an alert'),
    expect('an incident was opened after the alert', alertToOpenedMs !== null && alertToOpenedMs >= 0, ms(alertToOpenedMs), 'after it'),
    expect('customers were told', openedToFirstUpdateMs !== null, ms(openedToFirstUpdateMs), 'one update or more'),
    expect('the rod was seen in through the users’ path', (inserted?.effectiveMs ?? null) !== null, ms(inserted?.effectiveMs), 'a probe that agrees'),
    expect('and customers were refused by it', inserted !== undefined && api.refused > 0, api.refused, '1 or more'),
    expect(
      'the patch brought routing back',
      impact.patchToLiveMs !== null && impact.patchToLiveMs <= LONGEST_RECOVERY_MS,
      ms(impact.patchToLiveMs),
      `${LONGEST_RECOVERY_MS / 1000} s or less`,
    ),
    expect('the rod was withdrawn after it', isAfter(out?.at, impact.liveAt), out?.at ?? null, 'after routing was live'),
    expect('the incident was resolved', isResolved, isResolved ? 'yes' : 'no', 'yes'),
  ]
}

function doubtsAbout({manager, api, load}: PlatformStats, {shareBefore, brokenAt}: ImpactFigures): readonly string[] {
  const doubts: string[] = []
  if (brokenAt !== null && (shareBefore ?? 0) < BASELINE_SHARE) doubts.push('routing was not whole before the break')
  const {customers, routerClients} = load
  if (customers.arrived < customers.planned * FEWEST_ARRIVALS) doubts.push(`only ${customers.arrived} of ${customers.planned} customers came`)
  if (routerClients && routerClients.sent < routerClients.planned * FEWEST_ARRIVALS)
    doubts.push(`only ${routerClients.sent} of ${routerClients.planned} requests to the router were sent`)
  for (const [who, lagMs] of [
    ['manager', manager.lag_p99_ms],
    ['API', api.lag_p99_ms],
    ['load', load.lagP99Ms],
  ] as const)
    if (lagMs > LATE_TIMERS_MS) doubts.push(`timers of the ${who} were ${lagMs} ms late (99th percentile; ${LATE_TIMERS_MS} ms is the limit)`)
  return doubts
}

const ms = (value: number | null | undefined) => (value == null ? null : `${value} ms`)
const seconds = (value: number | undefined) => (value === undefined ? null : `${value} s`)
const isAfter = (at: string | undefined, than: string | null) => at !== undefined && than !== null && Date.parse(at) >= Date.parse(than)
