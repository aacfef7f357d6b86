import {describe, expect, it} from '@jest/globals'
import {openIncident} from '../../src/actions/open-incident.ts'
import {postUpdate} from '../../src/actions/post-update.ts'
import {type WatchNews, watch} from '../../src/actions/watch.ts'
import type {Draft, Recorded} from '../../src/incident/events.ts'
import {boardProjection} from '../../src/incident/projections.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {SimulatedClock} from '../../src/lib/simulated-clock.ts'
import {bareWorkspace, type MemoryDesk, memoryDesk} from './memory-desk.ts'

const MINUTE = 60_000

async function outage() {
  const clock = new SimulatedClock()
  const store = new MemoryStore()
  const desk = (more: MemoryDesk = {}) => memoryDesk([], {clock, store, workspace: bareWorkspace(null), ...more})
  const [opened] = (await openIncident(desk(), {title: 'API down', severity: 'SEV1', text: 'We look into it.'} as Parameters<typeof openIncident>[1])).events // what a person types
  const incident = opened?.incident ?? ''
  const news: WatchNews[] = []
  /** So many watchers for so long; what they told is kept. */
  const watching = async (ms: number, watchers = 1, during: () => Promise<void> = async () => undefined) => {
    const over = new AbortController()
    const tell = (each: WatchNews) => void (each.what === 'board' || each.what === 'looked' || news.push(each))
    const all = Array.from({length: watchers}, () =>
      watch(desk({actor: {name: 'ada', kind: 'watch'}}), {everyMs: 15_000, once: false, tell}, over.signal).catch((error: unknown) => {
        if (!over.signal.aborted) throw error
      }),
    )
    await during()
    await clock.sleep(ms)
    over.abort(new DOMException('enough', 'AbortError'))
    await Promise.all(all)
  }
  const since = async (before: number) => (await (await desk().journal()).events()).slice(before) as Recorded[] // of this version
  return {clock, desk, incident, news, watching, since}
}

const run = {run: 'r-4qm7', runbook: 'routing-outage', title: 'Routing', text: '', sha256: '', path: '', inputs: {}, mode: 'person'} as const
const parked: readonly Draft[] = [
  {kind: 'run.started', data: run},
  {kind: 'step.started', data: {run: 'r-4qm7', step: 'soak#1', title: 'soak', kind: 'wait', effect: 'none', resume: 'safe'}},
  {kind: 'timer.set', data: {timer: 'r-4qm7/soak', what: 'wait', due: '2012-06-07T16:10:00.000Z', run: 'r-4qm7', step: 'soak'}},
  {kind: 'run.parked', data: {run: 'r-4qm7', step: 'soak', reason: 'interrupted', needs: 'to be resumed', answers: [], exit: 130}},
]

describe('watch', () => {
  it('an hour beside a parked run and an overdue promise: no post, no step, each reminder once', async () => {
    const {desk, incident, watching, since, news} = await outage()
    const before = (await (await desk().journal()).append(incident, parked)).at(-1)?.seq ?? 0
    await watching(60 * MINUTE, 2)
    const recorded = await since(before)
    expect(recorded.map(({kind, data}) => [kind, 'promise' in data ? (data.promise as {stage: string}).stage : 'what' in data ? data.what : ''])).toEqual([
      ['timer.fired', 'soon'],
      ['timer.fired', 'wait'],
      ['timer.fired', 'due'],
      ['timer.fired', 'overdue'],
    ])
    expect(recorded.every(({actor}) => actor.kind === 'watch')).toBe(true)
    const board = await (await desk().journal()).fold(boardProjection)
    expect([board.runs['r-4qm7'], board.open[incident]]).toMatchObject([{state: 'parked', step: 'soak'}, {lastUpdate: 1}])
    // Both watchers tell each of them, whoever recorded it.
    expect(news.filter(({what}) => what === 'recorded')).toHaveLength(8)
    expect(news.filter(({what}) => what !== 'recorded')).toEqual([])
  })

  it('has the board as news when a driver dies, which nobody records', async () => {
    const {clock, desk, incident} = await outage()
    const journal = await desk().journal()
    await journal.append(incident, parked.slice(0, 1))
    await journal.lease('run/r-4qm7')
    const boards: [boolean, string | undefined][] = []
    const over = new AbortController()
    const tell = (news: WatchNews) => void (news.what === 'board' && boards.push([news.isNews, news.runs[0]?.state]))
    const watched = watch(desk({actor: {name: 'ada', kind: 'watch'}}), {everyMs: 15_000, once: false, tell}, over.signal).catch(() => undefined)
    await clock.sleep(MINUTE) // longer than a lease that nobody renews
    over.abort()
    await watched
    expect(boards.filter(([isNews]) => isNews)).toEqual([
      [true, 'running'],
      [true, 'stopped'],
    ])
  })

  it('of a laptop that slept for an hour says what is late, once, and posts nothing that is stale', async () => {
    const {clock, desk, watching, since} = await outage()
    await postUpdate(desk(), {text: 'Back in ten minutes.', in: 10 * MINUTE})
    const before = (await since(0)).length
    await watching(2 * MINUTE, 1, async () => {
      await clock.sleep(MINUTE)
      clock.suspend(60 * MINUTE)
    })
    expect(
      (await since(before)).map(({kind, data}) => [kind, 'outcome' in data && data.outcome, 'lateMs' in data && Math.round(data.lateMs / MINUTE)]),
    ).toEqual([
      ['timer.fired', 'held', 51],
      ['timer.fired', 'told', 36],
    ])
  })

  it('says nothing twice when the wall clock steps back', async () => {
    const {clock, watching, since} = await outage()
    const before = (await since(0)).length
    await watching(40 * MINUTE, 1, async () => {
      await clock.sleep(21 * MINUTE)
      clock.suspend(-15 * MINUTE)
    })
    const stages = (await since(before)).map(({data}) => ('promise' in data ? (data.promise as {stage: string}).stage : ''))
    expect(stages).toEqual(['soon', 'due', 'overdue'])
  })

  it('goes on when one of its parts fails, says so once, and once more for another reason', async () => {
    const {desk, clock, since} = await outage()
    const news: WatchNews[] = []
    const over = new AbortController()
    let reason = 'the shelf is gone'
    const lame = {...desk({actor: {name: 'ada', kind: 'watch'}}), rods: () => Promise.reject(new Error(reason))}
    const moving: Draft = {kind: 'rod.inserting', data: {rod: 'api', to: 'in', from: [], why: 'contain', expiresAt: '2012-06-07T23:00:00.000Z'}}
    await (await lame.journal()).append(null, [moving])
    const before = (await since(0)).length
    const ended = watch(lame, {everyMs: 15_000, once: false, tell: each => void news.push(each)}, over.signal).catch(() => undefined)
    await clock.sleep(16 * MINUTE)
    reason = 'the shelf burns'
    await clock.sleep(MINUTE)
    over.abort(new DOMException('enough', 'AbortError'))
    await ended
    expect(news.filter(({what}) => what === 'fault')).toEqual([
      {what: 'fault', part: 'rods', reason: 'the shelf is gone'},
      {what: 'fault', part: 'rods', reason: 'the shelf burns'},
    ])
    expect((await since(before)).map(({kind}) => kind)).toEqual(['timer.fired'])
  })
})
