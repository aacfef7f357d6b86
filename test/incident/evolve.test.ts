import {describe, expect, it} from '@jest/globals'
import type {Draft} from '../../src/incident/events.ts'
import {evolve, fold} from '../../src/incident/evolve.ts'
import {emptyIncident} from '../../src/incident/state.ts'
import {component, entryId, history, ID, opened, recorder, update} from './history.ts'

const folded = (...drafts: readonly Draft[]) => fold(ID, history(...drafts))

describe('an incident is what its events fold to', () => {
  it('is open with its title, severity and first instant once it was opened', () => {
    const state = folded({kind: 'incident.opened', data: {title: 'HTTP errors', severity: 'SEV1', impact: 'major', private: true, drill: true}})
    expect(state).toMatchObject({phase: 'open', title: 'HTTP errors', severity: 'SEV1', impact: 'major', isPrivate: true, isDrill: true, count: 1})
    expect(state.opened).toMatchObject({at: '2026-06-07T15:50:00.000Z', entry: entryId('a0', 1), by: 'dana'})
  })

  it('keeps its name when a second opening turns up', () => {
    expect(folded(opened, {kind: 'incident.opened', data: {title: 'another', severity: 'SEV5'}})).toMatchObject({title: 'HTTP errors', severity: 'SEV2'})
  })

  it('goes from open to resolved to closed, and back by a reopening', () => {
    const leftIn = [{rod: 'api', expiresAt: '2026-06-08T00:00:00.000Z', why: 'migration'}]
    const resolved = folded(opened, {kind: 'incident.resolved', data: {leftIn}})
    expect(resolved).toMatchObject({phase: 'resolved', leftIn})
    const closed = folded(opened, {kind: 'incident.resolved', data: {leftIn}}, {kind: 'incident.closed', data: {}})
    expect(closed).toMatchObject({phase: 'closed', leftIn, closed: {by: 'dana'}})
    const reopened = {kind: 'incident.reopened', data: {why: 'errors are back', title: 'x', severity: 'SEV1', openedAt: 'x'}} as const
    const again = folded(opened, {kind: 'incident.resolved', data: {}}, {kind: 'incident.closed', data: {}}, reopened)
    expect(again).toMatchObject({phase: 'open', closed: null, leftIn: [], title: 'HTTP errors'})
    expect(again.reopens.map(({why}) => why)).toEqual(['errors are back'])
    expect(again.resolves).toHaveLength(1)
  })

  it('stays closed, or a part of another, when a resolve arrives late', () => {
    expect(folded(opened, {kind: 'incident.closed', data: {}}, {kind: 'incident.resolved', data: {}}).phase).toBe('closed')
    const merged = folded(opened, {kind: 'incident.merged', data: {into: 'x'}}, {kind: 'incident.resolved', data: {}}, {kind: 'incident.closed', data: {}})
    expect(merged).toMatchObject({phase: 'merged', mergedInto: 'x', merged: {by: 'dana'}})
  })

  it('is its own again when it is reopened after a merge', () => {
    const reopened = {kind: 'incident.reopened', data: {why: 'w', title: 'from the reopening', severity: 'SEV1', openedAt: 'x'}} as const
    const state = folded({kind: 'incident.merged', data: {into: 'x'}}, reopened)
    expect(state).toMatchObject({phase: 'open', mergedInto: null, title: 'from the reopening'})
    expect(state).not.toHaveProperty('merged')
  })

  it('takes the last word for title, severity, impact, roles and headline', () => {
    const state = folded(
      opened,
      {kind: 'incident.retitled', data: {title: 'Routing'}},
      {kind: 'severity.set', data: {severity: 'SEV1'}},
      {kind: 'impact.set', data: {impact: 'critical'}},
      {kind: 'role.assigned', data: {role: 'comms', to: 'ari'}},
      {kind: 'headline.set', data: {text: 'One region is down'}},
    )
    expect(state).toMatchObject({title: 'Routing', severity: 'SEV1', impact: 'critical', roles: {comms: 'ari'}, headline: 'One region is down'})
  })

  it('keeps a title that came before the opening', () => {
    expect(folded({kind: 'incident.retitled', data: {title: 'Routing'}}, opened)).toMatchObject({title: 'Routing', phase: 'open'})
  })

  it('moves command only when it is taken', () => {
    const offered = folded(opened, {kind: 'handoff.offered', data: {to: 'ari', text: 'API is closed'}}, {kind: 'handoff.offered', data: {to: 'kim'}})
    expect(offered.handoff).toEqual({to: 'kim', offer: entryId('a0', 3)})
    expect(folded(opened, {kind: 'handoff.offered', data: {to: 'ari'}}, {kind: 'handoff.taken', data: {to: 'ari'}})).toMatchObject({
      handoff: null,
      roles: {ic: 'ari'},
    })
  })

  it('marks a milestone anew and keeps only the last mark in sight', () => {
    const mark = (at: string) => ({kind: 'milestone.marked', data: {milestone: 'started'}, at, basis: 'stated', approx: true, precisionMs: 1000}) as const
    const state = folded(opened, mark('2026-06-07T15:49:00.000Z'), mark('2026-06-07T15:48:00.000Z'))
    expect(state.milestones.started).toMatchObject({at: '2026-06-07T15:48:00.000Z', basis: 'stated', approx: true, precisionMs: 1000})
  })

  it('keeps pinned notes, causes, stated measures and action items', () => {
    const state = folded(
      opened,
      {kind: 'note.added', data: {noteKind: 'note', text: 'not pinned'}},
      {kind: 'note.added', data: {noteKind: 'cause', text: 'a record out of order', pinned: true}},
      {kind: 'measure.stated', data: {measure: 'engage', ms: 120_000, bound: '<='}},
      {kind: 'action.added', data: {action: 'A1', text: 'bound the cooldown', owner: 'kim'}},
      {kind: 'action.linked', data: {action: 'A1', url: 'https://example.com/1'}},
      {kind: 'action.done', data: {action: 'A1'}},
      {kind: 'action.done', data: {action: 'nobody knows this one'}},
    )
    expect(state.pinned.map(({text}) => text)).toEqual(['a record out of order'])
    expect(state.causes).toHaveLength(1)
    expect(state.causes[0]).not.toHaveProperty('text')
    expect(state.measures).toMatchObject([{measure: 'engage', ms: 120_000, bound: '<='}])
    expect(state.actions).toMatchObject([{action: 'A1', owner: 'kim', links: ['https://example.com/1'], done: {by: 'dana'}}])
  })

  it('remembers that a postmortem was drafted and published', () => {
    const drafted = {kind: 'postmortem.drafted', data: {path: 'p', head: 'h', digest: 'd', unwritten: []}} as const
    const state = folded(opened, drafted, {kind: 'postmortem.published', data: {path: 'p', digest: 'd'}})
    expect(state.postmortem).toMatchObject({drafted: {entry: entryId('a0', 2)}, published: {entry: entryId('a0', 3)}})
  })

  it('counts what it does not fold, and changes nothing else by it', () => {
    const before = folded(opened)
    const after = folded(opened, {kind: 'rod.reminded', data: {rod: 'api', stage: 'due', n: 1}})
    expect(after).toEqual({...before, count: 2, lastAt: '2026-06-07T15:50:01.000Z'})
  })

  it('ignores a kind from the future', () => {
    const [event] = history(opened)
    const strange = {...event, kind: 'incident.exploded'} as never // a record the door should have kept out
    expect(evolve(emptyIncident(ID), strange)).toEqual({...emptyIncident(ID), count: 1, lastAt: '2026-06-07T15:50:00.000Z'})
  })
})

describe('components', () => {
  const statuses = (state: ReturnType<typeof fold>, name: string) => state.components[name]?.map(({status, at}) => `${at.slice(11, 16)} ${status}`)

  it('are sorted by when it happened, and of one instant by when it was recorded', () => {
    const state = folded(
      {...component('api', 'partial_outage'), at: '2026-06-07T16:10:00.000Z'},
      {...component('api', 'major_outage'), at: '2026-06-07T16:00:00.000Z'},
      {...component('api', 'degraded_performance'), at: '2026-06-07T16:10:00.000Z'},
    )
    expect(statuses(state, 'api')).toEqual(['16:00 major_outage', '16:10 partial_outage', '16:10 degraded_performance'])
  })

  it('keep both the time it happened and the time it was written', () => {
    const [change] = folded({...component('api', 'major_outage'), at: '2026-06-07T15:00:00.000Z'}).components['api'] ?? []
    expect(change).toMatchObject({at: '2026-06-07T15:00:00.000Z', recorded: '2026-06-07T15:50:00.000Z'})
  })

  it('may be called like something every object has', () => {
    const state = folded(
      component('constructor', 'major_outage'),
      component('__proto__', 'partial_outage'),
      update(1, {components: {valueOf: 'operational'} as Record<string, 'operational'>}),
    )
    expect(Object.keys(state.components)).toEqual(['constructor', '__proto__'])
  })

  it('are not changed by a snapshot that says what is so', () => {
    const state = folded(component('api', 'major_outage'), update(1, {components: {api: 'major_outage', web: 'operational'}}))
    expect(statuses(state, 'api')).toEqual(['15:50 major_outage'])
    expect(state.components).not.toHaveProperty('web')
  })

  it('are not changed by the snapshot of the instant they were set at', () => {
    const at = '2026-06-07T16:00:00.000Z'
    const state = folded({...component('api', 'major_outage'), at}, {...update(1, {components: {api: 'major_outage'}}), at})
    expect(statuses(state, 'api')).toEqual(['16:00 major_outage'])
  })

  it('follow a snapshot that contradicts them, at its own time', () => {
    const state = folded(component('api', 'major_outage'), {
      ...update(1, {components: {api: 'operational', web: 'partial_outage'}}),
      at: '2026-06-07T16:00:00.000Z',
    })
    expect(statuses(state, 'api')).toEqual(['15:50 major_outage', '16:00 operational'])
    expect(statuses(state, 'web')).toEqual(['16:00 partial_outage'])
  })

  it('are not changed afterwards when a change is told that lies before a snapshot', () => {
    const late = {...component('api', 'major_outage'), at: '2026-06-07T15:40:00.000Z'}
    expect(statuses(folded(update(1, {components: {api: 'operational'}}), late), 'api')).toEqual(['15:40 major_outage'])
  })
})

describe('updates', () => {
  it('keep number, status, promise and snapshot', () => {
    const by = '2026-06-07T16:10:00.000Z'
    const state = folded(opened, update(1, {nextUpdateBy: by, promiseBasis: 'given', promises: [{what: 'postmortem'}], components: {api: 'operational'}}))
    expect(state.updates).toMatchObject([
      {number: 1, body: 'text 1', nextUpdateBy: by, promiseBasis: 'given', promises: [{what: 'postmortem'}], components: {api: 'operational'}, amendments: []},
    ])
  })

  it('show an amendment, and keep what it replaced', () => {
    const amended = {kind: 'update.amended', data: {update: entryId('a0', 1), number: 1, body: 'better', why: 'typo', nextUpdateBy: 'x'}} as const
    const [posted] = folded(update(1), amended).updates
    expect(posted).toMatchObject({body: 'better', nextUpdateBy: 'x', amendments: [{before: 'text 1', why: 'typo', entry: entryId('a0', 2)}]})
  })

  it('may be amended without a new text, when a source kept neither', () => {
    const [posted] = folded(update(1), {kind: 'update.amended', data: {update: entryId('a0', 1), number: 1}}).updates
    expect(posted).toMatchObject({body: 'text 1', amendments: [{before: 'text 1'}]})
  })

  it('are untouched by an amendment of one that nobody knows', () => {
    expect(folded(update(1), {kind: 'update.amended', data: {update: 'nobody', number: 1, body: 'better'}}).updates).toMatchObject([
      {body: 'text 1', amendments: []},
    ])
  })
})

describe('corrections', () => {
  const correct = (entry: number, data: {text?: string; at?: string; why?: string}) =>
    ({kind: 'entry.corrected', data: {entry: entryId('a0', entry), ...data}}) as const
  const earlier = '2026-06-07T15:30:00.000Z'

  it('move whatever came from the entry, and both times stay', () => {
    const all: Draft[] = [
      opened,
      component('api', 'major_outage'),
      update(1),
      {kind: 'milestone.marked', data: {milestone: 'detected'}},
      {kind: 'note.added', data: {noteKind: 'cause', text: 'c', pinned: true}},
      {kind: 'measure.stated', data: {measure: 'engage', ms: 1, bound: '='}},
      {kind: 'action.added', data: {action: 'A1', text: 't'}},
      {kind: 'incident.resolved', data: {}},
      {kind: 'incident.closed', data: {}},
    ]
    const state = folded(...all, ...all.map((_, i) => correct(i + 1, {at: earlier})))
    const stamps = [state.opened, state.components['api']?.[0], state.updates[0], state.milestones.detected, state.pinned[0], state.causes[0]]
    for (const stamp of [...stamps, state.measures[0], state.actions[0], state.resolves[0], state.closed]) expect(stamp?.at).toBe(earlier)
    expect(state.opened?.recorded).toBe('2026-06-07T15:50:00.000Z')
    expect(state.corrected[entryId('a0', 1)]).toEqual({at: earlier})
  })

  it('move reopenings, amendments and merges too', () => {
    const state = folded(
      opened,
      {kind: 'incident.reopened', data: {why: 'w', title: 't', severity: 'SEV1', openedAt: 'x'}},
      update(1),
      {kind: 'update.amended', data: {update: entryId('a0', 3), number: 1, body: 'b'}},
      {kind: 'incident.merged', data: {into: 'x'}},
      ...[2, 4, 5].map(entry => correct(entry, {at: earlier})),
    )
    for (const stamp of [state.reopens[0], state.updates[0]?.amendments[0], state.merged]) expect(stamp?.at).toBe(earlier)
  })

  it('sort a component anew', () => {
    const state = folded(
      {...component('api', 'major_outage'), at: '2026-06-07T16:00:00.000Z'},
      {...component('api', 'operational'), at: '2026-06-07T16:30:00.000Z'},
      {...component('web', 'major_outage'), at: '2026-06-07T16:30:00.000Z'},
      correct(2, {at: '2026-06-07T15:00:00.000Z'}),
    )
    expect(state.components['api']?.map(({status}) => status)).toEqual(['operational', 'major_outage'])
  })

  it('reword titles, pinned notes, actions, reasons, offers and headlines', () => {
    const state = folded(
      opened,
      {kind: 'note.added', data: {noteKind: 'note', text: 'n', pinned: true}},
      {kind: 'action.added', data: {action: 'A1', text: 'a'}},
      {kind: 'incident.reopened', data: {why: 'w', title: 't', severity: 'SEV1', openedAt: 'x'}},
      {kind: 'handoff.offered', data: {to: 'ari', text: 'o'}},
      {kind: 'headline.set', data: {text: 'h'}},
      ...[1, 2, 3, 4, 5, 6].map(entry => correct(entry, {text: `now ${entry}`})),
    )
    expect(state.title).toBe('now 1')
    expect(state.pinned[0]?.text).toBe('now 2')
    expect(state.actions[0]?.text).toBe('now 3')
    expect(state.reopens[0]?.why).toBe('now 4')
    expect(state.handoff?.text).toBe('now 5')
    expect(state.headline).toBe('now 6')
  })

  it('of an update count as an amendment, and of an amendment change what it said', () => {
    const once = folded(update(1), correct(1, {text: 'second', why: 'typo'}))
    expect(once.updates[0]).toMatchObject({body: 'second', amendments: [{before: 'text 1', why: 'typo'}]})
    const amended = {kind: 'update.amended', data: {update: entryId('a0', 1), number: 1, body: 'second'}} as const
    expect(folded(update(1), amended, correct(2, {text: 'third'})).updates[0]).toMatchObject({body: 'third', amendments: [{before: 'text 1'}]})
    expect(folded(update(1), amended, correct(9, {text: 'of something else'})).updates[0]?.body).toBe('second')
  })

  it('that arrive before their entry apply when it comes', () => {
    const early = (entry: number) => correct(entry, {text: 'corrected', at: earlier})
    const state = folded(
      early(5),
      early(6),
      early(7),
      early(8),
      opened,
      update(1),
      {kind: 'note.added', data: {noteKind: 'note', text: 'n', pinned: true}},
      {
        kind: 'update.amended',
        data: {update: entryId('a0', 6), number: 1, body: 'typed'},
      },
    )
    expect(state).toMatchObject({title: 'corrected', opened: {at: earlier}, pinned: [{text: 'corrected', at: earlier}]})
    expect(state.updates[0]).toMatchObject({at: earlier, body: 'corrected', amendments: [{before: 'corrected', at: earlier}]})
  })

  it('of a title are those of the entry that gave it', () => {
    const retitled = {kind: 'incident.retitled', data: {title: 'Ruoting'}} as const
    expect(folded(opened, retitled, correct(2, {text: 'Routing'})).title).toBe('Routing')
    expect(folded(opened, retitled, correct(1, {text: 'an older one'})).title).toBe('Ruoting')
    expect(folded(correct(2, {text: 'Routing'}), retitled).title).toBe('Routing')
  })

  it('of text and of time add up', () => {
    expect(folded(correct(1, {text: 't'}), correct(1, {at: earlier})).corrected[entryId('a0', 1)]).toEqual({text: 't', at: earlier})
  })
})

describe('redactions', () => {
  const redact = (entry: number) => ({kind: 'entry.redacted', data: {entry: entryId('a0', entry), why: 'names a customer'}}) as const
  const amend = (body: string) => ({kind: 'update.amended', data: {update: entryId('a0', 1), number: 1, body}}) as const

  it('hide an update with all that its amendments replaced', () => {
    const [posted] = folded(update(1), amend('second'), redact(1)).updates
    expect(posted).toMatchObject({body: '[redacted]', redacted: 'names a customer', amendments: [{before: '[redacted]'}]})
  })

  it('let a text that is written afterwards show again', () => {
    const [posted] = folded(update(1), redact(1), amend('harmless')).updates
    expect(posted).toMatchObject({body: 'harmless', amendments: [{before: '[redacted]'}]})
    expect(posted).not.toHaveProperty('redacted')
  })

  it('of an amendment hide what it said: now, or in the trail of the next one', () => {
    expect(folded(update(1), amend('secret'), redact(2)).updates[0]).toMatchObject({body: '[redacted]', amendments: [{before: 'text 1'}]})
    expect(folded(update(1), amend('secret'), amend('fine'), redact(2)).updates[0]).toMatchObject({
      body: 'fine',
      amendments: [{before: 'text 1'}, {before: '[redacted]'}],
    })
  })

  it('let a correction that is written afterwards show, but for one of an amendment that was hidden with its update', () => {
    const correct = (entry: number) => ({kind: 'entry.corrected', data: {entry: entryId('a0', entry), text: 'harmless'}}) as const
    const [posted] = folded(update(1), redact(1), correct(1)).updates
    expect(posted).toMatchObject({body: 'harmless', amendments: [{before: '[redacted]'}]})
    expect(posted).not.toHaveProperty('redacted')
    expect(folded(update(1), amend('secret'), redact(1), correct(2)).updates[0]?.body).toBe('[redacted]')
  })

  it('hide notes, actions, reasons, offers and the headline, and keep the title', () => {
    const state = folded(
      opened,
      {kind: 'note.added', data: {noteKind: 'note', text: 'n', pinned: true}},
      {kind: 'action.added', data: {action: 'A1', text: 'a'}},
      {kind: 'incident.reopened', data: {why: 'w', title: 't', severity: 'SEV1', openedAt: 'x'}},
      {kind: 'handoff.offered', data: {to: 'ari', text: 'o'}},
      {kind: 'headline.set', data: {text: 'h'}},
      {kind: 'incident.resolved', data: {leftIn: [{rod: 'api', expiresAt: 'x', why: 'w'}]}},
      ...[1, 2, 3, 4, 5, 6, 7].map(redact),
    )
    expect(state.title).toBe('HTTP errors')
    expect(state.headline).toBeNull()
    const hidden = [state.pinned[0]?.text, state.actions[0]?.text, state.reopens[0]?.why, state.handoff?.text, state.leftIn[0]?.why]
    expect(hidden).toEqual(Array(5).fill('[redacted]'))
  })

  it('of the closing hide why a rod was left in', () => {
    const left = {leftIn: [{rod: 'api', expiresAt: 'x', why: 'w'}]}
    expect(folded(opened, {kind: 'incident.closed', data: left}, redact(2)).leftIn[0]?.why).toBe('[redacted]')
  })

  it('that arrive before their entry hide it when it comes', () => {
    const state = folded(
      redact(5),
      redact(6),
      redact(7),
      redact(8),
      update(1),
      {kind: 'note.added', data: {noteKind: 'note', text: 'n', pinned: true}},
      {
        kind: 'update.amended',
        data: {update: entryId('a0', 5), number: 1, body: 'secret'},
      },
      {kind: 'headline.set', data: {text: 'h'}},
    )
    expect(state.updates[0]).toMatchObject({body: '[redacted]'})
    expect(state.pinned[0]?.text).toBe('[redacted]')
    expect(state.headline).toBeNull()
  })
})

it('an event leaves the state it came from untouched', () => {
  const write = recorder()
  const before = Object.freeze(fold(ID, [write(opened), write(update(1))]))
  const copy = structuredClone(before)
  evolve(before, write(component('api', 'major_outage')))
  expect(before).toEqual(copy)
})
