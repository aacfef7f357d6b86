import type {EventData, EventKind, Recorded} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import type {IncidentState} from '../../src/incident/state.ts'
import type {ComponentStatus, PublicStatus} from '../../src/incident/words.ts'
import {type PageInput, pageModel} from '../../src/page/model.ts'

/** A recorded incident, event by event, in one reading line; `at` is `HH:MM` of `day`, or a whole instant. */
export class Record {
  readonly id: string
  readonly #day: string
  readonly #events: Recorded[] = []
  readonly #now = new Map<string, ComponentStatus>()
  #updates = 0

  constructor(id: string, day = '2026-03-14') {
    this.id = id
    this.#day = day
  }

  event<K extends EventKind>(kind: K, at: string, data: EventData[K], recorded = at): this {
    const seq = this.#events.length + 1
    const event = {
      v: 1, id: `${this.id}-${String(seq).padStart(4, '0')}`, incident: this.id, origin: 'a'.repeat(32), epoch: 1, seq, prev: '0'.repeat(64), hash: '0'.repeat(64),
      hlc: [Date.parse(this.#instant(recorded)), 0], at: this.#instant(at), recorded: this.#instant(recorded), actor: {name: 'canary-actor', kind: 'person'}, kind, data,
    } // biome-ignore format: an envelope
    this.#events.push(event as unknown as Recorded) // kind and data are paired by the signature
    return this
  }

  opened(at: string, title: string, more: Partial<EventData['incident.opened']> = {}): this {
    return this.event('incident.opened', at, {title, severity: 'SEV1', ...more})
  }

  set(at: string, components: {readonly [id: string]: ComponentStatus}): this {
    for (const [component, status] of Object.entries(components)) {
      this.#now.set(component, status)
      this.event('component.set', at, {component, status})
    }
    return this
  }

  update(at: string, status: PublicStatus, body: string, next?: string): this {
    const data = {number: ++this.#updates, status, body, components: Object.fromEntries(this.#now)}
    return this.event('update.posted', at, next === undefined ? data : {...data, nextUpdateBy: this.#instant(next)})
  }

  /** The event id of the entry recorded last. */
  get last(): string {
    return this.#events.at(-1)?.id ?? ''
  }

  state(): IncidentState {
    return fold(this.id, this.#events)
  }

  #instant(at: string): string {
    return at.length > 5 ? at : `${this.#day}T${at}:00.000Z`
  }
}

export const platform: Pick<PageInput, 'page' | 'groups' | 'components'> = {
  page: {name: 'Example Cloud', url: 'https://status.example.com'},
  groups: [{id: 'platform', name: 'Platform'}],
  components: [
    {id: 'routing', name: 'Request Routing', description: 'HTTP requests to applications', group: 'platform', isPublic: true},
    {id: 'api', name: 'API', group: 'platform', isPublic: true},
    {id: 'dashboard', name: 'Dashboard', isPublic: true},
    {id: 'ledger', name: 'canary-ledger', isPublic: false},
  ],
}

/** The model of these incidents on 14 March 2026, with the platform above unless told otherwise. */
export function model(incidents: readonly Record[], more: Partial<PageInput> = {}) {
  return pageModel({...platform, incidents: incidents.map(each => each.state()), revision: 1842, day: '2026-03-14', stopped: false, ...more})
}

/** The incident of the reference's example: open, three updates, the API in maintenance on purpose. */
export function routing(): Record {
  return new Record('0314-routing')
    .opened('09:12', 'HTTP routing errors')
    .event('milestone.marked', '09:12', {milestone: 'started'})
    .set('09:15', {routing: 'degraded_performance'})
    .update('09:15', 'investigating', 'Our automated systems have detected errors on requests to applications. We are investigating.', '09:25')
    .set('09:24', {routing: 'major_outage', api: 'under_maintenance'})
    .update('09:24', 'identified', 'We have identified a fault in the routers.\nThe API is in maintenance mode on purpose while we restore routing.', '09:40')
    .set('09:41', {routing: 'partial_outage'})
    .update('09:41', 'identified', 'Most requests succeed again. Between 10 and 15 % of requests still fail or are slow while we add routers.', '10:00')
}

/** Over, a month earlier. */
export function slowDashboard(): Record {
  return new Record('0202-dashboard', '2026-02-02')
    .opened('14:00', 'Slow dashboard')
    .event('milestone.marked', '13:58', {milestone: 'started'}, '14:01')
    .set('14:03', {dashboard: 'degraded_performance'})
    .update('14:03', 'investigating', 'The dashboard is slow for all users.', '14:30')
    .set('14:20', {dashboard: 'operational'})
    .update('14:20', 'monitoring', 'The cache is warm again. We are watching.', '14:50')
    .update('14:45', 'resolved', 'The dashboard answers at its normal speed.')
    .event('incident.resolved', '14:45', {})
}
