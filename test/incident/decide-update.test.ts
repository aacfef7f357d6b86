import {describe, expect, it} from '@jest/globals'
import {given} from './given.ts'
import {component, entryId, opened, update} from './history.ts'

const say = {intend: 'update', text: 'We found it.'} as const
const resolved = {kind: 'incident.resolved', data: {}} as const
const secret = {kind: 'incident.opened', data: {title: 't', severity: 'SEV1', private: true}} as const

describe('posting an update', () => {
  it('numbers it, promises the next and says when the incident became public', () => {
    given(opened)
      .when(say)
      .then(
        {
          kind: 'update.posted',
          data: {number: 1, status: 'investigating', body: 'We found it.', components: {}, nextUpdateBy: '2026-06-07T16:30:00.000Z', promiseBasis: 'cadence'},
        },
        {kind: 'milestone.marked', data: {milestone: 'public'}},
      )
  })

  it('takes the number after the highest, whatever was merged', () => {
    const {decision} = given(opened, update(4), update(2)).when(say)
    expect(decision).toMatchObject({events: [{data: {number: 5}}]})
  })

  it('keeps the status of the last one', () => {
    const {decision} = given(opened, update(1, {status: 'monitoring'})).when(say)
    expect(decision).toMatchObject({events: [{data: {status: 'monitoring'}}]})
  })

  it('begins anew with investigating after a reopening', () => {
    const reopened = {kind: 'incident.reopened', data: {why: 'w', title: 't', severity: 'SEV2', openedAt: 'x'}} as const
    const {decision} = given(opened, update(1, {status: 'resolved'}), resolved, reopened).when(say)
    expect(decision).toMatchObject({events: [{data: {status: 'investigating'}}]})
  })

  it('records what it says of components before it shows them all', () => {
    const {decision} = given(opened, component('web', 'partial_outage'), component('api', 'major_outage'), update(1)).when({
      ...say,
      components: {api: 'operational'},
    })
    expect(decision).toMatchObject({
      events: [
        {kind: 'component.set', data: {component: 'api', status: 'operational'}},
        {kind: 'update.posted', data: {components: {web: 'partial_outage', api: 'operational'}}},
      ],
    })
  })

  it('back-dated shows the components as they were then', () => {
    const past = [opened, {...component('api', 'major_outage'), at: '2026-06-07T15:55:00.000Z'}, update(1)] as const
    const {decision} = given(...past).when({...say, at: '2026-06-07T15:52:00.000Z'})
    expect(decision).toMatchObject({events: [{data: {components: {api: 'operational'}, nextUpdateBy: '2026-06-07T16:22:00.000Z'}}]})
  })

  it('keeps other promises its author made', () => {
    const {decision} = given(opened, update(1)).when({...say, promises: [{what: 'postmortem'}]})
    expect(decision).toMatchObject({events: [{data: {promises: [{what: 'postmortem'}]}}]})
  })

  it('does not resolve', () =>
    given(opened)
      .when({...say, status: 'resolved'})
      .refuses('guard.refused', 'does not resolve', 'scram resolve -m "what users should know"'))
  it('may follow the end, as a word after it that promises nothing', () => {
    const {decision} = given(opened, update(1), resolved).when(say)
    expect(decision).toMatchObject({events: [{data: {status: 'resolved'}}]})
    expect(JSON.stringify(decision)).not.toContain('nextUpdateBy')
    given(opened, update(1), resolved)
      .when({...say, next: 60_000})
      .refuses('usage.invalid', 'no next update')
  })
  it('that says it goes on is refused after the end', () => {
    given(opened, resolved)
      .when({...say, status: 'monitoring'})
      .refuses('guard.refused', 'resolved', 'scram reopen --incident 0607-k7qm --why "reason"')
  })
  it('is refused once it is closed', () => {
    given(opened, resolved, {kind: 'incident.closed', data: {}})
      .when(say)
      .refuses('guard.refused', 'closed', 'scram reopen --incident 0607-k7qm --why "reason"')
  })
  it('is refused once it is part of another', () => {
    given(opened, {kind: 'incident.merged', data: {into: '0607-bbbb00000000'}})
      .when(say)
      .refuses('guard.refused', '0607-bbbb', 'scram use 0607-bbbb')
  })
  it('is refused when private', () => given(secret).when(say).refuses('guard.refused', 'private', 'scram note "text"'))
  it('is refused when empty', () =>
    given(opened)
      .when({...say, text: '\u0000 '})
      .refuses('text.empty', 'update'))
  it('is refused when too long', () =>
    given(opened)
      .when({...say, text: 'x'.repeat(25_001)})
      .refuses('text.invalid', '25001'))
  it('takes 25,000 characters', () =>
    given(opened)
      .when({...say, text: 'x'.repeat(25_000)})
      .records('update.posted', 'milestone.marked'))
  it('is refused with a promise that is none', () =>
    given(opened)
      .when({...say, next: 0})
      .refuses('usage.invalid', 'promised'))
  it('is refused without an incident', () => {
    given().when(say).refuses('incident.not-found', 'never opened')
    given().in({incident: null}).when(say).refuses('incident.not-found', 'no incident is open', 'scram open "what users see" -s sev1')
  })
})

describe('the headline', () => {
  it('is one line', () =>
    given(opened)
      .when({intend: 'headline', text: 'One\nregion'})
      .then({kind: 'headline.set', data: {text: 'One region'}}))
  it('is refused when private, empty, closed or too long', () => {
    given(secret).when({intend: 'headline', text: 'x'}).refuses('guard.refused', 'private')
    given(opened).when({intend: 'headline', text: ''}).refuses('text.empty')
    given(opened, {kind: 'incident.closed', data: {}}).when({intend: 'headline', text: 'x'}).refuses('guard.refused')
    given(opened)
      .when({intend: 'headline', text: 'x'.repeat(256)})
      .refuses('text.invalid')
  })
})

describe('amending', () => {
  const posted = entryId('a0', 2)

  it('an update keeps its number and its trail', () => {
    given(opened, update(1))
      .when({intend: 'amend', entry: posted, isUpdate: true, text: 'better', why: 'typo', notify: true})
      .then({kind: 'update.amended', data: {update: posted, number: 1, body: 'better', why: 'typo', notify: true}})
  })

  it('text and time of an update are two corrections', () => {
    given(opened, update(1))
      .when({intend: 'amend', entry: posted, isUpdate: true, text: 'better', newAt: '2026-06-07T17:40:00+02:00'})
      .then(
        {kind: 'update.amended', data: {update: posted, number: 1, body: 'better'}},
        {kind: 'entry.corrected', data: {entry: posted, at: '2026-06-07T15:40:00.000Z'}},
      )
  })

  it('only the time of an update corrects the entry', () => {
    given(opened, update(1))
      .when({intend: 'amend', entry: posted, isUpdate: true, newAt: '2026-06-07T15:40:00.000Z', why: ' '})
      .then({kind: 'entry.corrected', data: {entry: posted, at: '2026-06-07T15:40:00.000Z'}})
  })

  it('anything else corrects the entry, after the end too', () => {
    given(opened, resolved, {kind: 'incident.closed', data: {}})
      .when({intend: 'amend', entry: 'e1', isUpdate: false, text: 'better', why: 'typo'})
      .then({kind: 'entry.corrected', data: {entry: 'e1', text: 'better', why: 'typo'}})
  })

  it('is refused without anything new', () => given(opened).when({intend: 'amend', entry: 'e1', isUpdate: false}).refuses('usage.invalid', 'neither'))
  it('is refused for an update nobody knows', () => given(opened).when({intend: 'amend', entry: 'e1', isUpdate: true, text: 't'}).refuses('entry.not-found'))
  it('is refused for no entry', () => given(opened).when({intend: 'amend', entry: '', isUpdate: false, text: 't'}).refuses('entry.not-found'))
  it('is refused with a time to come', () =>
    given(opened).when({intend: 'amend', entry: 'e', isUpdate: false, newAt: '2030-01-01T00:00:00Z'}).refuses('time.invalid'))
  it('is refused with a text that is none', () => given(opened).when({intend: 'amend', entry: 'e', isUpdate: false, text: ' '}).refuses('text.empty'))
  it('holds a title to its limit', () =>
    given(opened)
      .when({intend: 'amend', entry: entryId('a0', 1), isUpdate: false, text: 'x'.repeat(300)})
      .refuses('text.invalid'))
  it('is refused without an incident', () => given().when({intend: 'amend', entry: 'e', isUpdate: false, text: 't'}).refuses('incident.not-found'))
})
