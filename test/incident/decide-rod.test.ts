import {describe, it} from '@jest/globals'
import {given} from './given.ts'
import {entryId, opened} from './history.ts'

const move = {rod: 'api', to: 'in', from: [], why: 'contain'}
const inserting = {kind: 'rod.inserting', data: move} as const
const settle = {rod: 'api', to: 'in', intent: entryId('a0', 1), targets: [], why: 'contain'}

describe('moving a rod', () => {
  it('wants a reason to go in, and none to come out', () => {
    given(opened)
      .when({intend: 'withdraw-rod', move: {...move, to: 'withdrawn', why: ' '}})
      .then({kind: 'rod.withdrawing', data: {...move, to: 'withdrawn', why: '', follows: null}})
  })
  it('is an intent first, with or without an incident', () => {
    given(opened)
      .when({intend: 'insert-rod', move})
      .then({...inserting, data: {...move, follows: null}})
    given()
      .in({incident: null})
      .when({intend: 'withdraw-rod', move: {...move, to: 'withdrawn'}})
      .then({kind: 'rod.withdrawing', data: {...move, to: 'withdrawn', follows: null}})
  })
  it('is recorded though it is there already: the outcome says so', () => {
    given(opened, inserting).when({intend: 'insert-rod', move}).records('rod.inserting')
    given(opened)
      .when({intend: 'withdraw-rod', move: {...move, to: '25%'}})
      .records('rod.withdrawing')
  })
  it('needs a rod, a position and a reason', () => {
    given(opened)
      .when({intend: 'insert-rod', move: {...move, rod: ''}})
      .refuses('usage.invalid', 'no rod')
    given(opened)
      .when({intend: 'insert-rod', move: {...move, to: ''}})
      .refuses('usage.invalid', 'no position', 'scram rod show api')
    given(opened)
      .when({intend: 'insert-rod', move: {...move, why: ' '}})
      .refuses('text.empty', 'reason')
  })
  it('does not insert at "withdrawn"', () =>
    given(opened)
      .when({intend: 'insert-rod', move: {...move, to: 'withdrawn'}})
      .refuses('usage.invalid', 'withdraw it', 'scram out api'))
})

describe('settling a move', () => {
  it('records the facts as they are', () =>
    given(opened, inserting).when({intend: 'settle-rod', settle, as: 'rod.inserted'}).then({kind: 'rod.inserted', data: settle}))
  it('names the rod and its intent', () => {
    given(opened)
      .when({intend: 'settle-rod', settle: {...settle, rod: ''}, as: 'rod.jammed'})
      .refuses('usage.invalid', 'no rod')
    given(opened)
      .when({intend: 'settle-rod', settle: {...settle, intent: ''}, as: 'rod.jammed'})
      .refuses('usage.invalid', 'no intent')
  })
})

describe('what was seen of a rod', () => {
  const seen = {intend: 'settle-rod', settle, as: 'rod.jammed'} as const
  const since = '2026-06-07T15:50:01.000Z'
  const asOf = {status: 'inserting', since, intent: entryId('a0', 2)} as const

  it('settles it while it is as it was when somebody looked', () => {
    given(opened, inserting)
      .when({...seen, asOf})
      .records('rod.jammed')
    given(opened)
      .when({...seen, settle: {...settle, intent: ''}, asOf: null})
      .records('rod.jammed')
  })
  it('is no news once it was moved or settled meanwhile', () => {
    given(opened, inserting, {kind: 'rod.inserted', data: {...settle, intent: entryId('a0', 2)}})
      .when({...seen, asOf})
      .records()
    given(opened, inserting)
      .when({...seen, asOf: null})
      .records()
    given(opened)
      .when({...seen, asOf})
      .records()
  })
})

describe('a new expiry', () => {
  const extend = {intend: 'extend-rod', rod: 'api', expiresAt: '2026-06-07T20:00:00.000Z', why: 'migration'} as const
  it('is for a rod that is in', () => {
    given(opened, inserting)
      .when(extend)
      .then({kind: 'rod.extended', data: {rod: 'api', expiresAt: '2026-06-07T20:00:00.000Z', why: 'migration'}})
    given(opened).when(extend).refuses('guard.refused', 'not in', 'scram rod show api')
  })
  it('lies in the future and has a reason', () => {
    given(opened, inserting)
      .when({...extend, expiresAt: '2026-06-07T15:00:00.000Z'})
      .refuses('time.invalid')
    given(opened, inserting)
      .when({...extend, why: ''})
      .refuses('text.empty')
  })
})
