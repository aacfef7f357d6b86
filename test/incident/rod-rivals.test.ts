import {describe, expect, it} from '@jest/globals'
import {maybeIn, type RodState} from '../../src/incident/board-state.ts'
import type {Draft, Outcome, Recorded, RodEvent} from '../../src/incident/events.ts'
import {evolveRod} from '../../src/incident/rod-state.ts'
import {given} from './given.ts'
import {entryId, recorder} from './history.ts'

/** The nth record, as an intent follows it. */
const nth = (n: number) => entryId('a0', n)
const move = (to: string, follows: string | null): Draft => ({
  kind: to === 'withdrawn' ? 'rod.withdrawing' : 'rod.inserting',
  data: {rod: 'api', to, from: [], why: 'w', follows, ...(to !== 'withdrawn' && {expiresAt: '2026-06-07T18:00:00.000Z'})},
})
const outcome = (to: string, intent: number, more: Partial<Outcome> = {}): Draft => ({
  kind: to === 'withdrawn' ? 'rod.withdrawn' : 'rod.inserted',
  data: {rod: 'api', to, intent: nth(intent), targets: [], why: 'w', effective: {position: to, probe: 'edge', ms: 1, evidence: 'e'}, ...more},
})
const noticed: Draft = {kind: 'rod.drifted', data: {rod: 'api', expected: 'withdrawn', seen: 'unknown', by: 'merge', evidence: 'two journals'}}

function rodAfter(...drafts: readonly Draft[]): RodState {
  const write = recorder()
  const rod = drafts.map(draft => write(draft) as Recorded<RodEvent>).reduce<RodState | undefined>(evolveRod, undefined) // only rod events here
  if (!rod) throw new Error('no rod')
  return rod
}

describe('two journals that moved a rod without knowing of each other', () => {
  const isIn = [move('in', null), outcome('in', 1)] as const
  /** Both follow the first insertion; the withdrawal has the later clock. */
  const met = [...isIn, move('half', nth(1)), outcome('half', 3), move('withdrawn', nth(1)), outcome('withdrawn', 5)] as const

  it('leave it in as far as anyone can say, whatever the later clock says, with its expiry', () => {
    const rod = rodAfter(...met)
    expect(rod).toMatchObject({status: 'drifted', expiresAt: '2026-06-07T18:00:00.000Z', targets: {}})
    expect(rod.rivals.map(({to}) => to)).toEqual(['half', 'withdrawn'])
    expect(maybeIn(rod)).toBe(true)
  })

  it('are not settled by what either of them asked for itself', () => expect(maybeIn(rodAfter(...met, outcome('withdrawn', 5, {settles: nth(5)})))).toBe(true))

  it('are settled by whoever asks once it is noticed', () => {
    expect(rodAfter(...met, noticed)).toMatchObject({status: 'drifted', rivals: [], seen: 'unknown'})
    expect(rodAfter(...met, noticed, outcome('withdrawn', 5, {settles: nth(5)}))).toMatchObject({status: 'withdrawn'})
    expect(rodAfter(...met, noticed, outcome('half', 5, {settles: nth(5)}))).toMatchObject({status: 'inserted', verified: 'half'})
  })

  it('are noticed once, also by whoever moves it next: that comes first in the record', () => {
    given(...met)
      .when({intend: 'note-rivals', rod: 'api'})
      .records('rod.drifted')
    given(...met, noticed)
      .when({intend: 'note-rivals', rod: 'api'})
      .records()
    given(...isIn)
      .when({intend: 'note-rivals', rod: 'api'})
      .records()
    given(...met)
      .when({intend: 'insert-rod', move: {rod: 'api', to: 'in', from: [], why: 'w'}})
      .records('rod.drifted', 'rod.inserting')
    given(...met)
      .when({intend: 'settle-rod', as: 'rod.withdrawn', settle: {rod: 'api', to: 'withdrawn', intent: nth(5), why: 'w', targets: []}})
      .records('rod.drifted', 'rod.withdrawn')
  })

  it('are none where they went to the same place, where one knew of the other, and where nothing is said of it', () => {
    expect(rodAfter(...isIn, move('withdrawn', nth(1)), move('withdrawn', nth(1))).rivals).toEqual([])
    expect(rodAfter(...isIn, move('withdrawn', nth(1)), outcome('withdrawn', 3), move('in', nth(3))).rivals).toEqual([])
    expect(rodAfter(...isIn, {kind: 'rod.withdrawing', data: {rod: 'api', to: 'withdrawn', from: [], why: ''}}).rivals).toEqual([])
    // Neither knew of any.
    expect(rodAfter(move('in', null), move('withdrawn', null)).rivals).toHaveLength(2)
  })
})
