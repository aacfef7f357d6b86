import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {cadenceOf} from '../../src/incident/cadence.ts'
import {printInstant, printLength, printPhase} from '../../src/incident/durations-print.ts'
import type {ScramEvent} from '../../src/incident/events.ts'
import {impactOf} from '../../src/incident/impact.ts'
import {instantOf} from '../../src/incident/instant.ts'
import {between} from '../../src/incident/length.ts'
import {measuresOf} from '../../src/incident/measures.ts'
import {correctionsOf, timelineRows} from '../../src/incident/timeline.ts'
import {goldenDay, goldenState, KINDS, NOW_MS} from './golden-day.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

function look(events = goldenDay()) {
  const state = goldenState(events)
  const impact = impactOf(state, {nowMs: NOW_MS, kinds: KINDS})
  const {rows} = measuresOf(state, impact, {nowMs: NOW_MS, kinds: KINDS, events})
  const measure = (name: string) => rows.find(row => row.measure === name)
  const of = (name: string) => impact.components.find(({component}) => component === name)
  return {state, impact, measure, of, events, cadence: cadenceOf(state, {nowMs: NOW_MS, policyMs: 30 * MINUTE})}
}

const day = look()

describe('2012-06-07: golden facts, that may be asserted of the real day', () => {
  it('impact starts at 15:52:41', () => {
    expect(day.impact.start?.atMs).toBe(Date.parse('2012-06-07T15:52:41.000Z'))
    expect(day.impact.isStartMarked).toBe(true)
  })

  it.each(['production', 'development'])('%s was impacted 2h16m, in three phases that add up', name => {
    const found = day.of(name)
    expect(found?.impacted).toMatchObject({ms: 8_160_000, basis: 'stated', approx: false})
    expect(printLength(found?.impacted ?? null)).toBe('2h16m')
    const levels = found?.byLevel
    expect([levels?.major_outage?.ms, levels?.partial_outage?.ms, levels?.degraded_performance?.ms]).toEqual([1_800_000, 5_400_000, 960_000])
    const phases = found?.phases.map(({from, to, extent}) => printPhase(between(from, to), extent))
    expect(phases).toEqual(['~30m', '~1h30m (10–15 % of HTTP traffic)', '~16m'])
  })

  it('the union over both is 2h16m, not 4h32m', () => {
    expect(day.impact.union).toMatchObject({ms: 8_160_000})
    expect(printLength(day.impact.union)).toBe('2h16m')
  })

  it('a rod is no impact: the API was impacted 0 ms', () => {
    expect(day.of('api')).toMatchObject({impacted: null, phases: []})
  })

  it('the status site is impaired, worse early and then intermittent, and not part of the impact', () => {
    expect(day.of('status-site')?.phases.map(({status}) => status)).toEqual(['major_outage', 'partial_outage'])
    expect(day.of('status-site')?.kind).toBe('communication')
  })

  it.each([
    ['engage', '≤ 2m'],
    ['public', '3m'],
    ['diagnose', '≤ 7m'],
  ])('%s is stated with its bound', (name, printed) => {
    expect(day.measure(name)).toMatchObject({printed, basis: 'stated', stated: {from: 'first alert'}, warnings: []})
  })

  it('silence is 3m10s, from a stated instant to a recorded one', () => {
    expect(day.measure('silence')).toMatchObject({printed: '3m10s', basis: 'stated', computed: {ms: 190_000}})
  })

  it('mitigate is about 30 minutes', () => {
    expect(day.measure('mitigate')).toMatchObject({printed: '~30m', basis: 'stated', computed: {ms: 1_800_000}})
  })

  it('detect is not recorded: ten seconds are less than what is uncertain about the alert', () => {
    expect(day.measure('detect')).toMatchObject({printed: 'not recorded', basis: null, reason: 'uncertain by more than its value'})
    expect(day.measure('acknowledge')).toMatchObject({printed: 'not recorded', reason: 'no acknowledgement is marked'})
  })

  it('the first alert is about 15:52:51, give or take a minute', () => {
    const {detected} = day.state.milestones
    expect(detected && printInstant(instantOf(detected))).toBe('~15:52:51 ±1m')
  })

  it('updates 1 to 7 keep their instants to the second, without a dagger', () => {
    const rows = timelineRows(day.events).filter(({kind}) => kind === 'update.posted')
    const shown = rows.map(({at, isBackdated, approx}) => `${at.slice(11, 19)}${isBackdated ? '†' : ''}${approx ? '~' : ''}`)
    expect(shown.slice(0, 7)).toEqual(['15:55:51', '15:58:56', '16:15:25', '16:36:37', '16:50:21', '17:16:40', '17:47:26'])
    expect(shown.slice(7).every(each => each.endsWith('†~'))).toBe(true)
  })

  it('the gaps between them, their median 18m51s, and the longest silence 30m46s', () => {
    const seven = {...day.state, updates: day.state.updates.slice(0, 7)}
    const {gaps, median, longest, overPolicy} = cadenceOf(seven, {nowMs: NOW_MS, policyMs: 30 * MINUTE})
    expect(gaps.map(({length}) => printLength(length))).toEqual(['3m05s', '16m29s', '21m12s', '13m44s', '26m19s', '30m46s'])
    expect(median?.ms).toBe(1_130_500)
    expect(printLength(median)).toBe('18m51s')
    expect(longest).toMatchObject({from: 6, to: 7, length: {ms: 1_846_000}})
    expect(overPolicy).toBe(1)
  })

  it('the change of update 6 interrupts no silence, and its old text is not recorded', () => {
    expect(day.cadence.longest).toMatchObject({from: 6, to: 7, length: {ms: 1_846_000}})
    expect(correctionsOf(day.events)).toMatchObject([{of: 'text', old: null, at: '2012-06-07T17:26:55.000Z'}])
    expect(day.state.updates[5]?.amendments).toHaveLength(1)
  })

  it('no next update was promised, a postmortem was', () => {
    expect(day.cadence).toMatchObject({updates: 9, promises: [], openPromises: [{what: 'postmortem', update: 9}]})
  })

  it('nothing was reopened, and now does not matter', () => {
    expect(day.state.reopens).toHaveLength(0)
    const {rows} = measuresOf(day.state, day.impact, {nowMs: NOW_MS + HOUR, kinds: KINDS, events: day.events})
    expect(rows.map(({printed}) => printed)).toEqual(rowsOf(day).map(({printed}) => printed))
  })
})

describe('2012-06-07: under the encoded reading of the published 2h16m', () => {
  it.each([
    ['recover', 8_160_000, '2h16m'],
    ['resolve', 8_160_000, '2h16m'],
    ['declared', 7_970_000, '2h13m'],
    ['response', 8_150_000, '~2h16m'],
  ])('%s', (name, ms, printed) => {
    expect(day.measure(name)).toMatchObject({printed, basis: 'stated', computed: {ms}})
  })

  it('the end is 18:08:41, give or take a minute, and not the last event', () => {
    expect(day.impact.end).toMatchObject({atMs: Date.parse('2012-06-07T18:08:41.000Z'), precisionMs: MINUTE})
    expect(day.impact.end && printInstant(day.impact.end)).toBe('18:08:41 ±1m')
  })
})

describe('2012-06-07: filler, a regression of this file and no fact of that day', () => {
  it('the status site, the planned hour and a half of the API, and when the page was readable', () => {
    expect(day.of('status-site')?.impacted).toMatchObject({ms: 5_649_000, basis: 'assumed'})
    expect(printLength(day.of('status-site')?.impacted ?? null)).toBe('~1h34m')
    expect(day.of('api')?.plannedLength).toMatchObject({ms: 5_520_000, basis: 'assumed'})
    expect(day.measure('readable')).toMatchObject({printed: '~37m', basis: 'assumed', computed: {ms: 2_229_000}})
  })

  it('the gaps over nine updates', () => {
    expect(day.cadence.gaps.map(({length}) => length.ms)).toEqual([185_000, 989_000, 1_272_000, 824_000, 1_579_000, 1_846_000, 454_000, 821_000])
    expect(day.cadence).toMatchObject({median: {ms: 906_500}, overPolicy: 1})
    expect(printLength(day.cadence.median)).toBe('~15m')
  })
})

it('whatever the assumed instants were, the golden facts do not change', () => {
  const moved = (by: readonly number[]) => {
    let i = 0
    return goldenDay((at, event) => {
      const offset = by[i++ % by.length] ?? 0
      return mayMove(event) ? new Date(Date.parse(at) + offset * 1000).toISOString() : at
    })
  }
  fc.assert(
    fc.property(fc.array(fc.integer({min: -50, max: 50}), {minLength: 1, maxLength: 20}), by => {
      const other = look(moved(by))
      expect(other.impact.union?.ms).toBe(8_160_000)
      for (const name of ['engage', 'public', 'diagnose', 'silence', 'mitigate', 'detect', 'recover', 'resolve', 'declared', 'response']) {
        expect(other.measure(name)?.printed).toBe(day.measure(name)?.printed)
      }
      expect(other.cadence.longest).toMatchObject({from: 6, to: 7, length: {ms: 1_846_000}})
    }),
    {numRuns: 50},
  )
})

/** Update 9 came with the resolve; everything else that is assumed may have been a little earlier or later. */
function mayMove(event: ScramEvent): boolean {
  return !(event.kind === 'update.posted' && event.data.number === 9)
}

function rowsOf({state, impact, events}: ReturnType<typeof look>) {
  return measuresOf(state, impact, {nowMs: NOW_MS, kinds: KINDS, events}).rows
}
