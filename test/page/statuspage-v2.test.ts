import {describe, expect, it} from '@jest/globals'
import type {Json} from '../../src/lib/canonical.ts'
import {buildPage} from '../../src/page/build.ts'
import {publicId} from '../../src/page/public-id.ts'
import {model, Record, routing, slowDashboard} from './record.ts'

type Thing = {readonly [key: string]: Json}
const read = (files: ReadonlyMap<string, string>, path: string): Thing => JSON.parse(files.get(`api/v2/${path}`) ?? 'null')
const list = (thing: Json | undefined): readonly Thing[] => thing as readonly Thing[]
const files = buildPage(model([routing(), slowDashboard()], {head: '9c1f0b7e44d2a6350e8b'}))
const ROUTING = publicId('component', 'routing')
const PAGE = publicId('page', 'https://status.example.com')

// Fields and their order as in the examples of the real thing; an importer that reads by position exists.
const KEYS = {
  page: ['id', 'name', 'url', 'time_zone', 'updated_at'],
  component: ['id', 'name', 'status', 'created_at', 'updated_at', 'position', 'description', 'showcase', 'start_date', 'group_id', 'page_id', 'group', 'only_show_if_degraded'],
  incident: ['id', 'name', 'status', 'created_at', 'updated_at', 'monitoring_at', 'resolved_at', 'impact', 'shortlink', 'started_at', 'page_id', 'incident_updates', 'components', 'reminder_intervals'],
  update: ['id', 'status', 'body', 'incident_id', 'created_at', 'updated_at', 'display_at', 'affected_components', 'deliver_notifications', 'custom_tweet', 'tweet_id'],
  affected: ['code', 'name', 'old_status', 'new_status'],
} // biome-ignore format: a list of fields

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('the Statuspage v2 JSON', () => {
  it.each([
    ['summary.json', ['page', 'components', 'incidents', 'scheduled_maintenances', 'status', 'x_scram']],
    ['status.json', ['page', 'status', 'x_scram']],
    ['components.json', ['page', 'components', 'x_scram']],
    ['incidents.json', ['page', 'incidents', 'x_scram']],
    ['incidents/unresolved.json', ['page', 'incidents', 'x_scram']],
    ['scheduled-maintenances.json', ['page', 'scheduled_maintenances', 'x_scram']],
    ['scheduled-maintenances/upcoming.json', ['page', 'scheduled_maintenances', 'x_scram']],
    ['scheduled-maintenances/active.json', ['page', 'scheduled_maintenances', 'x_scram']],
  ])('%s holds exactly its keys, with a page and nothing to show too', (path, keys) => {
    for (const each of [files, buildPage(model([]))]) {
      const body = read(each, path)
      expect(Object.keys(body)).toEqual(keys)
      expect(Object.keys(body['page'] as Thing)).toEqual(KEYS.page)
      expect((body['page'] as Thing)['updated_at']).toMatch(INSTANT)
    }
  })

  it('says who and when it is', () => {
    expect(read(files, 'status.json')).toEqual({
      page: {id: PAGE, name: 'Example Cloud', url: 'https://status.example.com', time_zone: 'Etc/UTC', updated_at: '2026-03-14T09:41:00.000Z'},
      status: {indicator: 'minor', description: 'Minor Service Outage'},
      x_scram: {revision: 1842, as_of: '2026-03-14T09:41:00.000Z', head: '9c1f0b7e44d2a6350e8b'},
    })
    expect(read(buildPage(model([routing()], {stopped: true})), 'status.json')['x_scram']).toMatchObject({stopped: true})
  })

  it('gives every component every field, groups among them, sorted by position', () => {
    const components = list(read(files, 'components.json')['components'])
    expect(components.map(({name, position, group}) => [name, position, group])).toEqual([
      ['Platform', 1, true], ['Request Routing', 1, false], ['API', 2, false], ['Dashboard', 2, false],
    ]) // biome-ignore format: a table
    const [group, ...rest] = components
    expect(Object.keys(group ?? {})).toEqual([...KEYS.component, 'components'])
    expect(group).toMatchObject({components: [ROUTING, publicId('component', 'api')], showcase: false, start_date: null, status: 'partial_outage'})
    for (const component of rest.slice(0, 2)) expect(Object.keys(component)).toEqual(KEYS.component)
    expect(rest[0]).toEqual({
      id: ROUTING, name: 'Request Routing', status: 'partial_outage', created_at: '2026-03-14T09:15:00.000Z', updated_at: '2026-03-14T09:41:00.000Z', position: 1,
      description: 'HTTP requests to applications', showcase: true, start_date: '2026-02-02', group_id: publicId('group', 'platform'), page_id: PAGE, group: false, only_show_if_degraded: false,
    }) // biome-ignore format: one component
  })

  it('gives every incident every field, its updates newest first, its promise in our own corner', () => {
    const [incident, ...others] = list(read(files, 'incidents/unresolved.json')['incidents'])
    expect(others).toEqual([])
    expect(Object.keys(incident ?? {})).toEqual([...KEYS.incident, 'x_scram'])
    const id = publicId('incident', '0314-routing')
    expect(incident).toMatchObject({
      id, status: 'identified', impact: 'critical', started_at: '2026-03-14T09:12:00.000Z', created_at: '2026-03-14T09:15:00.000Z', updated_at: '2026-03-14T09:41:00.000Z',
      monitoring_at: null, resolved_at: null, reminder_intervals: null, shortlink: `https://status.example.com/incidents/${id}`, x_scram: {next_update_at: '2026-03-14T10:00:00.000Z'},
    }) // biome-ignore format: one incident
    const updates = list(incident?.['incident_updates'])
    expect(updates.map(({display_at}) => display_at)).toEqual(['2026-03-14T09:41:00.000Z', '2026-03-14T09:24:00.000Z', '2026-03-14T09:15:00.000Z'])
    for (const update of updates) expect(Object.keys(update)).toEqual(KEYS.update)
    expect(updates.map(each => list(each['affected_components']).map(({name, old_status, new_status}) => `${name}: ${old_status} > ${new_status}`))).toEqual([
      ['Platform - Request Routing: major_outage > partial_outage', 'Platform - API: under_maintenance > under_maintenance'],
      ['Platform - Request Routing: degraded_performance > major_outage', 'Platform - API: operational > under_maintenance'],
      ['Platform - Request Routing: operational > degraded_performance'],
    ])
    expect(Object.keys(list(updates[0]?.['affected_components'])[0] ?? {})).toEqual(KEYS.affected)
  })

  it('adds nothing to an incident that is over', () => {
    const [, over] = list(read(files, 'incidents.json')['incidents'])
    expect(Object.keys(over ?? {})).toEqual(KEYS.incident)
    expect(over).toMatchObject({status: 'resolved', resolved_at: '2026-02-02T14:45:00.000Z', impact: 'minor'})
  })

  it('never has an empty list where readers expect null', () => {
    const untouched = new Record('0314-u').opened('09:00', 'Mail is late').update('09:00', 'investigating', 'Mail is late.')
    const [incident] = list(read(buildPage(model([untouched])), 'incidents.json')['incidents'])
    expect(list(incident?.['incident_updates'])[0]?.['affected_components']).toBeNull()
  })

  it('lists the fifty newest incidents, not all', () => {
    const many = Array.from({length: 60}, (_, i) =>
      new Record(`i-${i}`).opened('09:00', `Number ${i}`).update(`09:${String(i).padStart(2, '0')}`, 'investigating', 'x'),
    )
    const incidents = list(read(buildPage(model(many)), 'incidents.json')['incidents'])
    expect([incidents.length, incidents[0]?.['name'], incidents[49]?.['name']]).toEqual([50, 'Number 59', 'Number 10'])
  })

  it('writes every instant the one way', () => {
    const text = [...files]
      .filter(([path]) => path.startsWith('api/'))
      .map(([, content]) => content)
      .join('')
    const instants = [...text.matchAll(/"\w+_(?:at|of)":("[^"]*"|null)/g)].map(match => match[1])
    expect(instants.length).toBeGreaterThan(50)
    for (const instant of instants) if (instant !== 'null') expect(instant?.slice(1, -1)).toMatch(INSTANT)
  })
})
