import {describe, expect, it} from '@jest/globals'
import type {Draft, Recorded} from '../../src/incident/events.ts'
import {correctionsOf, timelineRows} from '../../src/incident/timeline.ts'
import {component, entryId, history, opened, recorder, update} from './history.ts'

const id = (n: number) => entryId('a0', n)
const note = (text: string): Draft => ({kind: 'note.added', data: {noteKind: 'note', text}})
const correct = (n: number, data: {text?: string; at?: string; why?: string}): Draft => ({kind: 'entry.corrected', data: {entry: id(n), ...data}})
const amend = (n: number, body?: string): Draft => ({kind: 'update.amended', data: {update: id(n), number: 1, ...(body !== undefined && {body})}})
const redact = (n: number): Draft => ({kind: 'entry.redacted', data: {entry: id(n), why: 'a name'}})
const rows = (...drafts: readonly Draft[]) => timelineRows(history(...drafts))
const texts = (...drafts: readonly Draft[]) => rows(...drafts).map(({text}) => text)

describe('a timeline', () => {
  it('is in order of what happened, not of what was written', () => {
    expect(texts(note('second'), {...note('first'), at: '2026-06-07T15:00:00.000Z'})).toEqual(['first', 'second'])
  })

  it('is the same whatever order the records arrive in', () => {
    const records = history(opened, note('a'), correct(2, {text: 'b'}), update(1), amend(4, 'c'), redact(2))
    expect(timelineRows([...records].reverse())).toEqual(timelineRows(records))
  })

  it('marks what was told afterwards, and shows both times', () => {
    const [row] = rows({...note('n'), at: '2026-06-07T15:00:00.000Z', basis: 'stated', precisionMs: 60_000, approx: true})
    expect(row).toMatchObject({at: '2026-06-07T15:00:00.000Z', recorded: '2026-06-07T15:50:00.000Z', isBackdated: true, precisionMs: 60_000, approx: true})
    expect(rows(note('n'))).toMatchObject([
      {isBackdated: false, precisionMs: null, approx: false, who: 'dana', actorKind: 'person', visibility: 'internal', entry: id(1)},
    ])
    expect(rows(update(1))).toMatchObject([{visibility: 'public'}])
  })

  it('shows a record it does not know as what it is', () => {
    const opaque = {...history(note('n'))[0], kind: 'x.y', opaque: true} as never // as the journal hands over an unknown kind
    expect(timelineRows([opaque])).toMatchObject([{kind: 'x.y', text: 'x.y: not known to this version of scram'}])
  })
})

describe('corrections', () => {
  it('show what the entry says now, at its right place, and both stay', () => {
    const found = rows(opened, note('typo'), correct(2, {text: 'right', at: '2026-06-07T15:00:00.000Z', why: 'typo'}))
    expect(found[0]).toMatchObject({text: 'right', at: '2026-06-07T15:00:00.000Z', isCorrected: true, isBackdated: true})
    const records = history(opened, note('typo'), correct(2, {text: 'right', at: '2026-06-07T15:00:00.000Z', why: 'typo'}))
    expect(correctionsOf(records)).toEqual([
      {entry: id(2), of: 'text', old: 'typo', new: 'right', at: '2026-06-07T15:50:02.000Z', by: 'dana', why: 'typo', source: id(3)},
      {
        entry: id(2),
        of: 'at',
        old: '2026-06-07T15:50:01.000Z',
        new: '2026-06-07T15:00:00.000Z',
        at: '2026-06-07T15:50:02.000Z',
        by: 'dana',
        why: 'typo',
        source: id(3),
      },
    ])
  })

  it('of a correction name what stood last', () => {
    const twice = history(note('one'), correct(1, {text: 'two', at: '2026-06-07T15:00:00.000Z'}), correct(1, {text: 'three', at: '2026-06-07T15:01:00.000Z'}))
    expect(correctionsOf(twice).slice(2)).toMatchObject([{old: 'two', new: 'three'}, {old: '2026-06-07T15:00:00.000Z'}])
  })

  it('of an update show what the public reads now', () => {
    expect(texts(update(1), amend(1, 'better'))[0]).toBe('update 1, investigating: better')
    expect(correctionsOf(history(update(1), amend(1, 'better')))).toMatchObject([{old: 'text 1', new: 'better', why: null}])
  })

  it('whose source kept no text say that it is not recorded', () => {
    expect(correctionsOf(history(update(1), amend(1)))).toMatchObject([{old: null, new: 'text 1'}])
    expect(correctionsOf(history(amend(7)))).toMatchObject([{old: null, new: null}])
  })

  it('of nothing but a promise are none', () => {
    const promise: Draft = {kind: 'update.amended', data: {update: id(1), number: 1, nextUpdateBy: 'x', why: 'w'}}
    expect(correctionsOf(history(update(1), promise))).toEqual([])
  })

  it('of an entry nobody has say what they can', () => {
    expect(correctionsOf(history(correct(9, {text: 't', at: 'x'})))).toMatchObject([
      {old: null, new: 't'},
      {old: null, new: 'x'},
    ])
  })

  it('change the words of every kind that has any', () => {
    const worded: Draft[] = [
      opened,
      {kind: 'incident.retitled', data: {title: 't'}},
      {kind: 'milestone.marked', data: {milestone: 'detected', text: 't'}},
      component('api', 'major_outage'),
      {kind: 'severity.set', data: {severity: 'SEV1', why: 't'}},
      {kind: 'handoff.offered', data: {to: 'ari', text: 't'}},
      {kind: 'action.added', data: {action: 'A1', text: 't'}},
      {kind: 'rod.extended', data: {rod: 'api', expiresAt: 'x', why: 't'}},
    ]
    const found = texts(...worded, ...worded.map((_, i) => correct(i + 1, {text: 'NEW'})))
    for (const text of found.slice(0, worded.length)) expect(text).toContain('NEW')
    expect(texts({kind: 'command.ran', data: {argv: ['true'], exitCode: 0, ms: 5}}, correct(1, {text: 'it was\nfalse'}))[0]).toBe(
      'ran true (exit 0, 0.0s) (corrected: it was false)',
    )
    expect(correctionsOf(history({kind: 'command.ran', data: {argv: ['true'], exitCode: 0, ms: 5}}, correct(1, {text: 't'})))).toMatchObject([{old: null}])
  })
})

describe('redactions', () => {
  const all = (...drafts: readonly Draft[]) => JSON.stringify([timelineRows(history(...drafts)), correctionsOf(history(...drafts))])

  it('leave the reason and nothing of the text', () => {
    expect(rows(note('secret'), redact(1))[0]).toMatchObject({text: '[redacted] a name', isRedacted: true})
    expect(all(note('secret'), redact(1))).not.toContain('secret')
  })

  it('hide what corrections and amendments told again', () => {
    expect(all(note('secret 1'), correct(1, {text: 'secret 2', at: '2026-06-07T15:00:00.000Z'}), redact(1))).not.toContain('secret')
    expect(all(update(1, {body: 'secret 1'}), amend(1, 'secret 2'), redact(1))).not.toContain('secret')
    expect(rows(note('n'), correct(1, {text: 'n2', at: '2026-06-07T15:00:00.000Z'}), redact(1))[0]).toMatchObject({
      at: '2026-06-07T15:00:00.000Z',
      isRedacted: true,
    })
  })

  it('let a text written afterwards show, and not what it replaced', () => {
    const found = all(update(1, {body: 'secret'}), redact(1), amend(1, 'harmless'))
    expect(found).not.toContain('secret')
    expect(found).toContain('harmless')
  })

  it('of an amendment hide it wherever it is told', () => {
    expect(all(update(1), amend(1, 'secret'), redact(2))).not.toContain('secret')
    expect(all(update(1), amend(1, 'secret'), amend(1, 'fine'), redact(2))).not.toContain('secret')
    expect(rows(update(1), amend(1, 'secret'), redact(2))[0]).toMatchObject({text: 'update 1, investigating: [redacted]', isRedacted: true})
    const moved = rows(update(1), correct(1, {at: '2026-06-07T15:00:00.000Z'}), amend(1, 'secret'), redact(3))
    expect(moved[0]).toMatchObject({at: '2026-06-07T15:00:00.000Z', isRedacted: true})
  })

  it('stay on one line', () => {
    const why: Draft = {kind: 'entry.redacted', data: {entry: id(1), why: 'two\nlines'}}
    expect(texts(note('n'), why)[0]).toBe('[redacted] two lines')
  })
})

it('records of two origins make one timeline', () => {
  const [a, b] = [recorder('a0'), recorder('b0')]
  const records: Recorded[] = [a(note('one')), b(note('two')), a(note('three'))]
  expect(timelineRows(records).map(({text}) => text)).toEqual(['one', 'two', 'three'])
})
