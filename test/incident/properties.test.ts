import {expect, it} from '@jest/globals'
import fc from 'fast-check'
import {evolveBoard} from '../../src/incident/board.ts'
import {type Board, emptyBoard, RECENT} from '../../src/incident/board-state.ts'
import {cadenceOf} from '../../src/incident/cadence.ts'
import {decide} from '../../src/incident/decide.ts'
import {describeEvent} from '../../src/incident/describe.ts'
import {printLength} from '../../src/incident/durations-print.ts'
import {type Recorded, recordOrder} from '../../src/incident/events.ts'
import {evolve, fold} from '../../src/incident/evolve.ts'
import {impactOf} from '../../src/incident/impact.ts'
import {measuresOf} from '../../src/incident/measures.ts'
import {promiseOf, promiseStatus, reminders} from '../../src/incident/promise.ts'
import {publicImpact} from '../../src/incident/public-impact.ts'
import {correctionsOf, timelineRows} from '../../src/incident/timeline.ts'
import {aimed, decision, legalHistory} from './any-history.ts'
import {ID, MINUTE, START_MS, worldAfter} from './history.ts'

const RUNS = {numRuns: 150}
const nowMs = START_MS + 24 * 60 * MINUTE
const kinds = {chat: 'communication'} as const
const boardOf = (records: readonly Recorded[]): Board => records.reduce(evolveBoard, emptyBoard())

/** Everything that is ever computed of a history; it must not throw, whatever the history. */
function lookAt(records: readonly Recorded[]) {
  const state = fold(ID, records)
  const board = boardOf(records)
  const impact = impactOf(state, {nowMs, kinds})
  const {rows} = measuresOf(state, impact, {nowMs, kinds, events: records})
  const cadence = cadenceOf(state, {nowMs, policyMs: 30 * MINUTE})
  const printed = [...rows.map(row => row.printed), ...impact.components.map(({impacted}) => printLength(impacted)), ...records.map(describeEvent)]
  const promises = [promiseStatus(state, nowMs), reminders(board, nowMs), publicImpact(state)]
  return {state, board, impact, cadence, printed, promises, timeline: timelineRows(records), corrections: correctionsOf(records)}
}

const shuffled = legalHistory.chain(records => fc.tuple(fc.constant(records), fc.shuffledSubarray([...records], {minLength: records.length})))

it('records of two machines fold to one state, whatever order they arrive in', () => {
  fc.assert(
    fc.property(shuffled, ([records, arrived]) => {
      const sorted = [...arrived].sort(recordOrder)
      expect(lookAt(sorted)).toEqual(lookAt([...records].sort(recordOrder)))
      expect(timelineRows(arrived)).toEqual(timelineRows(records))
    }),
    RUNS,
  )
})

it('no order of events throws, neither the right one nor any other, nor with some of them missing', () => {
  const anyOrder = legalHistory.chain(records => fc.shuffledSubarray([...records]))
  fc.assert(
    fc.property(anyOrder, records => {
      lookAt(records)
    }),
    RUNS,
  )
})

it('a fold from a stored snapshot is the fold from the first event, at every point', () => {
  fc.assert(
    fc.property(legalHistory, records => {
      const state = fold(ID, records)
      const board = boardOf(records)
      for (let i = 0; i <= records.length; i++) {
        const [before, after] = [records.slice(0, i), records.slice(i)]
        expect(after.reduce(evolve, stored(fold(ID, before)))).toEqual(state)
        expect(after.reduce(evolveBoard, stored(boardOf(before)))).toEqual(board)
      }
    }),
    {numRuns: 40},
  )
})

it('decide never throws, whatever is intended, and says something when it refuses', () => {
  fc.assert(
    fc.property(decision, ([records, intended]) => {
      const decided = decide(worldAfter(records, {now: nowMs}), aimed(intended, records))
      if (decided.refused) expect(decided.message).not.toBe('')
      else expect(decided.events).not.toHaveLength(0)
    }),
    RUNS,
  )
})

it('levels add up to the total, a union is no more than a sum, and nothing lasts less than nothing', () => {
  fc.assert(
    fc.property(legalHistory, records => {
      const {impact} = lookAt(records)
      const ms = (lengths: readonly ({ms: number} | null)[]) => lengths.reduce((sum, length) => sum + (length?.ms ?? 0), 0)
      for (const {impacted, byLevel, phases, planned} of impact.components) {
        expect(ms(Object.values(byLevel))).toBe(impacted?.ms ?? 0)
        for (const {from, to} of [...phases, ...planned]) expect(to.atMs).toBeGreaterThan(from.atMs)
      }
      expect(ms(Object.values(impact.byLevel))).toBe(impact.union?.ms ?? 0)
      expect(impact.union?.ms ?? 0).toBeLessThanOrEqual(ms(impact.components.map(({impacted}) => impacted)))
    }),
    RUNS,
  )
})

it('the board agrees with the incident, stays bounded, and its page revision never falls', () => {
  fc.assert(
    fc.property(legalHistory, records => {
      let board = emptyBoard()
      for (const record of records) {
        const next = evolveBoard(board, record)
        expect(next.page.revision).toBeGreaterThanOrEqual(board.page.revision)
        board = next
      }
      const state = fold(ID, records)
      expect(board.recent.length).toBeLessThanOrEqual(RECENT)
      expect(ID in board.open).toBe(state.phase === 'open')
      if (state.phase === 'open') expect(board.open[ID]).toMatchObject({title: state.title, severity: state.severity, promise: promiseOf(state)})
    }),
    RUNS,
  )
})

it('the public text of a private incident never exists', () => {
  fc.assert(
    fc.property(legalHistory, records => {
      const state = fold(ID, records)
      if (state.isPrivate) expect(records.filter(({kind}) => kind === 'update.posted')).toEqual([])
    }),
    RUNS,
  )
})

it('what is redacted is gone from everything that is shown', () => {
  const canary = 'c4n4ry'
  const withCanary = legalHistory.map(records => records.map(record => canaried(record, canary)))
  fc.assert(
    fc.property(withCanary, records => {
      const told = records.filter(record => JSON.stringify(record.data).includes(canary))
      const last = records.at(-1)
      const redactions = told.map((record, i) => redaction(record, last, i))
      const {state, timeline, corrections} = lookAt([...records, ...redactions])
      const {redacted: _, corrected: __, ...shown} = state
      expect(JSON.stringify([shown, timeline, corrections])).not.toContain(canary)
    }),
    RUNS,
  )
})

/** Says the canary in the text of notes, updates and amendments. */
function canaried(record: Recorded, canary: string): Recorded {
  if (record.kind === 'note.added') return {...record, data: {...record.data, text: canary}}
  if (record.kind === 'update.posted' || record.kind === 'update.amended') return {...record, data: {...record.data, body: canary}} as Recorded // only the body changed
  return record
}

function redaction({id}: Recorded, last: Recorded | undefined, i: number): Recorded {
  const seq = 1000 + i
  const data = {entry: id, why: 'a name'}
  if (!last) throw new Error('something was told, so something is recorded')
  return {...last, id: `redaction-${i}`, seq, hlc: [last.hlc[0] + seq, 0], kind: 'entry.redacted', data} as Recorded // kind and data belong together
}

/** As the journal stores a snapshot. */
function stored<S>(state: S): S {
  return JSON.parse(JSON.stringify(state)) as S // it was one before
}
