import {describe, expect, it} from '@jest/globals'
import {printLength} from '../../src/incident/durations-print.ts'
import type {Draft} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import {impactOf} from '../../src/incident/impact.ts'
import {componentStatuses, publicImpact, statusNow} from '../../src/incident/public-impact.ts'
import type {ComponentStatus} from '../../src/incident/words.ts'
import {component, history, ID, MINUTE, opened, START_MS} from './history.ts'

const at = (minutes: number) => new Date(START_MS + minutes * MINUTE).toISOString()
/** A component's status from a minute on, as the tool itself recorded it. */
const set = (minutes: number, name: string, status: ComponentStatus, more = {}): Draft => ({
  ...component(name, status),
  at: at(minutes),
  basis: 'recorded',
  ...more,
})
const resolved = (minutes: number): Draft => ({kind: 'incident.resolved', data: {}, at: at(minutes), basis: 'recorded'})
const nowMs = START_MS + 60 * MINUTE
const folded = (...drafts: readonly Draft[]) => fold(ID, history(...drafts))
const impact = (...drafts: readonly Draft[]) => impactOf(folded(...drafts), {nowMs})
const minutes = (ms: number | undefined) => (ms === undefined ? undefined : ms / MINUTE)

describe('the impact of one component', () => {
  it('is the union of the times it was degraded or worse', () => {
    const [api] = impact(
      opened,
      set(0, 'api', 'partial_outage'),
      set(10, 'api', 'operational'),
      set(20, 'api', 'degraded_performance'),
      set(25, 'api', 'operational'),
    ).components
    expect(minutes(api?.impacted?.ms)).toBe(15)
    expect(api?.phases.map(({status, from, to}) => [status, minutes(from.atMs - START_MS), minutes(to.atMs - START_MS)])).toEqual([
      ['partial_outage', 0, 10],
      ['degraded_performance', 20, 25],
    ])
  })

  it('does not count planned maintenance, and counts what breaks during it', () => {
    const [api] = impact(
      opened,
      set(0, 'api', 'under_maintenance'),
      set(10, 'api', 'major_outage'),
      set(15, 'api', 'under_maintenance'),
      set(30, 'api', 'operational'),
    ).components
    expect(minutes(api?.impacted?.ms)).toBe(5)
    expect(minutes(api?.plannedLength?.ms)).toBe(25)
  })

  it('goes on until now while the incident is open', () => {
    const found = impact(opened, set(0, 'api', 'major_outage'))
    expect(printLength(found.components[0]?.impacted ?? null)).toBe('1h so far')
    expect(found.end).toBeNull()
    expect(found.byLevel.major_outage?.isSoFar).toBe(true)
  })

  it('ends with the resolve when nobody set it back, and says so', () => {
    const found = impact(opened, set(0, 'api', 'major_outage'), resolved(30), {kind: 'note.added', data: {noteKind: 'note', text: 'much later'}})
    expect(found.components[0]?.phases).toMatchObject([{isClosedByResolve: true, isOpen: false}])
    expect(minutes(found.union?.ms)).toBe(30)
  })

  it('ends with a merge', () => {
    expect(minutes(impact(opened, set(0, 'api', 'major_outage'), {kind: 'incident.merged', data: {into: 'x'}, at: at(12)}).union?.ms)).toBe(12)
  })

  it('that was closed without a resolve goes on to now, and is not called open', () => {
    const found = impact(opened, set(0, 'api', 'major_outage'), {kind: 'incident.closed', data: {}})
    expect(found.union).toMatchObject({ms: 60 * MINUTE, isSoFar: false})
  })

  it('goes on through the resolve when it was set back later', () => {
    expect(minutes(impact(opened, set(0, 'api', 'major_outage'), resolved(30), set(31, 'api', 'operational')).union?.ms)).toBe(31)
  })

  it('has no interval when it is set impaired only after the end: that is a warning', () => {
    const found = impact(opened, resolved(10), set(20, 'api', 'major_outage'))
    expect(found.components[0]?.impacted).toBeNull()
    expect(found.warnings).toEqual([expect.stringContaining('api was set major_outage')])
  })

  it('takes the later record of two at one instant', () => {
    const [api] = impact(opened, set(0, 'api', 'major_outage'), set(0, 'api', 'degraded_performance'), set(10, 'api', 'operational')).components
    expect(api?.phases.map(({status}) => status)).toEqual(['degraded_performance'])
  })

  it('is one phase when the same is said twice, and two when the extent differs', () => {
    const extent = (min: number) => ({data: {component: 'api', status: 'partial_outage', extent: {metric: 'traffic', min, max: 50}}})
    const same = impact(opened, set(0, 'api', 'partial_outage', extent(10)), set(5, 'api', 'partial_outage', extent(10)), set(10, 'api', 'operational'))
    expect(same.components[0]?.phases).toHaveLength(1)
    expect(minutes(same.components[0]?.byLevel.partial_outage?.ms)).toBe(10)
    const other = impact(opened, set(0, 'api', 'partial_outage', extent(10)), set(5, 'api', 'partial_outage', extent(20)), set(10, 'api', 'partial_outage'))
    expect(other.components[0]?.phases.map(({extent: share}) => share?.min)).toEqual([10, 20, undefined])
  })

  it('keeps what is known about its ends', () => {
    const [api] = impact(
      opened,
      set(0, 'api', 'major_outage', {basis: 'stated', precisionMs: MINUTE}),
      set(10, 'api', 'operational', {basis: 'estimated'}),
    ).components
    expect(api?.impacted).toMatchObject({basis: 'estimated', approx: true, precisionMs: MINUTE})
    expect(printLength(api?.impacted ?? null)).toBe('~10m')
  })
})

describe('the impact of the incident', () => {
  it('is a union over services, never a sum, and without other kinds', () => {
    const state = folded(
      opened,
      set(0, 'api', 'major_outage'),
      set(5, 'web', 'partial_outage'),
      set(10, 'api', 'operational'),
      set(20, 'web', 'operational'),
      set(0, 'chat', 'major_outage'),
      set(30, 'web', 'degraded_performance'),
      set(40, 'web', 'operational'),
    )
    const found = impactOf(state, {nowMs, kinds: {chat: 'communication', web: 'service'}})
    expect(minutes(found.union?.ms)).toBe(30)
    expect(found.spans).toHaveLength(2)
    expect([found.byLevel.major_outage, found.byLevel.partial_outage, found.byLevel.degraded_performance].map(level => minutes(level?.ms))).toEqual([
      10, 10, 10,
    ])
  })

  it('is not recorded when no component was impaired', () => {
    expect(impact(opened, set(0, 'api', 'operational'))).toMatchObject({union: null, start: null, end: null, isStartMarked: false, spans: []})
  })

  it('starts where it is marked, else with the first recorded impact; both are told when they differ', () => {
    const mark = (milestone: 'started' | 'recovered', when: number): Draft => ({
      kind: 'milestone.marked',
      data: {milestone},
      at: at(when),
      basis: 'stated',
      precisionMs: MINUTE,
    })
    const impaired = [set(0, 'api', 'major_outage'), set(20, 'api', 'operational')] as const
    expect(impact(opened, ...impaired)).toMatchObject({isStartMarked: false, start: {atMs: START_MS}, end: {atMs: START_MS + 20 * MINUTE}, warnings: []})
    const marked = impact(opened, ...impaired, mark('started', -13), mark('recovered', 15))
    expect(marked).toMatchObject({isStartMarked: true, isEndMarked: true, start: {atMs: START_MS - 13 * MINUTE}, end: {atMs: START_MS + 15 * MINUTE}})
    expect(marked.warnings).toHaveLength(2)
    expect(impact(opened, ...impaired, mark('started', 1)).warnings).toEqual([])
  })
})

describe('the public impact', () => {
  const level = (...drafts: readonly Draft[]) => publicImpact(folded(opened, ...drafts))

  it('is what someone said', () => expect(level(set(0, 'api', 'major_outage'), {kind: 'impact.set', data: {impact: 'minor'}})).toBe('minor'))
  it('of nothing impaired is none', () => {
    expect(level()).toBe('none')
    expect(level(set(0, 'api', 'under_maintenance'), set(1, 'web', 'operational'))).toBe('none')
  })
  it('of one component is by its level', () => {
    expect(level(set(0, 'api', 'degraded_performance'))).toBe('minor')
    expect(level(set(0, 'api', 'partial_outage'))).toBe('major')
    expect(level(set(0, 'api', 'major_outage'))).toBe('critical')
  })
  it('of several is by all and any', () => {
    const both = (a: ComponentStatus, b: ComponentStatus) => level(set(0, 'web', a), set(0, 'api', b))
    expect(both('major_outage', 'major_outage')).toBe('critical')
    expect(both('major_outage', 'degraded_performance')).toBe('major')
    expect(both('partial_outage', 'partial_outage')).toBe('major')
    expect(both('partial_outage', 'degraded_performance')).toBe('minor')
    expect(both('degraded_performance', 'degraded_performance')).toBe('minor')
  })
  it('is that of the worst moment, and never falls', () => {
    expect(level(set(0, 'api', 'major_outage'), set(10, 'api', 'operational'), set(11, 'web', 'degraded_performance'))).toBe('critical')
  })
  it('counts those that are back as operational', () => {
    const first = [set(0, 'api', 'partial_outage'), set(0, 'web', 'degraded_performance')] as const
    expect(level(...first, set(5, 'api', 'operational'), set(10, 'web', 'partial_outage'))).toBe('minor')
    expect(level(...first, set(10, 'web', 'partial_outage'))).toBe('major')
  })
  it('does not look between two changes of one instant', () => {
    expect(level(set(0, 'api', 'major_outage'), set(0, 'api', 'degraded_performance'))).toBe('minor')
  })
})

it('the status of a component now is what was set last', () => {
  const state = folded(opened, set(0, 'api', 'major_outage'), set(5, 'api', 'partial_outage'))
  expect(statusNow(state, 'api')).toBe('partial_outage')
  expect(componentStatuses(state, ['web', 'api', 'constructor'])).toEqual({web: 'operational', api: 'partial_outage', constructor: 'operational'})
})
