import {describe, expect, it} from '@jest/globals'
import type {Draft} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import {given, givenRecords} from './given.ts'
import {component, entryId, history, ID, opened, recorder, update} from './history.ts'

const inserting = {kind: 'rod.inserting', data: {rod: 'api', to: 'in', from: [], why: 'contain', component: 'api'}} as const
const withdrawing = {kind: 'rod.withdrawing', data: {rod: 'api', to: 'withdrawn', from: [], why: 'over'}} as const
const outcome = (kind: 'rod.inserted' | 'rod.withdrawn' | 'rod.jammed', intent: number, to: string) =>
  ({kind, data: {rod: 'api', to, intent: entryId('a0', intent), targets: [], why: 'w'}}) as const
const resolved = {kind: 'incident.resolved', data: {}} as const
const closed = {kind: 'incident.closed', data: {}} as const
const secret = {kind: 'incident.opened', data: {title: 't', severity: 'SEV1', private: true}} as const
const later = '2026-06-07T20:00:00.000Z'
const leaveIn = [{rod: 'api', expiresAt: later, why: 'migration first'}]
const end = {intend: 'resolve'} as const

describe('resolving', () => {
  it('heals what is impaired, says the last word and ends', () => {
    given(opened, component('web', 'partial_outage'), component('db', 'operational'), update(1, {components: {web: 'partial_outage'}}))
      .when({...end, text: 'It is fixed.'})
      .then(
        {kind: 'component.set', data: {component: 'web', status: 'operational'}},
        {kind: 'update.posted', data: {number: 2, status: 'resolved', body: 'It is fixed.', components: {web: 'operational', db: 'operational'}}},
        {kind: 'milestone.marked', data: {milestone: 'resolved'}},
        {kind: 'incident.resolved', data: {}},
      )
  })

  it('leaves a component as the person says', () => {
    const {decision} = given(opened, component('web', 'partial_outage'), component('db', 'major_outage')).when({
      ...end,
      components: {web: 'degraded_performance'},
    })
    expect(decision).toMatchObject({
      events: [{data: {component: 'web', status: 'degraded_performance'}}, {data: {component: 'db', status: 'operational'}}, {}, {}],
    })
  })

  it('of something public needs a public text', () =>
    given(opened, update(1)).when(end).refuses('text.empty', 'public text', 'scram resolve -m "what users should know"'))
  it('of something nobody was told needs none', () => given(opened).when(end).records('milestone.marked', 'incident.resolved'))
  it('may be the first thing that is told', () => {
    given(opened)
      .when({...end, text: 'It was short.'})
      .records('update.posted', 'milestone.marked', 'milestone.marked', 'incident.resolved')
  })
  it('of a private incident says nothing in public', () => {
    given(secret).when(end).records('milestone.marked', 'incident.resolved')
    given(secret)
      .when({...end, text: 'x'})
      .refuses('guard.refused', 'private')
  })
  it('twice is refused', () => given(opened, resolved).when(end).refuses('guard.refused', 'already', 'scram close --incident 0607-k7qm'))
  it('is refused once closed or merged', () => {
    given(opened, resolved, closed).when(end).refuses('guard.refused', 'closed')
    given(opened, {kind: 'incident.merged', data: {into: 'x'}})
      .when(end)
      .refuses('guard.refused', 'part of')
  })
  it('is refused with an empty text', () =>
    given(opened)
      .when({...end, text: ' '})
      .refuses('text.empty'))
})

describe('a rod that is in', () => {
  it('blocks the end, and the answer says how to get on', () => {
    given(opened, inserting, outcome('rod.inserted', 2, 'in'))
      .when(end)
      .refuses('guard.refused', /api \(inserted for 9m58s\)/, 'scram out api', 'scram resolve --leave-in api --expires 4h --why "reason"')
  })

  it('whose withdrawal jammed blocks the end until someone gets it out', () => {
    const stuck = [opened, inserting, outcome('rod.inserted', 2, 'in'), withdrawing, outcome('rod.jammed', 4, 'withdrawn')] as const
    given(...stuck)
      .when(end)
      .refuses('guard.refused', 'jammed')
    given(...stuck, withdrawing, outcome('rod.withdrawn', 6, 'withdrawn'))
      .when(end)
      .records('milestone.marked', 'incident.resolved')
  })

  it('does not block when its insertion jammed, or when it is of another incident', () => {
    given(opened, inserting, outcome('rod.jammed', 2, 'in'))
      .when(end)
      .records('milestone.marked', 'incident.resolved')
    const write = recorder()
    givenRecords([write(opened), write(inserting, {incident: 'other'})])
      .when(end)
      .records('milestone.marked', 'incident.resolved')
  })

  it('is named with all others that block', () => {
    const other = {kind: 'rod.inserting', data: {...inserting.data, rod: 'a-queue'}} as const
    given(opened, inserting, other)
      .when(end)
      .refuses('guard.refused', /a-queue .*, api /, 'scram out a-queue', 'scram out api')
  })

  it('of another machine, with a name no shell should see bare, is quoted in what can be pasted', () => {
    const other = {kind: 'rod.inserting', data: {...inserting.data, rod: 'q; reboot'}} as const
    given(opened, other)
      .when(end)
      .refuses('guard.refused', 'q; reboot', "scram out 'q; reboot'", `scram resolve --leave-in 'q; reboot' --expires 4h --why "reason"`)
  })

  it('may stay in by name, with a new expiry and a reason', () => {
    given(opened, inserting)
      .when({...end, leaveIn})
      .then(
        {kind: 'rod.extended', data: leaveIn[0] ?? never()},
        {kind: 'milestone.marked', data: {milestone: 'resolved'}},
        {kind: 'incident.resolved', data: {leftIn: leaveIn}},
      )
  })

  it('whose target lets go by itself stays in no longer than that, and its expiry is the one of the target', () => {
    const own = '2026-06-07T18:00:00.000Z'
    const native: Draft = {kind: 'rod.inserting', data: {rod: 'api', to: 'in', from: [], why: 'contain', expiresAt: own, ttl: 'native'}}
    const asked = {rod: 'api', expiresAt: own, why: 'migration first'}
    given(opened, native)
      .when({...end, leaveIn})
      .refuses('guard.refused', `itself lets go at ${own}`, 'scram in api --expires 4h --why "reason"')
    given(opened, native)
      .when({...end, leaveIn: [{...asked, expiresAt: '2026-06-07T18:00:40.000Z'}]})
      .then({kind: 'milestone.marked', data: {milestone: 'resolved'}}, {kind: 'incident.resolved', data: {leftIn: [asked]}})
    given(opened, native).when({intend: 'extend-rod', rod: 'api', expiresAt: later, why: 'longer'}).refuses('guard.refused', 'itself lets go')
    // A step of a withdrawal replaces what the target was told.
    given(opened, native, withdrawing).when({intend: 'extend-rod', rod: 'api', expiresAt: later, why: 'longer'}).records('rod.extended')
  })

  it('that stays in keeps the planned state of its component', () => {
    const planned = [opened, inserting, component('api', 'under_maintenance'), component('web', 'under_maintenance')] as const
    const {decision} = given(...planned).when({...end, leaveIn})
    expect(decision).toMatchObject({events: [{data: {component: 'web', status: 'operational'}}, {kind: 'rod.extended'}, {}, {}]})
  })

  it('that came out meanwhile is not left in', () => {
    given(opened, inserting, withdrawing, outcome('rod.withdrawn', 3, 'withdrawn'))
      .when({...end, leaveIn})
      .records('milestone.marked', 'incident.resolved')
  })

  it('is not left in by a wrong name, in the past, or for no reason', () => {
    given(opened, inserting)
      .when({...end, leaveIn: [{rod: 'apo', expiresAt: later, why: 'w'}]})
      .refuses('usage.invalid', '"apo"', 'scram rod list')
    given(opened, inserting)
      .when({...end, leaveIn: [{rod: 'api', expiresAt: '2026-06-07T15:00:00.000Z', why: 'w'}]})
      .refuses('time.invalid')
    given(opened, inserting)
      .when({...end, leaveIn: [{rod: 'api', expiresAt: 'soon', why: 'w'}]})
      .refuses('time.invalid')
    given(opened, inserting)
      .when({...end, leaveIn: [{rod: 'api', expiresAt: later, why: ' '}]})
      .refuses('text.empty')
  })
})

describe('closing', () => {
  const close = {intend: 'close'} as const

  it('comes after the resolve', () => {
    given(opened).when(close).refuses('guard.refused', 'still open', 'scram resolve --incident 0607-k7qm -m "text"')
    given(opened, resolved)
      .when(close)
      .then({kind: 'milestone.marked', data: {milestone: 'closed'}}, {kind: 'incident.closed', data: {}})
    given(opened, resolved, closed).when(close).refuses('guard.refused', 'closed')
  })

  it('accepts a rod that was left in and is not yet due', () => {
    const left = {kind: 'incident.resolved', data: {leftIn: leaveIn}} as const
    const {decision} = given(opened, inserting, left).when(close)
    expect(decision).toMatchObject({events: [{}, {data: {leftIn: leaveIn}}]})
  })

  it('is refused for a rod whose time is over, and takes a new one', () => {
    const left = {kind: 'incident.resolved', data: {leftIn: [{rod: 'api', expiresAt: '2026-06-07T15:55:00.000Z', why: 'w'}]}} as const
    given(opened, inserting, left).when(close).refuses('guard.refused', 'api', 'scram close --leave-in api --expires 4h --why "reason"')
    given(opened, inserting, left)
      .when({...close, leaveIn})
      .records('rod.extended', 'milestone.marked', 'incident.closed')
  })
})

describe('reopening', () => {
  const again = {intend: 'reopen', why: 'errors are back'} as const

  it('says why, and brings title and opening along', () => {
    const data = {why: 'errors are back', title: 'HTTP errors', severity: 'SEV2', openedAt: '2026-06-07T15:50:00.000Z'} as const
    given(opened, resolved).when(again).then({kind: 'incident.reopened', data})
    given(opened, resolved, closed).when(again).then({kind: 'incident.reopened', data})
  })

  it('of a history that lacks its opening counts from now', () => {
    const {decision} = given(resolved).when(again)
    expect(decision).toMatchObject({events: [{data: {openedAt: '2026-06-07T16:00:00.000Z'}}]})
  })

  it('is refused while it is open, without a reason, once merged, or for nothing', () => {
    given(opened).when(again).refuses('guard.refused', 'is open')
    given(opened, resolved)
      .when({...again, why: ''})
      .refuses('text.empty')
    given(opened, {kind: 'incident.merged', data: {into: '0607-bbbb00000000'}})
      .when(again)
      .refuses('guard.refused', 'part of 0607-bbbb')
    given().when(again).refuses('incident.not-found')
  })
})

describe('merging', () => {
  const other = (...drafts: readonly Draft[]) => fold('0607-bbbb00000000', history(...drafts))
  const into = other(opened)

  it('ends one as a part of the other', () => {
    given(opened)
      .when({intend: 'merge', into, why: 'same outage'})
      .then({kind: 'incident.merged', data: {into: into.id, why: 'same outage'}})
    given(opened)
      .when({intend: 'merge', into})
      .then({kind: 'incident.merged', data: {into: into.id}})
    given(opened, resolved)
      .when({intend: 'merge', into: other(opened, resolved)})
      .records('incident.merged')
  })

  it('is refused into itself, into nothing, into a part of another', () => {
    given(opened)
      .when({intend: 'merge', into: fold(ID, history(opened))})
      .refuses('usage.invalid', 'itself')
    given(opened).when({intend: 'merge', into: other()}).refuses('incident.not-found', 'never opened')
    const part = other(opened, {kind: 'incident.merged', data: {into: '0607-cccc00000000'}})
    given(opened).when({intend: 'merge', into: part}).refuses('guard.refused', '0607-cccc', 'scram merge 0607-k7qm --into 0607-cccc')
    const mine = other(opened, {kind: 'incident.merged', data: {into: ID}})
    given(opened).when({intend: 'merge', into: mine}).refuses('guard.refused', 'a part of 0607-k7qm already', 'scram show 0607-k7qm')
  })

  it('is refused into one that is over while this one is not', () => {
    given(opened)
      .when({intend: 'merge', into: other(opened, resolved)})
      .refuses('guard.refused', 'is resolved', 'scram reopen --incident 0607-bbbb --why "reason"')
  })

  it('is refused into a private one, which no public page may name', () => {
    given(opened)
      .when({intend: 'merge', into: other(secret)})
      .refuses('guard.refused', 'private')
    given(secret)
      .when({intend: 'merge', into: other(secret)})
      .records('incident.merged')
  })

  it('is refused once it is closed', () => given(opened, closed).when({intend: 'merge', into}).refuses('guard.refused', 'closed'))
})

function never(): never {
  throw new Error('there is one')
}
