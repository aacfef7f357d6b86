import {describe, expect, it} from '@jest/globals'
import type {Second} from '../../src/drill/per-second.ts'
import type {PlatformStats} from '../../src/drill/platform.ts'
import {drillReport} from '../../src/drill/report.ts'
import type {Recorded, ScramEvent} from '../../src/incident/events.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString()
const well: Second = {routerOk: 10, routerFailed: 0, apiServed: 10, apiRefused: 0, apiTimeouts: 0, apiFailed: 0}
const down: Second = {routerOk: 0, routerFailed: 10, apiServed: 10, apiRefused: 0, apiTimeouts: 0, apiFailed: 0}
const rodIn: Second = {...down, apiServed: 0, apiRefused: 10}
const half: Second = {...rodIn, routerOk: 5, routerFailed: 5}

interface Change {
  readonly manager?: PlatformStats['manager']
  readonly api?: PlatformStats['api']
  readonly load?: Partial<PlatformStats['load']>
  readonly router?: Partial<PlatformStats['router']>
}

function stats(change: Change = {}): PlatformStats {
  return {
    seed: 7,
    manager: change.manager ?? {q: 0, seq: 60, snapshots: 60, writes: 60, wasted: 0, oldest_ms: 0, lag_p99_ms: 12},
    api: change.api ?? {admitted: 60, refused: 60, ok: 60, failed: 0, lag_p99_ms: 12},
    router: {mode: 'live', version: 'patched', crashes: 4, boots: 6, brokenAt: at(2), patchedAt: at(8), liveAt: at(9), ...change.router},
    load: {
      startedAt: at(0),
      customers: {perSecond: 20, planned: 70, arrived: 70, dropped: 1, waiting: 2, served: 60, refused: 60, timeouts: 3, failed: 4},
      routerClients: {planned: 120, sent: 120, dropped: 0},
      seconds: [well, well, half, down, down, rodIn, rodIn, rodIn, rodIn, half, well, well],
      alert: {firstAt: at(3), resolvedAt: at(10)},
      lagP99Ms: 12,
      ...change.load,
    },
  }
}

let number = 0
function record(second: number, event: ScramEvent): Recorded {
  number += 1
  const id = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
  const envelope = {v: 1, id, incident: '0101-aaaa', origin: 'o', epoch: 1, seq: number, prev: '', hash: '', hlc: [number, 0]} as const
  return {...envelope, at: at(second), recorded: at(second), actor: {name: 'anna', kind: 'person'}, ...event}
}
const moved = (second: number, kind: 'rod.inserted' | 'rod.withdrawn', to: string, effective = true) =>
  record(second, {
    kind,
    data: {
      rod: 'api-maintenance',
      to,
      intent: 'i',
      why: 'contain',
      targets: [{target: '', acknowledged: {ms: 12, detail: '200'}, readBack: {position: to, ms: 20, evidence: ''}}],
      ...(effective && {effective: {position: to, probe: 'http', ms: 340, evidence: '503'}}),
    },
  })
const update = (second: number, n: number, nextUpdateBy: string) =>
  record(second, {kind: 'update.posted', data: {number: n, status: 'investigating', body: 'text', components: {}, nextUpdateBy}})

const day = [
  record(4, {kind: 'incident.opened', data: {title: 'Drill', severity: 'SEV1', drill: true}}),
  update(4, 1, at(7)),
  moved(5, 'rod.inserted', 'inserted'),
  record(6, {kind: 'page.published', data: {target: 'disk', revision: 1, digest: 'd', ms: 3}}),
  update(8, 2, at(20)),
  moved(10, 'rod.withdrawn', 'withdrawn'),
  record(11, {kind: 'incident.resolved', data: {}}),
]

describe('the report of a drill', () => {
  it('says what customers met, to the second', () => {
    const {impact, api} = drillReport({scenario: 'routing-outage', now: at(60), stats: stats(), events: day})
    expect(impact).toMatchObject({
      requests: 120,
      ok: 50,
      shareBefore: 1,
      completeOutage: {from: at(3), to: at(9), seconds: 6},
      degradedSeconds: 2,
      patchToLiveMs: 1000,
      crashes: 4,
    })
    expect(impact.perSecond.slice(0, 4)).toEqual([1, 1, 0.5, 0])
    expect(api).toMatchObject({served: 60, refused: 60, timeouts: 3, failed: 4, dropped: 1})
  })

  it.each([
    ['no second incident', 20, false],
    ['a second incident', 21, true],
  ])('sees %s after the withdrawal in %i timeouts', (_, apiTimeouts, isSecondIncident) => {
    const {seconds} = stats().load
    const before = seconds.map((second, i) => (i < 10 ? {...second, apiTimeouts: 50} : second))
    const load = {seconds: [...before, {...well, apiTimeouts}]}
    const withdrawing = record(10, {kind: 'rod.withdrawing', data: {rod: 'api-maintenance', to: 'withdrawn', from: [], why: 'over', overrides: []}})
    const report = drillReport({scenario: 'routing-outage', now: at(60), stats: stats({load}), events: [...day, withdrawing]})
    expect(report.api).toMatchObject({timeoutsAfterWithdrawal: apiTimeouts, isSecondIncident})
    const untouched = drillReport({scenario: 'routing-outage', now: at(60), stats: stats({load}), events: day})
    expect(untouched.api).toMatchObject({timeoutsAfterWithdrawal: null, isSecondIncident: false})
  })

  it('gives each move its three facts and how long it was held', () => {
    const {rods} = drillReport({scenario: 'routing-outage', now: at(60), stats: stats(), events: day})
    expect(rods).toMatchObject([
      {rod: 'api-maintenance', outcome: 'inserted', by: 'anna', acknowledgedMs: 12, readBackMs: 20, effectiveMs: 340, heldMs: 5000},
      {outcome: 'withdrawn', heldMs: null},
    ])
  })

  it('follows the talk from the first alert to the page, and the promises', () => {
    const {communication} = drillReport({scenario: 'routing-outage', now: at(60), stats: stats(), events: day})
    expect(communication).toMatchObject({
      alertToOpenedMs: 1000,
      openedToFirstUpdateMs: 0,
      alertToReadableMs: 3000,
      updates: 2,
      promises: {kept: 1, late: 1, open: 0},
    })
  })

  it('puts the day itself beside it, in its own words and not as a number', () => {
    const {theDay} = drillReport({scenario: 'routing-outage', now: at(60), stats: stats(), events: day})
    expect(Object.values(theDay).every(words => typeof words === 'string')).toBe(true)
    expect(theDay.impact).toContain('2h16m')
  })

  it('holds when the loop was broken, with the rod seen in and out', () => {
    const report = drillReport({scenario: 'routing-outage', now: at(60), stats: stats(), events: day})
    expect(report.expectations.filter(({isHeld}) => !isHeld)).toEqual([])
    expect(report.outcome).toBe('held')
  })

  it.each([
    ['no incident', [], 'an incident was opened after the alert'],
    [
      'an unproven rod',
      [...day.filter(({kind}) => kind !== 'rod.inserted'), moved(5, 'rod.inserted', 'inserted', false)],
      'the rod was seen in through the users’ path',
    ],
    ['a rod left in', day.filter(({kind}) => kind !== 'rod.withdrawn'), 'the rod was withdrawn after it'],
    ['no resolve', day.filter(({kind}) => kind !== 'incident.resolved'), 'the incident was resolved'],
  ])('does not hold with %s', (_, events, name) => {
    const report = drillReport({scenario: 'routing-outage', now: at(60), stats: stats(), events})
    expect(report.outcome).toBe('not-held')
    expect(report.expectations.filter(({isHeld}) => !isHeld).map(expectation => expectation.name)).toContain(name)
  })

  it('does not hold while routing has not come back', () => {
    const report = drillReport({scenario: 'routing-outage', now: at(60), stats: stats({router: {liveAt: null, mode: 'crashed'}}), events: day})
    expect(report.expectations.find(({name}) => name === 'the patch brought routing back')).toMatchObject({isHeld: false, figure: 'not recorded'})
  })

  it.each([
    ['late timers', {load: {lagP99Ms: 300}}],
    ['late timers of the manager', {manager: {...stats().manager, lag_p99_ms: 300}}],
    ['late timers of the API', {api: {...stats().api, lag_p99_ms: 300}}],
    ['missing customers', {load: {customers: {...stats().load.customers, arrived: 30}}}],
    ['missing requests', {load: {routerClients: {planned: 120, sent: 60, dropped: 60}}}],
    ['no baseline', {load: {seconds: [down, down, down]}}],
  ])('is inconclusive, and no pass, with %s', (_, change) => {
    const report = drillReport({scenario: 'routing-outage', now: at(60), stats: stats(change), events: day})
    expect([report.outcome, report.doubts.length]).toEqual(['inconclusive', 1])
  })

  it('has figures before anything happened', () => {
    const report = drillReport({
      scenario: 'free',
      stats: stats({
        load: {seconds: [], alert: {firstAt: null, resolvedAt: null}},
        router: {brokenAt: null, patchedAt: null},
      }),
      events: [],
      now: at(60),
    })
    expect(report.impact).toMatchObject({share: null, completeOutage: null, patchToLiveMs: null})
    expect(report.communication).toMatchObject({alertToOpenedMs: null, promises: {kept: 0, late: 0, open: 0}})
  })
})
