import {createHash} from 'node:crypto'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {buildPage} from '../../src/page/build.ts'
import {publicId} from '../../src/page/public-id.ts'
import {model, platform, Record, routing, slowDashboard} from './record.ts'

const bytes = (...args: Parameters<typeof model>) => [...buildPage(model(...args))].map(([path, content]) => `${path}\n${content}`).join('\n')
const only = (record: Record, more?: Parameters<typeof model>[1]) => {
  const [incident] = model([record], more).incidents
  if (!incident) throw new Error('the incident is not on the page')
  return incident
}

describe('what is public', () => {
  it('never holds a note, a person, a severity, a rod, a command, a private incident or a private component', () => {
    const loud = routing()
      .event('note.added', '09:20', {noteKind: 'finding', text: 'canary-note', pinned: true})
      .event('role.assigned', '09:20', {role: 'ic', to: 'canary-role'})
      .event('command.ran', '09:21', {argv: ['canary-argv'], exitCode: 0, ms: 1})
      .event('component.set', '09:22', {component: 'ledger', status: 'major_outage', why: 'canary-why'})
      .event('handoff.offered', '09:23', {to: 'canary-to', text: 'canary-text'})
      .event('action.added', '09:23', {action: 'a1', text: 'canary-action', owner: 'canary-owner'})
      .event('severity.set', '09:24', {severity: 'SEV2', why: 'canary-severity'})
      .event('impact.set', '09:25', {impact: 'major', why: 'canary-impact'})
      .event('update.amended', '09:43', {update: routing().last, number: 3, body: 'Most requests succeed.', why: 'canary-amended'})
    const secret = new Record('0314-secret')
      .opened('09:30', 'canary-title', {private: true})
      .set('09:30', {dashboard: 'major_outage'})
      .update('09:31', 'investigating', 'canary-body')
    const quiet = new Record('0314-quiet').opened('09:30', 'canary-quiet')
    const text = bytes([loud, secret, quiet])
    expect(text).not.toMatch(/canary|SEV\d|ledger/i)
    expect(text).not.toContain(loud.id)
    expect(model([secret]).components.map(({status}) => status)).toEqual(['operational', 'operational', 'operational'])
  })

  it('does not move its time for something private', () => {
    const quiet = routing()
      .event('component.set', '10:30', {component: 'ledger', status: 'major_outage'})
      .event('note.added', '10:31', {noteKind: 'note', text: 'x'})
    expect(model([quiet]).asOf).toBe('2026-03-14T09:41:00.000Z')
    expect(bytes([quiet])).toBe(bytes([routing()]))
  })

  it('has the impact and the durations of its public parts alone', () => {
    const record = new Record('0314-d').opened('09:00', 'Slow').set('09:00', {dashboard: 'degraded_performance'}).update('09:01', 'investigating', 'x')
    const both = record.set('09:02', {ledger: 'major_outage'}).update('09:10', 'identified', 'y')
    expect(only(both).impact).toBe('minor')
    expect(only(both).durations.map(({name}) => name)).toEqual(['Dashboard'])
  })

  it('begins with the first public text: before it the components speak alone', () => {
    const early = new Record('0314-early').opened('09:00', 'Not yet public').set('09:00', {api: 'major_outage'})
    expect(model([early])).toMatchObject({incidents: [], status: {indicator: 'major'}})
  })

  it('is what the updates named where there is no workspace', () => {
    const bare = {page: {name: 'Status', url: null}, groups: [], components: []}
    expect(model([routing()], bare).components.map(({name, status}) => [name, status])).toEqual([
      ['api', 'under_maintenance'],
      ['routing', 'partial_outage'],
    ])
    expect(model([], bare)).toMatchObject({components: [], asOf: null, status: {description: 'All Systems Operational'}})
  })

  it('is empty, not private, where the workspace has only private components', () => {
    const components = [{id: 'routing', name: 'canary', isPublic: false}]
    expect(model([routing()], {components}).components).toEqual([])
  })
})

describe('the model', () => {
  it('is the same whatever order the incidents come in, and so is every byte', () => {
    const all = [routing(), slowDashboard(), new Record('0314-other').opened('09:15', 'Twin').update('09:15', 'investigating', 'At the same minute.')]
    fc.assert(
      fc.property(fc.shuffledSubarray(all, {minLength: 3}), shuffled => expect(bytes(shuffled)).toBe(bytes(all))),
      {numRuns: 10},
    )
  })

  it('is frozen, all of it', () => {
    const {open} = model([routing()])
    expect(Object.isFrozen(open[0]?.updates[0]?.affected)).toBe(true)
  })

  it('refuses to build a page on which two things share an address', () => {
    expect(() => model([routing(), routing()])).toThrow(expect.objectContaining({code: 'record.invalid'}))
  })

  it('gives ids of 12 characters that never change', () => {
    const byHand = createHash('sha256').update('component:api').digest().readBigUInt64BE().toString(36).padStart(13, '0').slice(-12)
    expect(publicId('component', 'api')).toBe(byHand)
    expect(publicId('group', 'api')).not.toBe(byHand)
    fc.assert(fc.property(fc.string(), text => expect(publicId('update', text)).toMatch(/^[0-9a-z]{12}$/)))
  })

  it('puts a group where its first component stands, and a group is as bad as its worst part', () => {
    const {rows} = model([routing()])
    expect(rows.map(({name, status, position}) => [name, status, position])).toEqual([
      ['Platform', 'partial_outage', 1],
      ['Dashboard', 'operational', 2],
    ])
  })
})

describe('an incident on the page', () => {
  it('keeps its worst impact while it lasts, and maintenance is none', () => {
    expect(only(routing()).impact).toBe('critical')
    const planned = new Record('p').opened('09:00', 'Planned').set('09:00', {api: 'under_maintenance'}).update('09:00', 'investigating', 'x')
    expect(only(planned).impact).toBe('none')
    expect(only(routing().event('impact.set', '09:50', {impact: 'minor'})).impact).toBe('minor')
  })

  it('promises what its last posted update promised, until it is resolved', () => {
    expect(only(routing()).nextUpdateAt).toBe('2026-03-14T10:00:00.000Z')
    const late = routing().event('update.posted', '09:30', {number: 4, status: 'identified', body: 'Back-dated.', components: {}}, '09:50')
    expect(only(late).nextUpdateAt).toBe(null)
    expect(only(routing().update('09:55', 'resolved', 'Over.', '10:30').event('incident.resolved', '09:55', {})).nextUpdateAt).toBe(null)
  })

  it('says that a promise was missed, on the update that came too late', () => {
    expect(only(routing()).updates.map(({overdue}) => overdue)).toEqual(['2026-03-14T09:40:00.000Z', null, null])
  })

  it('is ordered by when things were said, not by when they were written', () => {
    const late = routing().event('update.posted', '09:30', {number: 4, status: 'identified', body: 'Back-dated.', components: {}}, '09:50')
    expect(only(late).updates.map(({displayAt}) => displayAt.slice(11, 16))).toEqual(['09:41', '09:30', '09:24', '09:15'])
    expect(model([late]).asOf).toBe('2026-03-14T09:50:00.000Z')
  })

  it('shows a correction as a correction, and not what it replaced', () => {
    const record = routing()
    const corrected = record.event('update.amended', '10:02', {update: record.last, number: 3, body: 'Between 5 and 10 %.', why: 'canary'})
    expect(only(corrected).updates[0]).toMatchObject({body: 'Between 5 and 10 %.', editedAt: '2026-03-14T10:02:00.000Z', displayAt: '2026-03-14T09:41:00.000Z'})
    expect(bytes([corrected])).not.toContain('10 and 15')
    expect(bytes([corrected])).toContain('Edited <time datetime="2026-03-14T10:02:00Z">10:02 UTC')
  })

  it('is resolved when the record says so, with or without a last text, and open again when it is reopened', () => {
    const over = slowDashboard()
    expect(only(over)).toMatchObject({
      isOpen: false,
      status: 'resolved',
      monitoringAt: '2026-02-02T14:20:00.000Z',
      resolvedAt: '2026-02-02T14:45:00.000Z',
      startedAt: '2026-02-02T13:58:00.000Z',
    })
    const again = over.event('incident.reopened', '15:10', {why: 'canary', title: 'Slow dashboard', severity: 'SEV2', openedAt: '2026-02-02T14:00:00.000Z'})
    expect(only(again)).toMatchObject({isOpen: true, status: 'investigating', resolvedAt: null, monitoringAt: null, nextUpdateAt: null})
    expect(only(routing().event('incident.resolved', '11:00', {}))).toMatchObject({status: 'resolved', resolvedAt: '2026-03-14T11:00:00.000Z'})
  })

  it('that was merged points at the other one, and is counted in no list', () => {
    const merged = new Record('0314-m')
      .opened('09:20', 'API errors')
      .update('09:20', 'investigating', 'x')
      .event('incident.merged', '09:30', {into: '0314-routing'})
    const page = model([routing(), merged])
    const into = publicId('incident', '0314-routing')
    expect(page.incidents.find(({name}) => name === 'API errors')?.merged).toEqual({into})
    expect(page.open.map(({name}) => name)).toEqual(['HTTP routing errors'])
    const files = buildPage(page)
    expect(files.get(`incidents/${publicId('incident', '0314-m')}/index.html`)).toContain(`href="/incidents/${into}"`)
    expect(files.get('api/v2/incidents.json')).not.toContain('API errors')
  })

  it('tells how long each component suffered', () => {
    const over = routing()
      .set('11:31', {routing: 'operational', api: 'operational'})
      .update('11:31', 'resolved', 'Over.')
      .event('incident.resolved', '11:31', {})
    expect(only(over).durations.map(({status, length}) => [status, length])).toEqual([
      ['major_outage', '17m'],
      ['partial_outage', '1h50m'],
      ['degraded_performance', '9m'],
    ])
  })

  it('of a drill says so in its name, wherever that name goes', () => {
    const drill = new Record('d').opened('09:00', 'Routing', {drill: true}).update('09:00', 'investigating', 'x')
    expect(only(drill).name).toBe('[Drill] Routing')
    expect(buildPage(model([drill])).get('index.html')).toContain('This is a drill.')
    expect(buildPage(model([routing()])).get('index.html')).not.toContain('drill')
  })
})

it('the platform of these tests has a private part, or the first test would prove nothing', () => {
  expect(platform.components.some(({isPublic, name}) => !isPublic && name.startsWith('canary'))).toBe(true)
})
