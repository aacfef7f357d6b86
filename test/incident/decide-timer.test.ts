import {describe, expect, it} from '@jest/globals'
import {type DueWork, dueWork} from '../../src/incident/due-work.ts'
import type {Draft, PromisePolicy, Recorded} from '../../src/incident/events.ts'
import type {Intention} from '../../src/incident/intentions.ts'
import {given, givenRecords} from './given.ts'
import {history, ID, MINUTE, opened, recorder, START_MS, update, worldAfter} from './history.ts'

const at = (minutes: number) => new Date(START_MS + minutes * MINUTE).toISOString()
const TIMER = '01900000-0000-7000-8000-00000000beef'
const resolved: Draft = {kind: 'incident.resolved', data: {}}
const scheduled = (minutes: number, more: object = {}): Draft =>
  ({id: TIMER, kind: 'timer.set', data: {timer: TIMER, what: 'update', due: at(minutes), update: {text: 'Soon back.', workspace: 'none', ...more}}}) as Draft // a draft with an id
const schedule = {intend: 'schedule-update', timer: TIMER, due: at(15), workspace: 'none', text: 'Soon back.'} as const
const post: Intention = {intend: 'post-scheduled', timer: TIMER, isAsked: false}
const ask: Intention = {...post, isAsked: true}

describe('an update for later', () => {
  it('is recorded with its text and its time, and nothing is public yet', () => {
    given(opened)
      .when({...schedule, status: 'identified', next: 20 * MINUTE, components: {api: 'operational'}})
      .then({
        kind: 'timer.set',
        data: {
          timer: TIMER,
          what: 'update',
          due: at(15),
          update: {text: 'Soon back.', status: 'identified', next: 20 * MINUTE, components: {api: 'operational'}, workspace: 'none'},
        },
      })
  })

  it('is refused at once for what would be refused then, for its author is here to mend it', () => {
    given(opened)
      .when({...schedule, text: ' '})
      .refuses('text.empty')
    given(opened)
      .when({...schedule, status: 'resolved'})
      .refuses('guard.refused', 'does not resolve')
    given({kind: 'incident.opened', data: {title: 't', severity: 'SEV1', private: true}})
      .when(schedule)
      .refuses('guard.refused', 'private')
  })

  it('is refused after the end, in the past and more than half a day ahead', () => {
    given(opened, update(1), resolved).when(schedule).refuses('guard.refused', 'nothing is scheduled after the end')
    given(opened)
      .when({...schedule, due: at(10)})
      .refuses('time.invalid', 'not in the future')
    given(opened)
      .when({...schedule, due: at(10 + 12 * 60 + 1)})
      .refuses('time.invalid', 'at most 12h ahead')
  })

  it('is one of twenty at most', () => {
    const twenty = Array.from(
      {length: 20},
      (_, i): Draft => ({kind: 'timer.set', data: {timer: `t${i}`, what: 'update', due: at(15), update: {text: 'x', workspace: 'none'}}}),
    )
    given(opened, ...twenty)
      .when(schedule)
      .refuses('guard.refused', '20 updates', 'scram update --cancel t0')
    given(opened, ...twenty.slice(1))
      .when(schedule)
      .records('timer.set')
  })

  it('is taken back, once', () => {
    given(opened, scheduled(15)).when({intend: 'cancel-update', timer: TIMER}).records('timer.cancelled')
    given(opened).when({intend: 'cancel-update', timer: TIMER}).refuses('entry.not-found', '0000beef')
  })
})

describe('when its time has come it', () => {
  const dueOf = (events: readonly Recorded[], minutes: number, origin = 'a0') =>
    dueWork(worldAfter(events).board, START_MS + minutes * MINUTE, origin).map(due => due.do)

  it('is due, on the machine that wrote it only', () => {
    const events = history(opened, scheduled(15))
    expect([dueOf(events, 14), dueOf(events, 15), dueOf(events, 15, 'b0')]).toEqual([[], ['post-update'], []])
  })

  it('is posted with the name of its entry, up to five minutes late', () => {
    const {decision} = givenRecords(history(opened, update(1), scheduled(5, {status: 'identified', next: MINUTE}))).when(post)
    expect(decision).toMatchObject({
      events: [
        {kind: 'update.posted', data: {number: 2, body: 'Soon back.', status: 'identified', timer: TIMER, nextUpdateBy: at(11)}},
        {kind: 'timer.fired', data: {timer: TIMER, what: 'update', outcome: 'posted', lateMs: 5 * MINUTE}},
      ],
    })
  })

  it('is held when it is later, and once only', () => {
    given(opened, scheduled(4))
      .when(post)
      .then({kind: 'timer.fired', data: {timer: TIMER, what: 'update', outcome: 'held', lateMs: 6 * MINUTE, reason: '6m late'}})
    const held: Draft = {kind: 'timer.fired', data: {timer: TIMER, what: 'update', outcome: 'held', lateMs: 6 * MINUTE, reason: '6m late'}}
    const events = history(opened, scheduled(4), held)
    expect(dueOf(events, 12)).toEqual([])
    expect(worldAfter(events).board.timers[TIMER]?.told).toMatchObject({reason: '6m late'})
    givenRecords(events).when(post).records()
  })

  it('is held when it would be refused by now', () => {
    const {decision} = given(opened, scheduled(10, {status: 'resolved'})).when(post)
    expect(decision).toMatchObject({events: [{kind: 'timer.fired', data: {outcome: 'held', reason: expect.stringContaining('does not resolve')}}]})
  })

  it('goes out late, early or held when a person says so; then it is gone', () => {
    given(opened, update(1), scheduled(1)).when(ask).records('update.posted', 'timer.fired')
    given(opened, update(1), scheduled(60)).when(ask).records('update.posted', 'timer.fired')
    given(opened).when(ask).refuses('entry.not-found')
    given(opened, scheduled(10, {status: 'resolved'}))
      .when(ask)
      .refuses('guard.refused')
  })

  it('is void when its incident ended or its text was hidden meanwhile', () => {
    for (const end of [resolved, {kind: 'entry.redacted', data: {entry: TIMER, why: 'a name'}} as Draft]) {
      const events = history(opened, update(1), scheduled(5), end)
      expect(dueOf(events, 5)).toEqual([])
      givenRecords(events).when(post).records('timer.cancelled')
    }
  })
})

const POLICY: PromisePolicy = {mode: 'auto', fallback: 'We are still working on this.', everyMs: 15 * MINUTE, atMostMs: 30 * MINUTE}
const started = (updates?: PromisePolicy): Draft =>
  ({
    kind: 'run.started',
    data: {run: 'r-1', runbook: 'b', title: 't', text: '', sha256: '', path: '', inputs: {}, mode: 'auto', ...(updates && {updates})},
  }) as Draft // a whole run.started
const promised = (number: number, minutes: number) => update(number, {nextUpdateBy: at(minutes)})

/** Does what is due at these minutes, as `watch` would, and answers with what was recorded, the minutes before each. */
function passing(past: readonly Draft[], minutes: readonly number[], fills = true): readonly string[] {
  const write = recorder()
  const events = past.map(draft => write(draft))
  const told: string[] = []
  for (const minute of minutes) {
    const now = START_MS + minute * MINUTE
    for (const due of dueWork(worldAfter(events).board, now, 'a0')) {
      const decision = givenRecords(events).in({now}).when(intentionOf(due)).decision
      for (const draft of decision.refused || (due.do === 'fill-silence' && !fills) ? [] : decision.events) {
        events.push(write(draft, {nowMs: now}))
        told.push(`${minute} ${draft.kind === 'timer.fired' ? (draft.data.promise?.stage ?? draft.data.outcome) : draft.kind}`)
      }
    }
  }
  return told
}

function intentionOf(due: DueWork): Intention {
  if (due.do === 'fill-silence') return {intend: 'fill-silence'}
  if (due.do === 'tell-promise') return {intend: 'remind-of-promise'}
  return due.do === 'tell-wait' ? {intend: 'tell-wait', timer: due.timer.timer} : {intend: 'post-scheduled', timer: due.timer.timer, isAsked: false}
}

const everyMinute = (from: number, to: number) => Array.from({length: to - from + 1}, (_, i) => from + i)

describe('a promise', () => {
  it('is reminded of five minutes before, at its time and five minutes after, each once', () => {
    expect(passing([opened, promised(1, 20)], everyMinute(1, 120))).toEqual(['15 soon', '20 due', '25 overdue'])
  })

  it('found late is reminded of once, by the newest reminder', () => {
    expect(passing([opened, promised(1, 20)], [90, 91])).toEqual(['90 overdue'])
  })

  it('is not reminded of again when the clock steps back', () => {
    expect(passing([opened, promised(1, 20)], [20, 14, 16, 20, 21])).toEqual(['20 due'])
  })

  it('for less than five minutes has no reminder before', () => {
    expect(passing([opened, promised(1, 4)], everyMinute(1, 9))).toEqual(['4 due', '9 overdue'])
  })

  it('that was kept, moved or ended is not reminded of; the next one is', () => {
    expect(passing([opened, promised(1, 20), promised(2, 40)], everyMinute(1, 36))).toEqual(['35 soon'])
    expect(passing([opened, promised(1, 20), {kind: 'update.amended', data: {update: 'x', number: 1, nextUpdateBy: at(30)}}], everyMinute(1, 26))).toEqual([
      '25 soon',
    ])
    expect(passing([opened, promised(1, 20), resolved], everyMinute(1, 60))).toEqual([])
  })

  it('that a runbook prompts for is never kept by a text nobody wrote', () => {
    expect(passing([started({...POLICY, mode: 'prompt'}), opened, promised(1, 20)], everyMinute(1, 60))).toEqual([
      '15 soon',
      '20 due',
      '25 overdue',
      '31 at_most',
    ])
  })

  it('is kept by the fallback a runbook chose, once per silence, also when the run is over', () => {
    const over: Draft = {kind: 'run.finished', data: {run: 'r-1', outcome: 'done', counts: {}, rodsIn: []}}
    const past = [started(POLICY), opened, promised(1, 20), over]
    expect(passing(past, everyMinute(1, 60))).toEqual(['15 soon', '20 update.posted', '30 soon', '35 due', '40 overdue', '50 at_most'])
  })

  it('is kept by a fallback again after a person has spoken', () => {
    const auto = update(2, {auto: true, nextUpdateBy: at(25)})
    expect(passing([started(POLICY), opened, promised(1, 5), auto], [30])).toEqual(['30 overdue'])
    expect(passing([started(POLICY), opened, promised(1, 5), auto, promised(3, 25)], [25])).toEqual(['25 update.posted'])
  })
})

describe('a wait that is over', () => {
  const wait: Draft = {kind: 'timer.set', data: {timer: 'r-1/soak', what: 'wait', due: at(5), run: 'r-1', step: 'soak'}}
  const parked: Draft = {kind: 'run.parked', data: {run: 'r-1', step: 'soak', reason: 'interrupted', needs: 'to be resumed', exit: 130}}

  it('of a run that is driven is the run’s own', () => {
    expect(passing([opened, started(), wait], [6])).toEqual([])
  })

  it('of a parked run is told once, outside the record of the run', () => {
    expect(passing([opened, started(), wait, parked], [4, 6, 7, 60])).toEqual(['6 told'])
    const {decision} = given(opened, started(), wait, parked).when({intend: 'tell-wait', timer: 'r-1/soak'})
    expect(decision).toMatchObject({events: [{data: {timer: 'r-1/soak', what: 'wait', outcome: 'told'}}]})
    expect(JSON.stringify(decision)).not.toContain('"run"')
  })

  it('is forgotten with the run', () => {
    const over: Draft = {kind: 'run.finished', data: {run: 'r-1', outcome: 'aborted', counts: {}, rodsIn: []}}
    expect(worldAfter(history(opened, started(), wait, over)).board.timers).toEqual({})
    expect(worldAfter(history(opened, started(), wait)).board.timers['r-1/soak']).toMatchObject({step: 'soak', incident: ID})
  })
})
