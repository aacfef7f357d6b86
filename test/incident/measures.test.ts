import {describe, expect, it} from '@jest/globals'
import type {Draft, Recorded} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import {firstPublication} from '../../src/incident/first-publication.ts'
import {impactOf} from '../../src/incident/impact.ts'
import type {Seen} from '../../src/incident/measure-ends.ts'
import {measuresOf} from '../../src/incident/measures.ts'
import type {Milestone} from '../../src/incident/words.ts'
import {component, history, ID, MINUTE, opened, recorder, START_MS, update} from './history.ts'

const iso = (minutes: number) => new Date(START_MS + minutes * MINUTE).toISOString()
const at = (minutes: number, draft: Draft): Draft => ({...draft, at: iso(minutes), basis: 'recorded'})
const mark = (minutes: number, milestone: Milestone) => at(minutes, {kind: 'milestone.marked', data: {milestone}})
const state = (measure: string, minutes: number, bound: '<=' | '~' | '=' = '='): Draft => ({
  kind: 'measure.stated',
  data: {measure, ms: minutes * MINUTE, bound},
})
const nowMs = START_MS + 120 * MINUTE

function measuring(records: readonly Recorded[], seen: Partial<Seen> = {}) {
  const folded = fold(ID, records)
  const looking = {nowMs, events: records, ...seen}
  const {rows, reopened} = measuresOf(folded, impactOf(folded, looking), looking)
  return {rows, reopened, of: (name: string) => rows.find(({measure}) => measure === name)}
}
const measure = (name: string, ...drafts: readonly Draft[]) => measuring(history(...drafts)).of(name)

describe('a measure', () => {
  it('counts from its ends, and says what they are', () => {
    const found = measure('detect', mark(0, 'started'), mark(3, 'detected'))
    expect(found).toMatchObject({printed: '3m', basis: 'recorded', from: {label: 'started'}, to: {label: 'first alert'}, reason: null, warnings: []})
  })

  it('without one of them is not recorded, and says which', () => {
    expect(measure('detect', opened, mark(3, 'detected'))).toMatchObject({printed: 'not recorded', basis: null, computed: null, reason: 'no start is marked'})
    expect(measure('engage', mark(0, 'started'))).toMatchObject({reason: 'no alert is recorded'})
    expect(measure('recover', opened)).toMatchObject({reason: 'no impact is recorded'})
  })

  it('that is negative is told as such, with a warning', () => {
    expect(measure('acknowledge', mark(10, 'detected'), mark(5, 'acknowledged'))).toMatchObject({
      printed: '5m before',
      warnings: ['acknowledge: acknowledged is 5m before first alert'],
    })
  })

  it('of something that goes on says so far', () => {
    expect(measure('declared', at(0, opened))?.printed).toBe('2h so far')
    expect(measure('resolve', at(0, component('api', 'major_outage')), at(0, opened))?.printed).toBe('2h so far')
    expect(measure('recover', at(0, opened), at(0, component('api', 'major_outage')))?.printed).toBe('2h so far')
    expect(measure('mitigate', at(0, opened), at(0, component('api', 'major_outage')))?.printed).toBe('2h so far')
  })
})

describe('the first alert', () => {
  it('is the mark, or an alert that came in before', () => {
    const write = recorder()
    const alert = write(at(-2, {kind: 'note.added', data: {noteKind: 'note', text: 'routing 5xx'}}), {actor: {name: 'alertmanager', kind: 'alert'}})
    const found = measuring([write(mark(-5, 'started')), alert, write(mark(0, 'detected'))]).of('detect')
    expect(found?.printed).toBe('3m')
  })
})

describe('engaged', () => {
  it('is the mark, else the first thing a person recorded while it happened', () => {
    const write = recorder()
    const live = (minutes: number, draft: Draft) => write(draft, {nowMs: START_MS + minutes * MINUTE})
    const told = write({...opened, at: iso(-4), basis: 'stated'}, {nowMs: START_MS})
    const records = [
      told,
      live(1, {kind: 'milestone.marked', data: {milestone: 'detected'}}),
      live(2, {kind: 'milestone.marked', data: {milestone: 'acknowledged'}}),
    ]
    const alert = {...records[1], actor: {name: 'alertmanager', kind: 'alert'}} as Recorded // the same record, by a machine
    expect(measuring([told, alert, ...records.slice(2)]).of('engage')).toMatchObject({printed: 'not recorded', reason: 'nobody is recorded at work'})
    const working = live(4, {kind: 'note.added', data: {noteKind: 'note', text: 'looking'}})
    expect(measuring([told, alert, ...records.slice(2), working]).of('engage')).toMatchObject({printed: '3m', to: {label: 'first at work'}})
    const marked = live(5, {kind: 'milestone.marked', data: {milestone: 'engaged'}})
    expect(measuring([told, alert, ...records.slice(2), working, marked]).of('engage')).toMatchObject({printed: '4m', to: {label: 'engaged'}})
  })

  it('is not known without the events', () => {
    const records = history(mark(0, 'detected'), {kind: 'note.added', data: {noteKind: 'note', text: 'looking'}})
    const folded = fold(ID, records)
    const rows = measuresOf(folded, impactOf(folded, {nowMs}), {nowMs}).rows
    expect(rows.find(({measure: name}) => name === 'engage')?.printed).toBe('not recorded')
  })
})

describe('public', () => {
  const said = [at(0, opened), mark(0, 'detected'), at(3, update(1)), at(9, update(2))] as const

  it('is the first update, when the page has no target', () => expect(measure('public', ...said)).toMatchObject({printed: '3m', to: {label: 'update 1'}}))

  it('is when the page was read back with it; later than a minute, both are told', () => {
    const published = {at: iso(5), recorded: iso(5), entry: 'p', by: 'dana'}
    const found = measuring(history(...said), {published}).of('public')
    expect(found).toMatchObject({printed: '5m', to: {label: 'on the page'}, warnings: ['public: update 1 was on the page 2m after it was posted']})
    expect(measuring(history(...said), {published: {...published, at: iso(3.5)}}).of('public')?.warnings).toEqual([])
  })

  it('is never for a private incident', () => {
    const secret: Draft = {kind: 'incident.opened', data: {title: 't', severity: 'SEV1', private: true}}
    expect(measure('public', secret, mark(0, 'detected'), at(3, update(1)))).toMatchObject({printed: 'not recorded', reason: 'nothing was public'})
  })

  it('starts the silence from a marked start only', () => {
    expect(measure('silence', ...said)).toMatchObject({printed: 'not recorded', reason: 'no start is marked'})
    expect(measure('silence', mark(-2, 'started'), ...said)?.printed).toBe('5m')
  })
})

describe('readable', () => {
  const kinds = {page: 'communication', chat: 'communication'} as const
  const said = [at(0, opened), mark(0, 'detected'), at(3, update(1))] as const
  const readable = (...drafts: readonly Draft[]) => measuring(history(...said, ...drafts), {kinds}).of('readable')

  it('is public when no channel is down', () => {
    expect(readable()).toMatchObject({printed: '3m', to: {label: 'public'}})
    expect(readable(at(1, component('page', 'partial_outage')), at(1, component('api', 'major_outage')))?.printed).toBe('3m')
  })
  it('is when the last channel came back', () => {
    const down = [at(1, component('page', 'major_outage')), at(2, component('chat', 'major_outage'))] as const
    expect(readable(...down, at(5, component('page', 'partial_outage')), at(9, component('chat', 'operational')))).toMatchObject({
      printed: '9m',
      to: {label: 'channel back'},
    })
    expect(readable(...down, at(5, component('page', 'partial_outage')))).toMatchObject({
      printed: 'not recorded',
      reason: 'the channel is not recorded as readable',
    })
  })
})

describe('diagnose', () => {
  it('is the mark or the first cause, never the public status', () => {
    const cause = at(7, {kind: 'note.added', data: {noteKind: 'cause', text: 'out of order'}})
    expect(measure('diagnose', mark(0, 'detected'), at(1, update(1, {status: 'identified'})))).toMatchObject({printed: 'not recorded'})
    expect(measure('diagnose', mark(0, 'detected'), cause)).toMatchObject({printed: '7m', to: {label: 'first cause'}})
    expect(measure('diagnose', mark(0, 'detected'), cause, mark(9, 'identified'))?.printed).toBe('9m')
  })
})

describe('mitigate', () => {
  const day = [
    at(0, opened),
    at(0, component('api', 'partial_outage')),
    at(5, component('web', 'major_outage')),
    at(10, component('web', 'operational')),
    at(20, component('web', 'major_outage')),
    at(30, component('web', 'degraded_performance')),
    at(50, component('api', 'operational')),
    at(60, component('web', 'operational')),
  ] as const
  it('is when the worst level was over for good: not recovery', () => {
    expect(measure('mitigate', ...day)).toMatchObject({printed: '30m', to: {label: 'worst level over'}})
    expect(measure('recover', ...day)?.printed).toBe('1h')
  })
  it('is where it is marked', () => expect(measure('mitigate', ...day, mark(25, 'mitigated'))).toMatchObject({printed: '25m', to: {label: 'mitigated'}}))
})

describe('the end', () => {
  it('is the last resolve, and reopenings are counted', () => {
    const reopened: Draft = {kind: 'incident.reopened', data: {why: 'w', title: 't', severity: 'SEV1', openedAt: 'x'}}
    const ended = [at(0, opened), mark(1, 'detected'), at(10, {kind: 'incident.resolved', data: {}}), at(20, reopened)] as const
    expect(measure('declared', ...ended)?.printed).toBe('2h so far')
    const again = measuring(history(...ended, at(30, {kind: 'incident.resolved', data: {}})))
    expect(again.of('declared')?.printed).toBe('30m')
    expect(again.of('response')?.printed).toBe('29m')
    expect(again.reopened).toBe(1)
  })

  it('that lies with the opening is not recorded, never 0', () => {
    expect(measure('declared', at(0, opened), at(0, {kind: 'incident.resolved', data: {}}))).toMatchObject({
      printed: 'not recorded',
      reason: 'uncertain by more than its value',
    })
  })

  it('of a merged incident may be none', () => {
    expect(measure('declared', at(0, opened), {kind: 'incident.merged', data: {into: 'x'}})).toMatchObject({
      printed: 'not recorded',
      reason: 'no resolve is recorded',
    })
  })
})

describe('what somebody vouches for', () => {
  const recorded = [mark(0, 'detected'), mark(3, 'engaged')] as const
  const guessed = [mark(0, 'detected'), {...mark(3, 'engaged'), basis: 'assumed'} as Draft] as const

  it('is shown instead of a guess, and silently', () => {
    expect(measure('engage', ...guessed, state('engage', 1, '<='))).toMatchObject({printed: '≤ 1m', basis: 'stated', warnings: []})
    expect(measure('engage', state('engage', 2, '<='))).toMatchObject({printed: '≤ 2m', basis: 'stated', reason: null})
  })

  it('is the last thing that was said', () => expect(measure('engage', state('engage', 1), state('engage', 2))?.printed).toBe('2m'))

  it('gives way to a recorded value, and both are shown when they contradict each other', () => {
    expect(measure('engage', ...recorded, state('engage', 5, '<='))).toMatchObject({printed: '3m', basis: 'recorded', warnings: []})
    expect(measure('engage', ...recorded, state('engage', 2, '<='))).toMatchObject({
      printed: '3m recorded, ≤ 2m stated',
      warnings: ['engage: stated ≤ 2m, the record says 3m'],
    })
  })

  it('is held to its bound', () => {
    expect(measure('engage', ...recorded, state('engage', 3))?.warnings).toEqual([])
    expect(measure('engage', ...recorded, state('engage', 4))?.warnings).toHaveLength(1)
    expect(measure('engage', ...recorded, state('engage', 3.5, '~'))?.warnings).toEqual([])
    expect(measure('engage', ...recorded, state('engage', 30, '~'))?.warnings).toHaveLength(1)
  })

  it('is compared with other told instants too, and shown', () => {
    const told = [mark(0, 'detected'), {...mark(30, 'engaged'), basis: 'stated'} as Draft] as const
    expect(measure('engage', ...told, state('engage', 3))).toMatchObject({printed: '3m', basis: 'stated', warnings: ['engage: stated 3m, the record says 30m']})
  })

  it('may be something of its own', () => {
    expect(measure('time to first byte', state('time to first byte', 2, '~'))).toMatchObject({printed: '~2m', basis: 'stated'})
  })
})

describe('the first publication', () => {
  const published = (revision: number): Draft => ({kind: 'page.published', data: {target: 'disk', revision, digest: 'd', ms: 1}})

  it('is the first page read back that holds the first update', () => {
    const write = recorder()
    const records = [
      write(opened),
      write(published(1), {incident: null}),
      write(update(1)),
      write(published(1), {incident: null}),
      write(published(2), {incident: null}),
    ]
    expect(firstPublication(ID, records)?.entry).toBe(records[4]?.id)
    expect(firstPublication(ID, records.slice(0, 4))).toBeNull()
  })

  it('does not mind what it does not know', () => {
    const opaque = {...history(opened)[0], kind: 'x.y', opaque: true} as never // as the journal hands over an unknown kind
    expect(firstPublication(ID, [opaque])).toBeNull()
  })
})
