import {describe, expect, it} from '@jest/globals'
import {given, givenRecords} from './given.ts'
import {opened, recorder, START_MS} from './history.ts'

const open = {intend: 'open', title: 'HTTP errors', severity: 'SEV1', actor: 'dana'} as const
const inserting = {kind: 'rod.inserting', data: {rod: 'api', to: 'in', from: [], why: 'contain'}} as const

describe('opening an incident', () => {
  it('offers a command that can be pasted whatever the title holds', () => {
    given()
      .when({...open, title: 'errors in "$(reboot)"', text: 'x', private: true})
      .refuses('guard.refused', 'private', `scram open 'errors in "$(reboot)"' --private`)
  })

  it('records title and severity, and nothing public without a text', () => {
    given()
      .when(open)
      .then({kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV1'}})
  })

  it('keeps impact, privacy and that it is a drill', () => {
    given()
      .when({...open, impact: 'major', private: true, drill: true})
      .then({kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV1', impact: 'major', private: true, drill: true}})
  })

  it('with a text is public at once, with every public component and the promise of its severity', () => {
    givenRecords([])
      .in({components: ['routing', 'web']})
      .when({...open, text: 'Many requests fail.', components: {routing: 'major_outage', database: 'partial_outage'}})
      .then(
        {kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV1'}},
        {kind: 'component.set', data: {component: 'routing', status: 'major_outage'}},
        {kind: 'component.set', data: {component: 'database', status: 'partial_outage'}, visibility: 'internal'},
        {
          kind: 'update.posted',
          data: {
            number: 1,
            status: 'investigating',
            body: 'Many requests fail.',
            components: {routing: 'major_outage', web: 'operational'},
            nextUpdateBy: '2026-06-07T16:20:00.000Z',
            promiseBasis: 'cadence',
          },
        },
        {kind: 'milestone.marked', data: {milestone: 'public'}},
      )
  })

  it('promises what the person promised', () => {
    const {decision} = given().when({...open, text: 'Requests fail.', next: 300_000})
    expect(decision).toMatchObject({events: [{}, {data: {nextUpdateBy: '2026-06-07T16:05:00.000Z', promiseBasis: 'given'}}, {}]})
  })

  it('back-dated says so of the opening and its components; the text is public now, and so is its promise', () => {
    const began = {at: '2026-06-07T17:47:00+02:00', basis: 'stated', approx: true, precisionMs: 60_000} as const
    const timing = {at: '2026-06-07T15:47:00.000Z', basis: 'stated', approx: true, precisionMs: 60_000}
    const {decision} = given().when({...open, text: 'Requests fail.', components: {api: 'major_outage'}, ...began})
    const [opening, component, update, mark] = decision.refused ? [] : decision.events
    expect([opening, component]).toMatchObject([timing, timing])
    expect(update).toEqual({
      kind: 'update.posted',
      data: expect.objectContaining({components: {api: 'major_outage'}, nextUpdateBy: '2026-06-07T16:20:00.000Z'}),
    })
    expect(mark).toEqual({kind: 'milestone.marked', data: {milestone: 'public'}})
  })

  it('is refused for an incident that is open already', () => given(opened).when(open).refuses('guard.refused', 'open already', 'scram show'))
  it('is refused without a title', () =>
    given()
      .when({...open, title: ' \n '})
      .refuses('text.empty', 'title'))
  it('is refused with a title the page does not take', () =>
    given()
      .when({...open, title: 'x'.repeat(256)})
      .refuses('text.invalid', '256 characters'))
  it('takes a title of 255 characters, each counted once', () =>
    given()
      .when({...open, title: '🔥'.repeat(255)})
      .records('incident.opened'))
  it('is refused with an empty public text', () =>
    given()
      .when({...open, text: ''})
      .refuses('text.empty', 'update'))
  it('is refused with a public text when private', () =>
    given()
      .when({...open, private: true, text: 'x'})
      .refuses('guard.refused', 'private'))
  it('is refused with a promise and no text that makes it', () =>
    given()
      .when({...open, next: 1000})
      .refuses('usage.invalid', 'only in an update'))
  it('is refused with a promise that is no duration', () => {
    for (const next of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 400 * 86_400_000])
      given()
        .when({...open, text: 'x', next})
        .refuses('usage.invalid', 'promised')
  })

  it('puts a title on one line, without control characters', () => {
    given()
      .when({...open, title: ' HTTP\r\nerrors\u0007 \ud800 '})
      .then({kind: 'incident.opened', data: {title: 'HTTP errors \ufffd', severity: 'SEV1'}})
  })
})

describe('adopting a rod', () => {
  const write = recorder()
  const alone = [write(inserting, {incident: null})]

  it('takes over one that went in before', () => {
    givenRecords(alone)
      .when({...open, adopt: ['api']})
      .then({kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV1', adopt: ['api']}})
  })

  it('is refused for one that is not in', () => {
    givenRecords(alone)
      .when({...open, adopt: ['api', 'other']})
      .refuses('usage.invalid', 'other is not in', 'scram rod list')
    const jammed = {kind: 'rod.jammed', data: {rod: 'api', to: 'in', intent: alone[0]?.id ?? '', targets: [], why: 'w'}} as const
    givenRecords([...alone, write(jammed, {incident: null})])
      .when({...open, adopt: ['api']})
      .refuses('usage.invalid', 'not in')
  })

  it('is refused while it belongs to another open incident, and fine after that', () => {
    const theirs = [write(opened, {incident: 'other'}), write(inserting, {incident: 'other'})]
    givenRecords(theirs)
      .when({...open, adopt: ['api']})
      .refuses('guard.refused', 'still open')
    givenRecords([...theirs, write({kind: 'incident.resolved', data: {}}, {incident: 'other'})])
      .when({...open, adopt: ['api']})
      .records('incident.opened')
  })
})

describe('times', () => {
  it('that have not come yet are refused, but for a minute of difference between clocks', () => {
    const at = (aheadMs: number) => new Date(START_MS + 600_000 + aheadMs).toISOString()
    given(opened)
      .when({intend: 'note', text: 'n', noteKind: 'note', at: at(60_001)})
      .refuses('time.invalid', 'in the future')
    given(opened)
      .when({intend: 'note', text: 'n', noteKind: 'note', at: at(60_000)})
      .records('note.added')
  })

  it('before the opening are fine', () =>
    given(opened).when({intend: 'note', text: 'n', noteKind: 'note', at: '2026-06-07T12:00:00.000Z'}).records('note.added'))
  it('that cannot be read are refused', () =>
    given(opened).when({intend: 'note', text: 'n', noteKind: 'note', at: 'tea time'}).refuses('time.invalid', 'tea time'))
})
