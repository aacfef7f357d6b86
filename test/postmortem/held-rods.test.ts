import {expect, it} from '@jest/globals'
import type {Outcome} from '../../src/incident/events.ts'
import {heldRods} from '../../src/postmortem/held-rods.ts'
import {makeHistory} from './history.ts'

const outcome = (to: string, more: Partial<Outcome> = {}): Outcome => ({rod: 'api', to, intent: 'i', targets: [], why: 'w', ...more})
const noImpact = {spans: []} as unknown as Parameters<typeof heldRods>[1] // only its spans are looked at
const late = (build: (add: ReturnType<typeof makeHistory>['add']) => void, now = '2026-06-07T20:00:00Z') => {
  const {events, add} = makeHistory()
  build(add)
  return heldRods(events, noImpact, Date.parse(now)).map(({lateMs}) => lateMs)
}
const DUE = '2026-06-07T18:00:00.000Z'

it('a rod that came out after its expiry is late by that much, as last extended', () => {
  expect(
    late(add => {
      add('2026-06-07T16:00:00Z', {kind: 'rod.inserted', data: outcome('in', {expiresAt: DUE})})
      add('2026-06-07T18:20:00Z', {kind: 'rod.withdrawn', data: outcome('withdrawn')})
    }),
  ).toEqual([20 * 60_000])
  expect(
    late(add => {
      add('2026-06-07T16:00:00Z', {kind: 'rod.inserted', data: outcome('in', {expiresAt: DUE})})
      add('2026-06-07T17:00:00Z', {kind: 'rod.extended', data: {rod: 'api', expiresAt: '2026-06-07T19:00:00.000Z', why: 'w'}})
      add('2026-06-07T18:20:00Z', {kind: 'rod.withdrawn', data: outcome('withdrawn')})
    }),
  ).toEqual([null])
})

it('one that is still in is late so far, and one of which nobody said when it is due never is', () => {
  expect(late(add => add('2026-06-07T16:00:00Z', {kind: 'rod.inserted', data: outcome('in', {expiresAt: DUE})}))).toEqual([2 * 3_600_000])
  expect(late(add => add('2026-06-07T16:00:00Z', {kind: 'rod.inserted', data: outcome('in')}))).toEqual([null])
})
