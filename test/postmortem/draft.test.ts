import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {parse} from 'yaml'
import type {EventKind, Recorded, ScramEvent} from '../../src/incident/events.ts'
import {recordOrder} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import {type DraftInput, draftPostmortem} from '../../src/postmortem/draft.ts'
import {SCRAM_LAYOUT} from '../../src/postmortem/layout.ts'
import {quotable} from '../../src/postmortem/quotable.ts'
import {makeHistory} from './history.ts'
import {HOSTILE} from './hostile.ts'
import {all, blockText, type Read, readMarkdown, rows, tables, textOf} from './read-markdown.ts'

const DAY = '2026-03-01T'
const NOW = '2026-03-02T00:00:00.000Z'

function draft(incident: string, events: readonly Recorded[], more: Partial<DraftInput> = {}) {
  const state = fold(incident, [...events].sort(recordOrder))
  return draftPostmortem({state, events, components: [], now: NOW, generatedBy: 'scram test', layout: 'scram', redact: [], ...more})
}

/** One event of each kind that carries text, with `text` wherever a person or another machine can put some. */
function everyText(text: string) {
  const {incident, events, add} = makeHistory()
  const by = {name: text, kind: 'person'} as const
  let minute = 0
  const say = (event: ScramEvent) => {
    minute += 1
    return add({at: `${DAY}12:${String(minute).padStart(2, '0')}:00Z`, actor: by}, event)
  }
  say({kind: 'incident.opened', data: {title: text, severity: 'SEV1'}})
  say({kind: 'component.set', data: {component: text, status: 'major_outage', extent: {metric: text, min: 1, max: 2}, why: text}})
  say({kind: 'milestone.marked', data: {milestone: 'started', text}})
  const update = say({
    kind: 'update.posted',
    data: {number: 1, status: 'investigating', body: text, components: {[text]: 'operational'}, promises: [{what: 'text', text}]},
  })
  say({kind: 'update.amended', data: {update: update.id, number: 1, body: text, why: text}})
  const note = say({kind: 'note.added', data: {noteKind: 'cause', text}})
  say({kind: 'note.added', data: {noteKind: 'todo', text}})
  say({kind: 'entry.corrected', data: {entry: note.id, text, why: text}})
  say({kind: 'role.assigned', data: {role: 'sme', to: text}})
  say({kind: 'handoff.offered', data: {to: text, text}})
  say({kind: 'action.added', data: {action: 'a1', text, owner: text}})
  say({kind: 'action.linked', data: {action: 'a1', url: text}})
  say({kind: 'measure.stated', data: {measure: text, ms: 1000, bound: '~', from: text}})
  say({kind: 'command.ran', data: {argv: [text, text], exitCode: 1, ms: 5, tail: text, digest: text}})
  const move = {rod: text, to: text, intent: 'i', why: text}
  say({kind: 'rod.inserted', data: {...move, targets: [], effective: {position: text, probe: text, ms: 1, evidence: text}, expiresAt: `${DAY}14:00:00.000Z`}})
  say({kind: 'rod.unverified', data: {...move, targets: [], reason: text}})
  say({kind: 'rod.drifted', data: {rod: text, expected: text, seen: text, by: 'probe', evidence: text}})
  say({kind: 'step.started', data: {run: 'r-x', step: text, title: text, kind: 'run', effect: 'unsafe', resume: 'ask'}})
  say({kind: 'step.failed', data: {run: 'r-x', step: text, ms: 3, code: text, message: text}})
  say({kind: 'page.failed', data: {target: text, revision: 1, code: text, reason: text}})
  say({kind: 'incident.resolved', data: {leftIn: [{rod: text, expiresAt: `${DAY}14:00:00.000Z`, why: text}]}})
  return {incident, events}
}

/** What must hold whatever was recorded: our structure, and nothing but it. */
function expectSound(markdown: string, unwritten: readonly string[]): Read {
  const read = readMarkdown(markdown)
  const nodes = [...all(read.tree)]
  const html = nodes.filter(node => node.type === 'html').map(textOf)
  for (const value of html)
    expect(value).toMatch(
      /^(<!-- scram:(begin [a-z-]+ sha256=[0-9a-f]{12}|end [a-z-]+|todo [a-z-]+) -->|<details><summary>All folded events<\/summary>|<\/details>)$/,
    )
  const markers = markdown.split('\n').filter(line => line.startsWith('<!--'))
  expect(markers).toEqual(html.filter(value => value.startsWith('<!--')))
  expect(new Set(markers).size).toBe(markers.length)

  const parts = SCRAM_LAYOUT.filter(part => !('onlyWith' in part) || part.onlyWith === undefined || read.blocks.has(part.onlyWith))
  const headings = parts.flatMap(part => ('heading' in part ? [part.heading] : []))
  expect(read.tree.children.flatMap(node => (node.type === 'heading' ? [textOf(node)] : [])).slice(1)).toEqual(headings)
  expect(nodes.filter(node => node.type === 'heading')).toHaveLength(headings.length + 1)
  expect([...unwritten]).toEqual(parts.flatMap(part => ('todo' in part ? [part.todo] : [])))

  for (const node of nodes) {
    expect(['image', 'imageReference', 'definition', 'code', 'footnoteDefinition', 'footnoteReference', 'linkReference', 'delete']).not.toContain(node.type)
    // Readers link bare addresses by themselves; a link never says one thing and leads to another.
    if (node.type === 'link') expect(node.url.replace(/^(mailto:|http:\/\/(?=www\.))/, '')).toBe(textOf(node))
    if (node.type === 'link') expect(node.url).toMatch(/^(https?|mailto):/)
    if (node.type === 'table') for (const row of node.children) expect(row.children).toHaveLength(node.children[0]?.children.length ?? 0)
  }
  return read
}

describe('a hostile text', () => {
  it.each(HOSTILE.map((text, index) => [index, text] as const))('%i %j stays text in every field', (_, text) => {
    const {incident, events} = everyText(text)
    const {markdown, unwritten} = draft(incident, events)
    const read = expectSound(markdown, unwritten)
    expect(tables(read.blocks.get('timeline') ?? [])).toHaveLength(2)
    expect(rows(read, 'timeline')).toHaveLength(events.length)
    expect(rows(read, 'timeline', 1)).toHaveLength(2)
    for (const block of ['impact', 'measures', 'rods', 'steps', 'updates', 'actions'])
      expect([block, tables(read.blocks.get(block) ?? []).length]).toEqual([block, 1])
    // The same text, read back: what a person wrote is what a reader sees.
    expect(rows(read, 'steps')[0]?.[5]).toBe(quotable(text))
    expect(blockText(read, 'evidence-notes')).toContain(quotable(text))
    const front = parse(/^---\n([\s\S]*?)\n---\n/.exec(markdown)?.[1] ?? '')
    expect(front.title).toBe(quotable(text) || incident)
  })
})

const text = fc.oneof({weight: 3, arbitrary: fc.constantFrom(...HOSTILE)}, {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 40})})
const at = fc.integer({min: -3 * 86_400, max: 3 * 86_400}).map(second => new Date(Date.parse(`${DAY}12:00:00Z`) + second * 1000).toISOString())
const component = fc.constantFrom('api', 'web', '__proto__', 'constructor')
const rod = fc.constantFrom('a', 'b')
const entry = fc.nat({max: 40})
const status = fc.constantFrom('operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage')
const position = fc.constantFrom('withdrawn', 'inserted', '25%')
const step = fc.record({run: fc.constantFrom('r-1', 'r-2'), step: fc.constantFrom('a#1', 'a#2', 'g[x]/b', '__proto__')})

/** Data of each kind; entries are numbers of earlier records here and become their ids. */
const DATA: {readonly [K in EventKind]?: fc.Arbitrary<object>} = {
  'incident.opened': fc.record({title: text, severity: fc.constantFrom('SEV1', 'SEV3'), private: fc.boolean()}),
  'incident.retitled': fc.record({title: text}),
  'incident.resolved': fc.constantFrom({}, {leftIn: [{rod: 'a', expiresAt: `${DAY}14:00:00.000Z`, why: 'on purpose'}]}),
  'incident.reopened': fc.record({why: text, title: text, severity: fc.constant('SEV2'), openedAt: at}),
  'incident.closed': fc.constant({}),
  'incident.merged': fc.record({into: fc.constant('0301-aaaaaaaaaaaa')}),
  'severity.set': fc.record({severity: fc.constantFrom('SEV1', 'SEV2')}),
  'impact.set': fc.record({impact: fc.constantFrom('none', 'critical')}),
  'role.assigned': fc.record({role: fc.constantFrom('ic', 'comms'), to: fc.constantFrom('anna', 'ben')}),
  'component.set': fc.record({component, status}),
  'milestone.marked': fc.record({milestone: fc.constantFrom('started', 'detected', 'engaged', 'identified', 'mitigated', 'recovered'), text}),
  'measure.stated': fc.record({measure: fc.constantFrom('engage', 'own'), ms: fc.nat(10_000_000), bound: fc.constantFrom('<=', '~', '=')}),
  'update.posted': fc.record({
    number: fc.integer({min: 1, max: 5}),
    status: fc.constantFrom('investigating', 'resolved'),
    body: text,
    components: fc.dictionary(component, status),
    nextUpdateBy: at,
  }),
  'update.amended': fc.record({update: entry, number: fc.constant(1), body: text}),
  'note.added': fc.record({noteKind: fc.constantFrom('note', 'cause', 'decision', 'todo'), text}),
  'entry.corrected': fc.oneof(fc.record({entry, text}), fc.record({entry, at})),
  'entry.redacted': fc.record({entry, why: text}),
  'handoff.offered': fc.record({to: text, text}),
  'handoff.taken': fc.record({to: fc.constantFrom('anna', 'ben')}),
  'action.added': fc.record({action: fc.constantFrom('a1', 'a2'), text}),
  'action.done': fc.record({action: fc.constantFrom('a1', 'a3')}),
  'action.linked': fc.record({action: fc.constant('a1'), url: fc.constantFrom('https://example.invalid/a|b', 'javascript:alert(1)')}),
  'rod.inserted': fc.record({rod, to: position, intent: fc.constant('i'), why: text, targets: fc.constant([])}),
  'rod.unverified': fc.record({rod, to: position, intent: fc.constant('i'), why: text, targets: fc.constant([])}),
  'rod.jammed': fc.record({rod, to: position, intent: fc.constant('i'), why: text, targets: fc.constant([]), reason: text}),
  'rod.withdrawn': fc.record({rod, to: fc.constant('withdrawn'), intent: fc.constant('i'), why: text, targets: fc.constant([])}),
  'step.started': step.map(data => ({...data, title: 'step', kind: 'run', effect: 'unsafe', resume: 'ask'})),
  'step.finished': step.map(data => ({...data, ms: 12})),
  'step.failed': fc.tuple(step, text).map(([data, message]) => ({...data, ms: 12, code: 'x', message})),
  'step.unknown': step.map(data => ({...data, reason: 'died'})),
  'step.settled': step.map(data => ({...data, by: 'verify', as: 'finished'})),
  'run.finished': fc.record({run: fc.constant('r-1'), outcome: fc.constantFrom('done', 'aborted'), counts: fc.constant({}), rodsIn: fc.constant([])}),
  'page.published': fc.record({target: text, revision: fc.nat(), digest: fc.constant('d'), ms: fc.nat()}),
  'page.failed': fc.record({target: text, revision: fc.nat(), code: fc.constant('x'), reason: text}),
  'postmortem.drafted': fc.record({path: text, head: fc.constant('h'), digest: fc.constant('d'), unwritten: fc.constant([])}),
}

const basis = fc.constantFrom(undefined, 'recorded', 'stated', 'estimated', 'assumed')
const one = fc
  .constantFrom(...(Object.keys(DATA) as EventKind[]))
  .chain(kind => fc.tuple(fc.constant(kind), DATA[kind] ?? fc.constant({}), at, at, basis, fc.boolean()))

/** Any history the types allow, in any order of time. */
const history = fc.array(one, {maxLength: 40}).map(drafts => {
  const {incident, events, add} = makeHistory()
  const id = (n: unknown) => (typeof n === 'number' ? `01912345-6789-7abc-8def-0000${n.toString(16).padStart(8, '0')}` : n)
  for (const [kind, data, happened, recorded, how, approx] of drafts) {
    const fields = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, key === 'entry' || key === 'update' ? id(value) : value]))
    // Kind and data come from one row of the table above.
    const event = {kind, data: fields} as ScramEvent
    add({at: happened, recorded, actor: {name: approx ? 'anna' : 'ben', kind: approx ? 'person' : 'run'}, approx, ...(how && {basis: how})}, event)
  }
  return {incident, events}
})

describe('any history', () => {
  it('drafts to a sound document, and to the same bytes in whatever order it arrived', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), ({incident, events}, random) => {
        const {markdown, unwritten} = draft(incident, events)
        expectSound(markdown, unwritten)
        const shuffled = events.map(event => ({event, key: random.next().value})).sort((a, b) => Number(a.key) - Number(b.key))
        expect(
          draft(
            incident,
            shuffled.map(({event}) => event),
          ).markdown,
        ).toBe(markdown)
      }),
      {numRuns: 40},
    )
  }, 30_000)
})

describe('a draft', () => {
  it('of an incident without any event has every part and invents nothing', () => {
    const {markdown, unwritten, head} = draft('0301-empty', [])
    expectSound(markdown, unwritten)
    expect(head).toBe('')
    expect(markdown).toContain('impact_start: not recorded')
    expect(markdown).toContain('No impact interval was recorded.')
    expect(rows(readMarkdown(markdown), 'measures').filter(([, value]) => value !== 'not recorded')).toEqual([
      ['reopened', '0', '–', 'recorded'],
      ['update cadence', expect.stringContaining('0 updates'), '–', '–'],
    ])
  })

  it('of an open incident says "so far", and ends nothing', () => {
    const {incident, events, add} = makeHistory()
    add(`${DAY}12:00:00Z`, {kind: 'incident.opened', data: {title: 'Open', severity: 'SEV2'}})
    add(`${DAY}12:00:00Z`, {kind: 'component.set', data: {component: 'api', status: 'partial_outage'}})
    const {markdown} = draft(incident, events, {now: `${DAY}13:30:00.000Z`})
    expect(rows(readMarkdown(markdown), 'impact')[0]).toEqual(['api', '1h30m so far', '–', '1h30m so far', '–', '12:00:00', 'so far', 'recorded'])
    expect(markdown).toContain('impact_end: not recorded')
  })

  it('is not made stale by recording that it was made', () => {
    const {incident, events, add} = makeHistory()
    add(`${DAY}12:00:00Z`, {kind: 'incident.opened', data: {title: 'x', severity: 'SEV2'}})
    const before = draft(incident, events)
    add(`${DAY}13:00:00Z`, {kind: 'postmortem.drafted', data: {path: 'p', head: before.head, digest: 'd', unwritten: []}})
    expect(draft(incident, events)).toEqual(before)
  })

  it('does not bring a redacted text back, nor name who must not be named', () => {
    const {incident, events, add} = makeHistory()
    add(`${DAY}12:00:00Z`, {kind: 'incident.opened', data: {title: 'Acme cannot log in', severity: 'SEV2'}})
    const note = add(`${DAY}12:01:00Z`, {kind: 'note.added', data: {noteKind: 'finding', text: 'the CANARY was in the log'}})
    add(`${DAY}12:02:00Z`, {kind: 'entry.corrected', data: {entry: note.id, text: 'another CANARY'}})
    add(`${DAY}12:03:00Z`, {kind: 'entry.redacted', data: {entry: note.id, why: 'a secret'}})
    const {markdown} = draft(incident, events, {redact: ['acme']})
    expect(markdown).not.toMatch(/CANARY|acme/i)
    expect(blockText(readMarkdown(markdown), 'timeline')).toContain('[redacted] a secret')
    expect(markdown).toContain('title: "[redacted:name-1] cannot log in"')
  })

  it('says who by role, unless names are asked for', () => {
    const {incident, events, add} = makeHistory()
    add({at: `${DAY}12:00:00Z`, by: 'anna'}, {kind: 'incident.opened', data: {title: 'x', severity: 'SEV2'}})
    add({at: `${DAY}12:01:00Z`, by: 'anna'}, {kind: 'role.assigned', data: {role: 'ic', to: 'anna'}})
    add({at: `${DAY}12:02:00Z`, by: 'anna'}, {kind: 'note.added', data: {noteKind: 'decision', text: 'fail over'}})
    add({at: `${DAY}12:03:00Z`, by: 'anna'}, {kind: 'handoff.offered', data: {to: 'ben', text: 'good night'}})
    add({at: `${DAY}12:04:00Z`, by: 'ben'}, {kind: 'handoff.taken', data: {to: 'ben', from: 'anna'}})
    add({at: `${DAY}12:05:00Z`, by: 'anna'}, {kind: 'note.added', data: {noteKind: 'note', text: 'gone'}})
    const {markdown} = draft(incident, events)
    expect(rows(readMarkdown(markdown), 'timeline').map(cells => cells[2])).toEqual(['responder', 'IC', 'IC', 'IC', 'IC', 'responder'])
    expect(markdown).not.toMatch(/\b(anna|ben)\b/)
    expect(draft(incident, events, {names: true}).markdown).toContain('| anna |')
  })

  it('puts failed steps first and never drops them', () => {
    const {incident, events, add} = makeHistory()
    const of = {run: 'r-4qm700000000', title: 't', kind: 'run', effect: 'unsafe', resume: 'ask'} as const
    add(`${DAY}12:00:00Z`, {kind: 'step.started', data: {...of, step: 'a#1'}})
    add(`${DAY}12:01:00Z`, {kind: 'step.finished', data: {run: of.run, step: 'a#1', ms: 60_000}})
    add(`${DAY}12:02:00Z`, {kind: 'step.started', data: {...of, step: 'b#1'}})
    add(`${DAY}12:03:00Z`, {kind: 'step.failed', data: {run: of.run, step: 'b#1', ms: 900, code: 'x', message: 'no'}})
    add(`${DAY}12:04:00Z`, {kind: 'step.failed', data: {run: of.run, step: 'b#2', ms: 900, code: 'x', message: 'still no', timedOut: true}})
    add(`${DAY}12:05:00Z`, {kind: 'step.unknown', data: {run: of.run, step: 'c#1', reason: 'died'}})
    add(`${DAY}12:06:00Z`, {kind: 'step.finished', data: {run: of.run, step: 'c#1', ms: 5}})
    const read = readMarkdown(draft(incident, events).markdown)
    expect(rows(read, 'steps').map(cells => [cells[0], cells[3], cells[4], cells[5]])).toEqual([
      ['r-4qm7/b', '2', 'timed out', 'still no'],
      ['r-4qm7/a', '1', 'ok', ''],
      ['r-4qm7/c', '1', 'ok, resumed after a crash', 'died'],
    ])
  })

  it('takes a step under way for no failure: it may be the one that writes the draft', () => {
    const {incident, events, add} = makeHistory()
    const of = {run: 'r-4qm700000000', title: 't', kind: 'uses', effect: 'record', resume: 'safe'} as const
    add(`${DAY}12:00:00Z`, {kind: 'step.started', data: {...of, step: 'draft#1'}})
    const read = readMarkdown(draft(incident, events).markdown)
    expect(rows(read, 'steps')[0]?.[4]).toBe('no outcome recorded yet')
    expect(read.blocks.has('second-failures')).toBe(false)
    add(`${DAY}12:01:00Z`, {kind: 'run.finished', data: {run: of.run, outcome: 'aborted', counts: {}, rodsIn: []}})
    expect(rows(readMarkdown(draft(incident, events).markdown), 'steps')[0]?.[4]).toBe('aborted')
    expect(draft(incident, events).unwritten).toContain('second-failure')
  })

  it('quotes a finding as it was written, with when, by which role and where it stands', () => {
    const {incident, events, add} = makeHistory()
    add(`${DAY}12:00:00Z`, {kind: 'component.set', data: {component: 'api', status: 'major_outage'}})
    add(`${DAY}12:01:30Z`, {kind: 'note.added', data: {noteKind: 'finding', text: 'The disk is full.'}})
    expect(draft(incident, events).markdown).toContain('> **finding, 12:01:30 (T+ 0:01:30), responder, 00000002:** The disk is full.')
  })

  it('says what became of each promise', () => {
    const {incident, events, add} = makeHistory()
    add(`${DAY}12:00:00Z`, {kind: 'incident.opened', data: {title: 'x', severity: 'SEV2'}})
    const update = (time: string, number: number, by: string, promiseBasis: 'given' | 'cadence' = 'given') =>
      add(`${DAY}${time}Z`, {
        kind: 'update.posted',
        data: {number, status: 'investigating', body: 'x', components: {}, nextUpdateBy: `${DAY}${by}.000Z`, promiseBasis},
      })
    update('12:00:00', 1, '12:20:00')
    update('12:20:00', 2, '12:40:00')
    update('12:49:04', 3, '13:30:00', 'cadence')
    const {markdown} = draft(incident, events, {now: `${DAY}13:00:00.000Z`})
    expect(rows(readMarkdown(markdown), 'updates').map(cells => cells.slice(4))).toEqual([
      ['12:20:00', 'kept'],
      ['12:40:00', 'late by 9m04s'],
      ['13:30:00 (by policy)', 'open'],
    ])
    expect(blockText(readMarkdown(markdown), 'promises')).toBe('Update 3 promised the next update by 2026-03-01 13:30:00 UTC.')
  })

  it('folds the bookkeeping of a long day, and keeps what was folded below it', () => {
    const {incident, events, add} = makeHistory()
    add(`${DAY}12:00:00Z`, {kind: 'incident.opened', data: {title: 'x', severity: 'SEV2'}})
    for (let n = 0; n < 400; n += 1) {
      const at = new Date(Date.parse(`${DAY}12:00:00Z`) + n * 1000).toISOString()
      add(at, {kind: 'page.published', data: {target: 'disk', revision: n, digest: 'd', ms: 1}})
      if (n === 200) add(at, {kind: 'update.posted', data: {number: 1, status: 'investigating', body: 'x', components: {}}})
    }
    const {markdown, unwritten} = draft(incident, events)
    const read = expectSound(markdown, unwritten)
    expect(rows(read, 'timeline').map(cells => cells[3])).toEqual([
      expect.stringContaining('opened'),
      expect.stringMatching(/^201 × page/),
      'update 1 of 1, investigating: x',
      expect.stringMatching(/^199 × page/),
    ])
    expect(rows(read, 'timeline', 1)).toHaveLength(400)
  })
})
