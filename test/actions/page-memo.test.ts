import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {changedPage, wholePage} from '../../src/actions/page-files.ts'
import type {Draft} from '../../src/incident/events.ts'
import {boardProjection} from '../../src/incident/projections.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {MANIFEST} from '../../src/page/manifest.ts'
import {HandClock, note, testKeeper} from '../journal/test-keeper.ts'
import {DAY, iso, machine, NOW, PARTS, pastIncident, site, update, withPast} from './page-history.ts'

type Machine = ReturnType<typeof machine>
type Process = ReturnType<Machine['desk']>

/** Builds as a command does, holds it against the page built from nothing, remembers. Answers with how many files were built. */
async function built(desk: Process): Promise<number> {
  const board = await (await desk.journal()).fold(boardProjection)
  const page = await changedPage(desk, board)
  const whole = (await wholePage(desk, board)).files
  expect(page.files.get(MANIFEST)).toBe(whole.get(MANIFEST))
  for (const [path, content] of page.files) expect([path, content]).toEqual([path, whole.get(path)])
  page.save()
  return page.files.size
}

const remembered = ({home}: Machine) => readFileSync(join(home, 'page-memo'), 'utf8')

async function ready(incidents = 70): Promise<{on: Machine; all: number; few: number}> {
  const on = machine()
  await withPast(on.desk(), incidents)
  const all = await built(on.desk())
  return {on, all, few: await built(on.desk())}
}

describe('what is remembered of a page', () => {
  it('spares the incidents that are over', async () => {
    const {on, all, few} = await ready()
    expect(all).toBeGreaterThan(70)
    expect(few).toBeLessThan(20)
    await (await on.desk().journal()).append('now', [{kind: 'incident.opened', data: {title: 'Now', severity: 'SEV1'}}, update(1, 'investigating', 'We look.')])
    expect(await built(on.desk())).toBeLessThan(20)
  })

  it('is nothing that was said: a text that is redacted later was never in it', async () => {
    const {on} = await ready()
    expect(remembered(on)).not.toMatch(/We look into|It is over|Past \d/)
  })

  it('makes no difference when it is removed, cut, edited or of another time', async () => {
    const {on, all, few} = await ready()
    const file = join(on.home, 'page-memo')
    const before = remembered(on)
    const journal = await on.desk().journal()
    for (const damaged of ['', 'x', before.slice(0, -1), before.replace('partial_outage', 'major_outage'), before.replace(/\n/, ''), '{}', 'a\n{}']) {
      writeFileSync(file, damaged)
      expect(await built(on.desk())).toBe(all)
    }
    rmSync(file)
    expect(await built(on.desk())).toBe(all)
    await journal.append('past-3', [{kind: 'incident.retitled', data: {title: 'Another'}}])
    await built(on.desk())
    writeFileSync(file, before)
    expect(await built(on.desk())).toBe(few + 2) // its page and its month
  })

  it('holds for one program and one page', async () => {
    const {on, all, few} = await ready()
    const [api, ...others] = site().components
    expect(await built(on.desk({build: 'two'}))).toBe(all)
    expect(await built(on.desk({build: 'two'}))).toBe(few)
    for (const workspace of [
      site({page: {name: 'Other', url: null}}),
      site({components: api ? [{...api, name: 'Interface'}, ...others] : []}),
      site({components: api ? [{...api, isPublic: false}, ...others] : []}),
      site({components: others}),
      site({groups: [{id: 'g', name: 'Group'}], components: api ? [{...api, group: 'g'}, ...others] : []}),
    ]) {
      expect(await built(on.desk({workspace}))).toBeGreaterThanOrEqual(all)
    }
  })

  it('is nothing at all while there are few', async () => {
    const on = machine()
    await withPast(on.desk(), 50)
    await built(on.desk())
    expect(existsSync(join(on.home, 'page-memo'))).toBe(false)
    await (await on.desk().journal()).append('past-50', pastIncident(50, NOW - DAY))
    await built(on.desk())
    expect(existsSync(join(on.home, 'page-memo'))).toBe(true)
  })

  it('is not kept by a program that may change under its name, nor where there is no home', async () => {
    const on = machine()
    await withPast(on.desk(), 60)
    const sources = {...on.desk(), build: () => null}
    expect(await built(sources)).toBe(await built(sources))
    expect(existsSync(join(on.home, 'page-memo'))).toBe(false)
    await built({...on.desk(), home: null})
  })

  it('is not believed when the program renders otherwise than it says', async () => {
    const {on, all} = await ready()
    const [sum, body] = remembered(on).split('\n')
    const {sha256Hex} = await import('../../src/lib/sha256.ts')
    const other = (body ?? '').replaceAll(/"sha256":"./g, '"sha256":"x')
    expect(sum).toBe(sha256Hex(body ?? ''))
    writeFileSync(join(on.home, 'page-memo'), `${sha256Hex(other)}\n${other}`)
    expect(await built(on.desk())).toBe(all)
  })

  it('agrees when a component is first named, where the updates alone name them', async () => {
    const on = machine()
    const desk = () => on.desk({workspace: site({components: []})})
    await withPast(desk(), 70)
    await built(desk())
    const journal = await desk().journal()
    const during = iso(NOW - 7 * DAY - 60 * 4 * DAY + 300_000)
    await journal.append('past-9', [{kind: 'component.set', at: during, data: {component: 'mail', status: 'major_outage'}}])
    await built(desk())
    await journal.append('past-40', [update(3, 'monitoring', 'Mail too.', {mail: 'major_outage'})])
    await built(desk())
  })

  it('agrees where a fortnight holds more than the list of the newest', async () => {
    const on = machine()
    on.clock.wall = Date.parse('2026-03-02T08:00:00.000Z')
    await withPast(on.desk(), 120, {everyMs: 2 * 3_600_000, lastMs: Date.parse('2026-02-28T20:00:00.000Z')})
    const all = await built(on.desk())
    expect(await built(on.desk())).toBeLessThan(all - 100)
  })

  it('agrees on incidents that began at one instant', async () => {
    const on = machine()
    await withPast(on.desk(), 70, {everyMs: 0, lastMs: NOW - 90 * DAY})
    await built(on.desk())
    await (await on.desk().journal()).append('past-35', [{kind: 'impact.set', data: {impact: 'critical'}}])
    await built(on.desk())
  })

  it('agrees on an incident of which only a later part came in', async () => {
    const {on} = await ready()
    const part: Draft = {kind: 'incident.reopened', data: {why: 'again', severity: 'SEV2', title: 'Elsewhere', openedAt: iso(NOW)}}
    await (await on.desk().journal()).append('elsewhere', [part, update(2, 'monitoring', 'Back.')])
    await built(on.desk())
  })

  it('takes nothing for known that another process records meanwhile', async () => {
    const {on} = await ready()
    const plain = on.desk()
    const journal = await plain.journal()
    const retitled = (incident: string, title: string) => journal.append(incident, [{kind: 'incident.retitled', data: {title}}])
    for (const incident of ['past-3', 'past-69', 'past-5']) {
      // Between the question what changed and the folding, to one that is not looked at, one that is, and one that changed.
      await retitled('past-5', `Mine ${incident}`)
      const arrivals: typeof journal.arrivals = async mark => {
        const answer = await journal.arrivals(mark)
        await retitled(incident, `Theirs ${incident}`)
        return answer
      }
      const own = (target: typeof journal, key: string | symbol) => {
        const value: unknown = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      }
      const meddled = new Proxy(journal, {get: (target, key) => (key === 'arrivals' ? arrivals : own(target, key))})
      const page = await changedPage({...plain, journal: async () => meddled}, await journal.fold(boardProjection))
      page.save()
      await built(on.desk())
    }
  })

  it('agrees when the incident another one became a part of is published, or is not', async () => {
    const {on} = await ready()
    const journal = await on.desk().journal()
    await journal.append('secret', [{kind: 'incident.opened', data: {title: 'S', severity: 'SEV1'}}])
    await journal.append('past-2', [
      {kind: 'incident.reopened', data: {why: 'again', severity: 'SEV2', title: 'Past 2', openedAt: iso(NOW)}},
      {kind: 'incident.merged', data: {into: 'secret', why: 'same'}},
    ] as Draft[])
    await built(on.desk())
    await built(on.desk())
    await journal.append('secret', [update(1, 'investigating', 'Public now.')])
    await built(on.desk())
  })
})

describe('for any history', () => {
  const id = fc.oneof(
    fc.nat({max: 59}).map(i => `past-${i}`),
    fc.constantFrom('live-1', 'live-2', 'new-1'),
  )
  const component = fc.constantFrom(...PARTS, 'mail')
  const at = fc.option(fc.nat({max: 300 * 24}).map(hours => iso(NOW - hours * 3_600_000)))
  const status = fc.constantFrom('operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance')
  const said = fc.constantFrom('investigating', 'identified', 'monitoring', 'resolved')
  const draft = fc.oneof(
    fc.record({kind: fc.constant('incident.opened'), data: fc.record({title: fc.string(), severity: fc.constant('SEV2'), private: fc.boolean()})}),
    fc.record({kind: fc.constant('incident.retitled'), data: fc.record({title: fc.string()})}),
    fc.record({kind: fc.constantFrom('incident.resolved', 'incident.closed'), data: fc.constant({})}),
    fc.record({kind: fc.constant('incident.reopened'), data: fc.constant({why: 'again', severity: 'SEV1', title: 'Again', openedAt: iso(NOW)})}),
    fc.record({kind: fc.constant('incident.merged'), data: fc.record({into: id, why: fc.constant('same')})}),
    fc.record({kind: fc.constant('impact.set'), data: fc.record({impact: fc.constantFrom('none', 'minor', 'critical')})}),
    fc.record({kind: fc.constant('component.set'), data: fc.record({component, status})}),
    fc.record({kind: fc.constant('milestone.marked'), data: fc.record({milestone: fc.constant('started')})}),
    fc.record({
      kind: fc.constant('update.posted'),
      data: fc.record({number: fc.nat({max: 5}), status: said, body: fc.string(), components: fc.dictionary(component, status)}),
    }),
    fc.record({kind: fc.constant('update.amended'), data: fc.record({update: fc.nat({max: 5}), number: fc.nat({max: 3}), body: fc.string()})}),
    fc.record({kind: fc.constant('headline.set'), data: fc.record({text: fc.string()})}),
    fc.record({kind: fc.constant('note.added'), data: fc.constant({noteKind: 'note', text: 'n'})}),
    fc.record({kind: fc.constantFrom('entry.redacted', 'entry.corrected'), data: fc.record({entry: fc.nat({max: 5}), why: fc.constant('w')})}),
  )
  const act = fc.oneof(
    {weight: 8, arbitrary: fc.record({does: fc.constant('append' as const), incident: id, draft, at})},
    {weight: 1, arbitrary: fc.record({does: fc.constant('import' as const), incident: id, hours: fc.nat({max: 7000})})},
    {weight: 1, arbitrary: fc.record({does: fc.constant('wait' as const), days: fc.nat({max: 40})})},
    {weight: 1, arbitrary: fc.record({does: fc.constant('change' as const), public: fc.boolean(), name: fc.constantFrom('A', 'B'), none: fc.boolean()})},
    {weight: 1, arbitrary: fc.record({does: fc.constant('restore' as const)})},
    {weight: 1, arbitrary: fc.record({does: fc.constant('damage' as const), at: fc.nat()})},
    {weight: 4, arbitrary: fc.record({does: fc.constant('build' as const)})},
  )

  it('the page with a memory is the page without, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, {minLength: 1, maxLength: 25}), async acts => {
        const on = machine()
        const file = join(on.home, 'page-memo')
        let workspace = site()
        await withPast(on.desk(), 60)
        await built(on.desk())
        const old = remembered(on)
        for (const each of acts) {
          const desk = on.desk({workspace})
          const journal = await desk.journal()
          if (each.does === 'append') {
            const data: Record<string, unknown> = {...each.draft.data}
            const events = await journal.events({incident: each.incident})
            for (const key of ['entry', 'update']) if (key in data) data[key] = events.at(Number(data[key]))?.id ?? 'none'
            if (each.draft.kind === 'entry.corrected') Object.assign(data, {text: 'corrected', at: each.at ?? iso(NOW)})
            await journal.append(each.incident, [{kind: each.draft.kind, data, ...(each.at !== null && {at: each.at})} as Draft]) // kind and data belong together
          } else if (each.does === 'import') {
            const elsewhere = openMemoryJournal(testKeeper(new HandClock(NOW - each.hours * 3_600_000), 'eve'))
            await elsewhere.append(each.incident, [...pastIncident(7, NOW - each.hours * 3_600_000), note('n')])
            await journal.import(elsewhere.export())
          } else if (each.does === 'wait') on.clock.wall += each.days * DAY
          else if (each.does === 'change') {
            const components = site().components.map((part, i) => (i === 0 ? {...part, name: each.name, isPublic: each.public} : part))
            workspace = site({components: each.none ? [] : components})
          } else if (each.does === 'restore') writeFileSync(file, old)
          else if (each.does === 'damage') {
            const text = remembered(on)
            const i = each.at % text.length
            writeFileSync(file, `${text.slice(0, i)}#${text.slice(i + 1)}`)
          } else await built(desk)
        }
        await built(on.desk({workspace}))
      }),
      {numRuns: Number(process.env['SCRAM_RUNS'] ?? 25)},
    )
  }, 120_000)
})
