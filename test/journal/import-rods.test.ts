import {describe, expect, it} from '@jest/globals'
import {describeEvent} from '../../src/incident/describe.ts'
import type {Draft} from '../../src/incident/events.ts'
import {boardProjection} from '../../src/incident/projections.ts'
import {hashOf} from '../../src/journal/chain.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {canonicalJson} from '../../src/lib/canonical.ts'
import {collect, HandClock, testKeeper} from './test-keeper.ts'

type Line = Record<string, unknown> & {readonly data: Record<string, unknown>}
const ID = '01900000-0000-7000-8000-a00000000001'
const moves: readonly Draft[] = [
  {kind: 'rod.inserting', id: ID, data: {rod: 'api', to: 'in', from: [{target: 'lb1', position: 'withdrawn'}], why: 'contain'}},
  {
    kind: 'rod.inserted',
    data: {
      rod: 'api',
      to: 'in',
      intent: ID,
      why: 'contain',
      targets: [{target: 'lb1', acknowledged: {ms: 1, detail: 'd'}, readBack: {position: 'in', ms: 2, evidence: 'e'}}],
      effective: {position: 'in', probe: 'edge', ms: 3, evidence: 'e'},
    },
  },
  {kind: 'rod.reminded', data: {rod: 'api', stage: 'due', n: 0}},
  {kind: 'rod.held', data: {rod: 'api', intent: ID, position: 'in', stepBacks: 1, guard: 'g', reason: 'r'}},
]

/** What a later scram might add: to every object, at every depth. */
function withMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMore)
  if (typeof value !== 'object' || value === null) return value
  return {...Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withMore(member)])), later: {than: ['us', 7, null]}}
}

/** The lines of another machine, each chained anew after `change` had its data. */
async function stream(change: (data: Record<string, unknown>) => unknown): Promise<string[]> {
  const other = openMemoryJournal(testKeeper(new HandClock(), 'bo'))
  await other.append(null, moves)
  let prev: unknown
  return (await collect(other.export())).map(line => {
    const record = JSON.parse(line) as Line // our own export
    const next = {...record, ...(prev !== undefined && {prev}), data: change(record.data)}
    prev = hashOf(next)
    return canonicalJson({...next, hash: prev})
  })
}

describe('rods recorded by a later scram', () => {
  it('fold as far as this one knows them, and keep what it does not know', async () => {
    const journal = openMemoryJournal(testKeeper(new HandClock()))
    const lines = await stream(data => withMore(data))
    const {added, stops} = await journal.import(lines)
    expect({added, stops}).toEqual({added: 4, stops: []})
    const {api} = (await journal.fold(boardProjection)).rods
    expect(api).toMatchObject({status: 'held', verified: 'in', targets: {lb1: 'in'}, reminded: {stage: 'due', n: 0}})
    for (const event of await journal.events()) if (!('opaque' in event)) expect(describeEvent(event)).toMatch(/api/)
    expect(await collect(journal.export())).toEqual(lines)
  })

  it('stop the stream where a word means something else by now, and leave the rod as it was known', async () => {
    const journal = openMemoryJournal(testKeeper(new HandClock()))
    const {added, stops} = await journal.import(await stream(data => ('stage' in data ? {...data, stage: 'gone'} : data)))
    expect({added, stops}).toMatchObject({added: 2, stops: [{seq: 3, reason: 'invalid'}]})
    expect((await journal.fold(boardProjection)).rods['api']).toMatchObject({status: 'inserted', verified: 'in'})
  })
})
