import {describe, expect, it} from '@jest/globals'
import {evolveBoard} from '../../src/incident/board.ts'
import {emptyBoard} from '../../src/incident/board-state.ts'
import {cadenceOf} from '../../src/incident/cadence.ts'
import type {Draft} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import {promiseOf, promiseStatus, reminders} from '../../src/incident/promise.ts'
import {history, ID, MINUTE, opened, START_MS, update} from './history.ts'

const iso = (minutes: number) => new Date(START_MS + minutes * MINUTE).toISOString()
const post = (number: number, minutes: number, by?: number, more = {}): Draft => ({
  ...update(number, {...(by !== undefined && {nextUpdateBy: iso(by), promiseBasis: 'given'}), ...more}),
  at: iso(minutes),
  basis: 'recorded',
})
const resolved = (minutes: number): Draft => ({kind: 'incident.resolved', data: {}, at: iso(minutes), basis: 'recorded'})
const nowMs = START_MS + 120 * MINUTE
const folded = (...drafts: readonly Draft[]) => fold(ID, history(opened, ...drafts))
const cadence = (...drafts: readonly Draft[]) => cadenceOf(folded(...drafts), {nowMs, policyMs: 30 * MINUTE})

describe('how regularly the public was told', () => {
  it('is not recorded with one update, or none', () => {
    expect(cadence(resolved(1))).toMatchObject({updates: 0, gaps: [], median: null, longest: null})
    expect(cadence(post(1, 0), resolved(1))).toMatchObject({updates: 1, gaps: [], median: null, longest: null})
  })

  it('is the gaps in order of posting, whatever the numbers', () => {
    const {gaps, median} = cadence(post(1, 0), post(3, 30), post(2, 10), resolved(31))
    expect(gaps.map(({from, to, length}) => [from, to, length.ms / MINUTE])).toEqual([
      [1, 2, 10],
      [2, 3, 20],
    ])
    expect(median?.ms).toBe(15 * MINUTE)
  })

  it('has the middle one as its median, when there is one', () =>
    expect(cadence(post(1, 0), post(2, 1), post(3, 11), post(4, 16), resolved(17)).median?.ms).toBe(5 * MINUTE))

  it('puts two of one instant in order of their numbers', () => {
    expect(cadence(post(2, 5), post(1, 5), resolved(6)).gaps).toMatchObject([{from: 1, to: 2, length: {ms: 0}}])
  })

  it('counts the silence since the last one while it is open', () => {
    expect(cadence(post(1, 0), post(2, 50))).toMatchObject({longest: {from: 2, to: null, length: {ms: 70 * MINUTE, isSoFar: true}}, overPolicy: 2})
    expect(cadence(post(1, 0), post(2, 50), resolved(60))).toMatchObject({longest: {from: 1, to: 2}, overPolicy: 1})
    expect(cadenceOf(folded(post(1, 0)), {nowMs}).overPolicy).toBeNull()
  })
})

describe('a promise of the next update', () => {
  it('is kept on time, to the millisecond, and late after it', () => {
    const found = cadence(post(1, 0, 10), post(2, 10, 20), post(3, 20.5, 30), post(4, 25), resolved(26))
    expect(found.promises.map(({update: number, result, lateMs, answeredBy}) => [number, result, lateMs, answeredBy])).toEqual([
      [1, 'kept', 0, 2],
      [2, 'late', 30_000, 3],
      [3, 'kept', 0, 4],
    ])
    expect(found).toMatchObject({kept: 2, late: 1})
  })

  it('of the last update is kept by the end, or late by it', () => {
    expect(cadence(post(1, 0, 30), resolved(30)).promises).toMatchObject([{result: 'kept', answeredBy: null}])
    expect(cadence(post(1, 0, 30), resolved(40)).promises).toMatchObject([{result: 'late', lateMs: 10 * MINUTE}])
  })

  it('of the last update is open, or late by now, while the incident is open', () => {
    expect(cadence(post(1, 100, 130)).promises).toMatchObject([{result: 'open', lateMs: 0}])
    expect(cadence(post(1, 100, 110)).promises).toMatchObject([{result: 'late', lateMs: 10 * MINUTE}])
  })

  it('is void when the incident went on as a part of another', () => {
    expect(cadence(post(1, 0, 30), {kind: 'incident.merged', data: {into: 'x'}}).promises).toMatchObject([{result: 'void'}])
  })

  it('compares instants, whatever zone they were written in', () => {
    const merged = post(1, 0, undefined, {nextUpdateBy: '2026-06-07T18:00:00.000+02:00'})
    expect(cadence(merged, post(2, 10), resolved(11)).promises).toMatchObject([{result: 'kept', basis: null}])
  })
})

describe('other promises', () => {
  const promised = post(1, 0, undefined, {
    promises: [
      {what: 'postmortem', by: iso(200)},
      {what: 'text', text: 'credits'},
    ],
  })

  it('are open until the record shows them met', () => {
    expect(cadence(promised).openPromises).toMatchObject([{what: 'postmortem', update: 1}, {what: 'text'}])
    expect(cadence(promised, {kind: 'postmortem.published', data: {path: 'p', digest: 'd'}}).openPromises).toMatchObject([{what: 'text', text: 'credits'}])
  })
})

describe('the promise that stands', () => {
  it('is that of the newest update of an open incident', () => {
    expect(promiseOf(folded(post(1, 0, 30)))).toEqual({by: iso(30), update: 1})
    expect(promiseOf(folded())).toBeNull()
    expect(promiseOf(folded(post(1, 0, 30), post(2, 10)))).toBeNull()
    expect(promiseOf(folded(post(1, 0, 30, {status: 'resolved'})))).toBeNull()
    expect(promiseOf(folded(post(1, 0, 30), resolved(10)))).toBeNull()
  })

  it('waits, is due from five minutes before, and is overdue after it', () => {
    const state = folded(post(1, 0, 30))
    const stands = (minutes: number) => promiseStatus(state, START_MS + minutes * MINUTE)
    expect(stands(24.9)).toMatchObject({state: 'waiting', by: iso(30), update: 1})
    expect(stands(25)).toMatchObject({state: 'due', leftMs: 5 * MINUTE})
    expect(stands(30)).toMatchObject({state: 'due', leftMs: 0})
    expect(stands(31)).toMatchObject({state: 'overdue', leftMs: -MINUTE})
    expect(promiseStatus(folded(), nowMs)).toBeNull()
  })
})

describe('reminders', () => {
  const board = (...drafts: readonly Draft[]) => history(opened, ...drafts).reduce(evolveBoard, emptyBoard())
  const inserting = (rod: string, expiresAt?: string): Draft => ({
    kind: 'rod.inserting',
    data: {rod, to: 'in', from: [], why: 'w', ...(expiresAt && {expiresAt})},
  })

  it('name the updates that are due and the rods of whose time half is over, most urgent first', () => {
    const found = reminders(
      board(post(1, 0, 30), inserting('late', iso(10)), inserting('half', iso(60)), inserting('fine', iso(300)), inserting('endless')),
      START_MS + 32 * MINUTE,
    )
    expect(found.map(({of, id, leftMs}) => [of, id, leftMs / MINUTE])).toEqual([
      ['rod', 'late', -22],
      ['promise', ID, -2],
      ['rod', 'half', 28],
    ])
  })

  it('are none while nothing is due', () => {
    expect(reminders(board(post(1, 0, 30)), START_MS)).toEqual([])
    expect(reminders(board(), nowMs)).toEqual([])
  })
})
