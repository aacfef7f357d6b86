import {describe, expect, it} from '@jest/globals'
import {boardKinds, evolveBoard} from '../../src/incident/board.ts'
import {type Board, emptyBoard, RECENT} from '../../src/incident/board-state.ts'
import type {Draft, Recorded} from '../../src/incident/events.ts'
import {component, entryId, history, ID, opened, recorder, update} from './history.ts'

const boardOf = (records: readonly Recorded[]): Board => records.reduce(evolveBoard, emptyBoard())
const boardAfter = (...drafts: readonly Draft[]) => boardOf(history(...drafts))
const resolved: Draft = {kind: 'incident.resolved', data: {}}
const inserting: Draft = {kind: 'rod.inserting', data: {rod: 'api', to: 'in', from: [], why: 'contain'}}
const by = '2026-06-07T16:10:00.000Z'

describe('incidents on the board', () => {
  it('are open with what everyone asks first', () => {
    const board = boardAfter({kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV2', private: true, drill: true}})
    expect(board.open[ID]).toMatchObject({
      id: ID,
      title: 'HTTP errors',
      severity: 'SEV2',
      isPrivate: true,
      isDrill: true,
      phase: 'open',
      promise: null,
      lastUpdate: 0,
    })
  })

  it('follow title, severity, public status and the promise of the newest update', () => {
    const board = boardAfter(
      opened,
      {kind: 'incident.retitled', data: {title: 'Routing'}},
      {kind: 'severity.set', data: {severity: 'SEV1'}},
      update(1, {nextUpdateBy: by, status: 'identified'}),
    )
    expect(board.open[ID]).toMatchObject({
      title: 'Routing',
      severity: 'SEV1',
      publicStatus: 'identified',
      promise: {by, update: 1},
      lastUpdateAt: '2026-06-07T15:50:03.000Z',
    })
  })

  it('have no promise after an update without one, a resolving one, or the end', () => {
    expect(boardAfter(opened, update(1, {nextUpdateBy: by}), update(2)).open[ID]?.promise).toBeNull()
    expect(boardAfter(opened, update(1, {nextUpdateBy: by, status: 'resolved'})).open[ID]?.promise).toBeNull()
    expect(boardAfter(opened, update(1, {nextUpdateBy: by}), resolved).recent[0]?.promise).toBeNull()
    expect(boardAfter(opened, resolved, update(1, {nextUpdateBy: by})).recent[0]?.promise).toBeNull()
  })

  it('follow an amended promise of the last update only', () => {
    const amend = (number: number): Draft => ({kind: 'update.amended', data: {update: 'x', number, nextUpdateBy: '2026-06-07T17:00:00.000Z'}})
    expect(boardAfter(opened, update(1, {nextUpdateBy: by}), update(2, {nextUpdateBy: by}), amend(1)).open[ID]?.promise?.by).toBe(by)
    expect(boardAfter(opened, update(1), amend(1)).open[ID]?.promise).toEqual({by: '2026-06-07T17:00:00.000Z', update: 1})
    expect(boardAfter(opened, update(1, {nextUpdateBy: by}), {kind: 'update.amended', data: {update: 'x', number: 1, body: 'b'}}).open[ID]?.promise?.by).toBe(
      by,
    )
  })

  it('leave the open ones when they end, and come back when they are reopened', () => {
    const board = boardAfter(opened, resolved)
    expect(board.open).toEqual({})
    expect(board.recent).toMatchObject([{id: ID, phase: 'resolved', endedAt: '2026-06-07T15:50:01.000Z'}])
    const reopened: Draft = {kind: 'incident.reopened', data: {why: 'w', title: 'HTTP errors', severity: 'SEV2', openedAt: by}}
    const again = boardAfter(opened, resolved, reopened)
    expect(again.recent).toEqual([])
    expect(again.open[ID]).toMatchObject({phase: 'open', endedAt: null, openedAt: '2026-06-07T15:50:00.000Z'})
    expect(boardAfter(reopened).open[ID]).toMatchObject({title: 'HTTP errors', openedAt: by})
  })

  it('keep the instant of their first end, and stay merged', () => {
    const closed: Draft = {kind: 'incident.closed', data: {}}
    expect(boardAfter(opened, resolved, closed).recent).toMatchObject([{phase: 'closed', endedAt: '2026-06-07T15:50:01.000Z'}])
    expect(boardAfter(opened, closed, resolved).recent).toMatchObject([{phase: 'closed'}])
    expect(boardAfter(opened, {kind: 'incident.merged', data: {into: 'x'}}, closed).recent).toMatchObject([{phase: 'merged'}])
    expect(boardAfter(resolved)).toMatchObject({open: {}, recent: []})
  })

  it('show a corrected title and opening', () => {
    const correct = (entry: number): Draft => ({kind: 'entry.corrected', data: {entry: entryId('a0', entry), text: 'Routing', at: '2026-06-07T15:00:00.000Z'}})
    expect(boardAfter(opened, correct(1)).open[ID]).toMatchObject({title: 'Routing', openedAt: '2026-06-07T15:00:00.000Z'})
    expect(boardAfter(opened, {kind: 'incident.retitled', data: {title: 'x'}}, correct(2)).open[ID]).toMatchObject({
      title: 'Routing',
      openedAt: '2026-06-07T15:50:00.000Z',
    })
    expect(boardAfter(opened, resolved, correct(1)).recent[0]?.title).toBe('Routing')
    expect(boardAfter(opened, correct(7)).open[ID]).toMatchObject({title: 'HTTP errors', openedAt: '2026-06-07T15:50:00.000Z'})
  })

  it('that ended last come first, and only the newest stay', () => {
    const write = recorder()
    const records = Array.from({length: RECENT + 5}, (_, i) => [write(opened, {incident: `i${i}`}), write(resolved, {incident: `i${i}`})]).flat()
    const board = boardOf(records)
    expect(board.recent).toHaveLength(RECENT)
    expect(board.recent[0]?.id).toBe(`i${RECENT + 4}`)
    const backDated = [write(opened, {incident: 'old'}), write({...resolved, at: '2026-01-01T00:00:00.000Z'}, {incident: 'old'})]
    expect(backDated.reduce(evolveBoard, boardOf(records.slice(0, 4))).recent.map(({id}) => id)).toEqual(['i1', 'i0', 'old'])
  })

  it('are not opened twice, and nothing is opened without an id', () => {
    expect(boardAfter(opened, {kind: 'incident.opened', data: {title: 'again', severity: 'SEV5'}}).open[ID]?.title).toBe('HTTP errors')
    const write = recorder()
    const nowhere: Draft[] = [opened, update(1), resolved, {kind: 'incident.reopened', data: {why: 'w', title: 't', severity: 'SEV1', openedAt: by}}]
    expect(boardOf(nowhere.map(draft => write(draft, {incident: null})))).toMatchObject({open: {}, recent: []})
  })

  it('may have an id like something every object has', () => {
    const write = recorder()
    const board = boardOf([write(update(1), {incident: 'constructor'}), write(opened, {incident: '__proto__'}), write(resolved, {incident: 'toString'})])
    expect(Object.keys(board.open)).toEqual(['__proto__'])
  })
})

describe('rods on the board', () => {
  it('are there from their first move on, whichever incident it belongs to', () => {
    expect(boardAfter(opened, inserting).rods['api']).toMatchObject({status: 'inserting', incident: ID})
    expect(boardAfter({kind: 'rod.extended', data: {rod: 'api', expiresAt: by, why: 'w'}}).rods).toEqual({})
  })

  it('that went in before are adopted by the incident that says so', () => {
    const write = recorder()
    const adopting: Draft = {kind: 'incident.opened', data: {title: 't', severity: 'SEV1', adopt: ['api', 'unknown']}}
    const board = boardOf([write(inserting, {incident: null}), write(adopting)])
    expect(board.rods['api']?.incident).toBe(ID)
    expect(board.rods).not.toHaveProperty('unknown')
  })

  it('of a merged incident belong to the one that goes on', () => {
    expect(boardAfter(opened, inserting, {kind: 'incident.merged', data: {into: 'other'}}).rods['api']?.incident).toBe('other')
    expect(boardAfter(opened, {kind: 'incident.merged', data: {into: 'other'}}).rods).toEqual({})
  })

  it('lose their reason when the entry that gave it is redacted', () => {
    const redact = (entry: number): Draft => ({kind: 'entry.redacted', data: {entry: entryId('a0', entry), why: 'names a customer'}})
    expect(boardAfter(opened, inserting, redact(2)).rods['api']?.why).toBe('[redacted]')
    expect(boardAfter(opened, inserting, redact(1)).rods['api']?.why).toBe('contain')
  })
})

describe('runs on the board', () => {
  const started: Draft = {
    kind: 'run.started',
    data: {run: 'r1', runbook: 'routing', title: 'Routing', text: '', sha256: '', path: '', inputs: {}, mode: 'person'},
  }
  const parked: Draft = {kind: 'run.parked', data: {run: 'r1', step: 'patch', reason: 'confirm', needs: 'a yes', exit: 4}}
  const finished: Draft = {kind: 'run.finished', data: {run: 'r1', outcome: 'done', counts: {}, rodsIn: []}}

  it('run, wait, go on and leave', () => {
    expect(boardAfter(started).runs['r1']).toMatchObject({state: 'running', runbook: 'routing', step: null})
    expect(boardAfter(started, parked).runs['r1']).toMatchObject({state: 'parked', step: 'patch', reason: 'confirm', needs: 'a yes'})
    expect(boardAfter(started, parked, {kind: 'run.resumed', data: {run: 'r1', by: 'ari'}}).runs['r1']).toMatchObject({
      state: 'running',
      step: null,
      needs: null,
    })
    expect(boardAfter(started, finished).runs).toEqual({})
    expect(boardAfter(started, {kind: 'run.parked', data: {run: 'r1', reason: 'unknown', needs: 'a look', exit: 4}}).runs['r1']?.step).toBeNull()
  })

  it('that are driven say that they wait for an approval: whoever is to give it sits at another terminal', () => {
    const asks: Draft = {kind: 'timer.set', data: {timer: 't', what: 'approve', due: '2012-06-07T16:00:00.000Z', run: 'r1', step: 'push'}}
    const soaks: Draft = {kind: 'timer.set', data: {timer: 'w', what: 'wait', due: '2012-06-07T16:00:00.000Z', run: 'r1', step: 'soak'}}
    const begins: Draft = {kind: 'step.started', data: {run: 'r1', step: 'push#1', kind: 'run', title: 'Push', effect: 'unsafe', resume: 'ask'}}
    const waits: Draft = {kind: 'run.parked', data: {run: 'r1', step: 'push', reason: 'approve', needs: 'an approval from ops (0 of 1)', exit: 4}}
    const stands = (...drafts: readonly Draft[]) => {
      const {state, step, needs} = boardAfter(started, ...drafts).runs['r1'] ?? {}
      return [state, step, needs]
    }
    expect(stands(asks)).toEqual(['running', 'push', 'an approval: scram approve'])
    expect(stands(soaks)).toEqual(['running', null, null])
    expect(stands(asks, begins)).toEqual(['running', 'push', null])
    expect(stands(asks, waits)).toEqual(['parked', 'push', 'an approval from ops (0 of 1)'])
    expect(stands(asks, waits, {kind: 'run.resumed', data: {run: 'r1', by: 'ari'}})).toEqual(['running', 'push', 'an approval: scram approve'])
  })

  it('that wait for an approval need less once somebody approved, and nothing but to be resumed when it is enough', () => {
    const waits: Draft = {
      kind: 'run.parked',
      data: {run: 'r1', step: 'push', reason: 'approve', needs: 'an approval from ops (0 of 2)', exit: 4, approval: {from: ['ops'], count: 2, by: []}},
    }
    const yes = (by: string, step = 'push'): Draft => ({kind: 'decision.recorded', data: {run: 'r1', step, of: 'approve', value: {role: 'ops'}, by}})
    const needs = (...drafts: readonly Draft[]) => {
      const {reason, needs} = boardAfter(started, waits, ...drafts).runs['r1'] ?? {}
      return [reason, needs]
    }
    expect(needs(yes('ben'))).toEqual(['approve', 'an approval from ops (1 of 2)'])
    expect(needs(yes('ben'), yes('ben'), yes('ada', 'pull'))).toEqual(['approve', 'an approval from ops (1 of 2)'])
    expect(needs(yes('ben'), yes('cleo'))).toEqual(['approved', 'to be resumed: ben and cleo approved push'])
    expect(boardAfter(started, parked, yes('ben', 'patch')).runs['r1']?.needs).toBe('a yes')
  })

  it('have one approval in time at most: the next question takes the place of the last, also of the same step done anew', () => {
    const asks = (timer: string, step: string, run = 'r1'): Draft => ({
      kind: 'timer.set',
      data: {timer, what: 'approve', due: '2012-06-07T16:00:00.000Z', run, step},
    })
    const soaks: Draft = {kind: 'timer.set', data: {timer: 'r1/soak', what: 'wait', due: '2012-06-07T16:00:00.000Z', run: 'r1', step: 'soak'}}
    const left = (...drafts: readonly Draft[]) => Object.keys(boardAfter(started, ...drafts).timers)
    expect(left(asks('r1/push/approve', 'push'), soaks, asks('r1/pull/approve', 'pull'))).toEqual(['r1/soak', 'r1/pull/approve'])
    expect(left(asks('r1/push/approve', 'push'), asks('r1/push~1/approve', 'push'))).toEqual(['r1/push~1/approve'])
    expect(left(asks('r2/push/approve', 'push', 'r2'), asks('r1/push/approve', 'push'))).toEqual(['r2/push/approve', 'r1/push/approve'])
  })

  it('that are not known do not come back by a late event', () => {
    expect(boardAfter(started, finished, parked).runs).toEqual({})
  })
})

describe('the page', () => {
  const revision = (...drafts: readonly Draft[]) => boardAfter(...drafts).page.revision

  it('does not count a close, but for one that ends what somebody had reopened without knowing of it', () => {
    const closed: Draft = {kind: 'incident.closed', data: {}}
    const reopened: Draft = {kind: 'incident.reopened', data: {why: 'it is back', title: 'HTTP errors', severity: 'SEV1', openedAt: '2026-06-07T15:50:00.000Z'}}
    expect(revision(opened, update(1), resolved, closed)).toBe(revision(opened, update(1), resolved))
    expect(revision(opened, update(1), resolved, reopened, closed)).toBe(revision(opened, update(1), resolved, reopened) + 1)
  })

  it('counts every public fact of an incident that is not private', () => {
    expect(revision(opened, component('api', 'major_outage'), update(1), {kind: 'entry.redacted', data: {entry: 'x', why: 'w'}})).toBe(4)
    expect(revision({kind: 'incident.opened', data: {title: 't', severity: 'SEV1', private: true}}, component('api', 'major_outage'), resolved)).toBe(0)
  })

  it('does not count what no reader can see', () => {
    const internal: Draft[] = [
      {kind: 'note.added', data: {noteKind: 'note', text: 'n'}},
      {kind: 'severity.set', data: {severity: 'SEV1'}},
      {kind: 'milestone.marked', data: {milestone: 'engaged'}},
      {...component('db', 'major_outage'), visibility: 'internal'},
      inserting,
      {kind: 'page.published', data: {target: 'disk', revision: 1, digest: 'd', ms: 1}},
      {kind: 'incident.closed', data: {}},
    ]
    expect(revision(...internal)).toBe(0)
    expect(revision({kind: 'milestone.marked', data: {milestone: 'started'}})).toBe(1)
  })

  it('counts a public fact of an incident the board has forgotten', () => {
    expect(revision({kind: 'postmortem.published', data: {path: 'p', digest: 'd'}})).toBe(1)
  })

  it('knows per target what was read back last and what failed since', () => {
    const published: Draft = {kind: 'page.published', data: {target: 'disk', revision: 3, digest: 'd', ms: 1}}
    const failed: Draft = {kind: 'page.failed', data: {target: 'disk', revision: 4, code: 'page.unwritable', reason: 'disk full'}}
    expect(boardAfter(published).page.targets).toEqual({disk: {revision: 3, failed: null}})
    expect(boardAfter(published, failed).page.targets['disk']).toEqual({
      revision: 3,
      failed: {at: '2026-06-07T15:50:01.000Z', code: 'page.unwritable', reason: 'disk full'},
    })
    expect(boardAfter(failed).page.targets['disk']?.revision).toBe(0)
    expect(boardAfter(failed, published).page.targets['disk']?.failed).toBeNull()
  })
})

describe('stopped streams', () => {
  const where = {stream: 'b1', epoch: 2, seq: 7}
  const stopped: Draft = {kind: 'stream.stopped', data: {...where, reason: 'corrupt' as never, digest: 'd'}} // any of the closed reasons

  it('are shown until they go on or a person skips the record', () => {
    expect(boardAfter(stopped).stopped).toEqual({'b1/2': {seq: 7, reason: 'corrupt', at: '2026-06-07T15:50:00.000Z'}})
    expect(boardAfter(stopped, {kind: 'stream.resumed', data: where}).stopped).toEqual({})
    expect(boardAfter(stopped, {kind: 'stream.skipped', data: {...where, why: 'w'}}).stopped).toEqual({})
  })
})

it('needs no other kinds than those it names', () => {
  const records = history(
    opened,
    {kind: 'note.added', data: {noteKind: 'note', text: 'n'}},
    update(1),
    inserting,
    {kind: 'rod.reminded', data: {rod: 'api', stage: 'due', n: 1}},
    resolved,
  )
  expect(boardOf(records.filter(({kind}) => boardKinds.includes(kind)))).toEqual(boardOf(records))
})

describe('what the page is made from', () => {
  it('is known by the newest public fact of each stream, whatever order they come in', () => {
    const [ours, theirs] = [recorder('abcdef0123456789'), recorder('0123456789abcdef')]
    const records = [ours(opened), ours(update(1)), ours({kind: 'note.added', data: {noteKind: 'note', text: 'x'}}), theirs(update(2)), ours(update(3))]
    const expected = {revision: 4, heads: {'abcdef01.1': 4, '01234567.1': 1}}
    expect(boardOf(records).page).toMatchObject({...expected, head: records.at(-1)?.hash})
    expect(boardOf([...records].reverse()).page).toMatchObject(expected)
  })

  it('is not known of what waits in an emergency log: it has no place in a chain yet', () => {
    const write = recorder('abcdef0123456789')
    const records = [write(opened), {...write(update(1)), epoch: 0, seq: 0}]
    expect(boardOf(records).page).toMatchObject({revision: 2, heads: {'abcdef01.1': 1}})
  })

  it('says nothing of a private incident', () => {
    expect(boardAfter({kind: 'incident.opened', data: {title: 'Quiet', severity: 'SEV2', private: true}}, update(1)).page).toMatchObject({
      heads: {},
      head: null,
    })
  })
})
