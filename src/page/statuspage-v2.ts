import {type ComponentRow, type GroupRow, isGroup} from './component-rows.ts'
import type {IncidentEntry} from './incident-entry.ts'
import type {PageModel} from './model.ts'
import type {UpdateEntry} from './update-entry.ts'

/** As many as Statuspage lists. */
export const NEWEST = 50

/**
 * The public JSON of Statuspage v2, field for field: other people's clients, widgets and bots read it. Every key is always
 * there and nothing is added but `x_scram`. Path → content; `status.json` comes last, because a poller looks at it first.
 */
export function statuspageFiles(model: PageModel): readonly (readonly [path: string, content: string])[] {
  const page = {id: model.id, name: model.name, url: model.url, time_zone: 'Etc/UTC', updated_at: updatedAt(model)}
  const x_scram = {revision: model.revision, as_of: model.asOf, head: model.head, ...(model.stopped && {stopped: true})}
  const write = (path: string, body: object) => [`api/v2/${path}`, `${JSON.stringify({page, ...body, x_scram})}\n`] as const
  const components = componentList(model)
  const incidents = model.incidents.filter(({merged}) => merged === null).slice(0, NEWEST)
  const open = model.open.map(incident => incidentJson(model, incident))
  const {status} = model
  return [
    write('components.json', {components}),
    write('incidents.json', {incidents: incidents.map(incident => incidentJson(model, incident))}),
    write('incidents/unresolved.json', {incidents: open}),
    write('scheduled-maintenances.json', {scheduled_maintenances: []}),
    write('scheduled-maintenances/upcoming.json', {scheduled_maintenances: []}),
    write('scheduled-maintenances/active.json', {scheduled_maintenances: []}),
    write('summary.json', {components, incidents: open, scheduled_maintenances: [], status}),
    write('status.json', {status}),
  ]
}

/** The time of the newest public fact; before there is one, the beginning of the build's day: the field must be a time. */
function updatedAt({asOf, day}: PageModel): string {
  return asOf ?? `${day}T00:00:00.000Z`
}

/** Sorted by position as the originals are, so that groups and the children of groups interleave. */
function componentList(model: PageModel): readonly object[] {
  const flat = model.rows.flatMap(row => (isGroup(row) ? [row, ...row.components] : [row]))
  return flat.sort((a, b) => a.position - b.position).map(row => (isGroup(row) ? groupJson(model, row) : componentJson(model, row)))
}

function groupJson(model: PageModel, row: GroupRow): object {
  return {
    ...rowJson(row),
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: model.id,
    group: true,
    only_show_if_degraded: false,
    components: row.components.map(({id}) => id),
  }
}

function componentJson(model: PageModel, row: ComponentRow): object {
  return {
    ...rowJson(row),
    showcase: row.showcase,
    start_date: row.startDate,
    group_id: row.groupId,
    page_id: model.id,
    group: false,
    only_show_if_degraded: row.onlyShowIfDegraded,
  }
}

function rowJson({id, name, status, createdAt, updatedAt, position, description}: GroupRow | ComponentRow): object {
  return {id, name, status, created_at: createdAt, updated_at: updatedAt, position, description}
}

function incidentJson(model: PageModel, incident: IncidentEntry): object {
  return {
    id: incident.id,
    name: incident.name,
    status: incident.status,
    created_at: incident.createdAt,
    updated_at: incident.updatedAt,
    monitoring_at: incident.monitoringAt,
    resolved_at: incident.resolvedAt,
    impact: incident.impact,
    shortlink: `${model.url}/incidents/${incident.id}`,
    started_at: incident.startedAt,
    page_id: model.id,
    incident_updates: incident.updates.map(update => updateJson(incident, update)),
    components: incident.components.map(row => componentJson(model, row)),
    reminder_intervals: null,
    ...(incident.isOpen && {x_scram: {next_update_at: incident.nextUpdateAt}}),
  }
}

function updateJson(incident: IncidentEntry, update: UpdateEntry): object {
  return {
    id: update.id,
    status: update.status,
    body: update.body,
    incident_id: incident.id,
    created_at: update.createdAt,
    updated_at: update.updatedAt,
    display_at: update.displayAt,
    affected_components: update.affected?.map(({code, name, oldStatus, newStatus}) => ({code, name, old_status: oldStatus, new_status: newStatus})) ?? null,
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  }
}
