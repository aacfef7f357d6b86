import type {ComponentStatus} from '../incident/words.ts'
import type {StatusChange} from './component-timeline.ts'
import {compare, earliest, latest} from './instants.ts'
import {publicId} from './public-id.ts'
import {publicLine} from './public-text.ts'
import {componentHistory, type History, worst} from './uptime.ts'

/** A component as the workspace defines it; the optional fields are those of the page's JSON. */
export interface PageComponent {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly group?: string
  readonly isPublic: boolean
  /** `YYYY-MM-DD`: since when uptime counts. Without it: since the first public fact. */
  readonly startDate?: string
  readonly showcase?: boolean
  readonly onlyShowIfDegraded?: boolean
}

export interface PageGroup {
  readonly id: string
  readonly name: string
  readonly description?: string
}

/** A group or a component as the public sees it. `position` counts from 1 among its siblings. */
interface Row {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly status: ComponentStatus
  readonly createdAt: string
  readonly updatedAt: string
  readonly position: number
}

export interface ComponentRow extends Row {
  readonly groupId: string | null
  /** `Group - Name`, or the name alone. */
  readonly fullName: string
  readonly showcase: boolean
  readonly startDate: string | null
  readonly onlyShowIfDegraded: boolean
  readonly history: History
}

export interface GroupRow extends Row {
  readonly components: readonly ComponentRow[]
}

export interface Known {
  readonly timelines: ReadonlyMap<string, readonly StatusChange[]>
  /** The first public fact of all; null before there is one. */
  readonly since: string | null
  readonly asOf: string | null
  readonly day: string
}

/**
 * What stands on the page, in page order; a group stands where its first component does, and without one it stays out.
 * Only what is public: a component with `isPublic: false` is not here, whatever the record says about it.
 */
export function componentRows(
  components: readonly PageComponent[],
  groups: readonly PageGroup[],
  known: Known,
): {readonly rows: readonly (GroupRow | ComponentRow)[]; readonly byKey: ReadonlyMap<string, ComponentRow>} {
  const rows: (GroupRow | ComponentRow)[] = []
  const byKey = new Map<string, ComponentRow>()
  const shown = components.filter(({isPublic}) => isPublic)
  const seen = new Set<string>()
  for (const component of shown) {
    const group = groups.find(({id}) => id === component.group)
    if (!group) {
      const row = componentRow(component, null, rows.length + 1, known)
      rows.push(row)
      byKey.set(component.id, row)
    } else if (!seen.has(group.id)) {
      seen.add(group.id)
      const members = shown.filter(each => each.group === group.id)
      const children = members.map((each, i) => componentRow(each, group, i + 1, known))
      for (const [i, child] of children.entries()) byKey.set(members[i]?.id ?? '', child)
      rows.push(groupRow(group, children, rows.length + 1))
    }
  }
  return {rows, byKey}
}

/** Without a workspace any component id is taken: those the public updates named, by name. */
export function undefinedComponents(incidents: readonly {readonly named: readonly string[]}[]): readonly PageComponent[] {
  const ids = new Set(incidents.flatMap(({named}) => named))
  return [...ids].sort(compare).map(id => ({id, name: id, isPublic: true}))
}

function componentRow(component: PageComponent, group: PageGroup | null, position: number, known: Known): ComponentRow {
  const timeline = known.timelines.get(component.id) ?? []
  const first = timeline[0]?.at ?? known.since
  const startDate = component.startDate ?? (known.since === null ? null : known.since.slice(0, 10))
  const createdAt = component.startDate ? `${component.startDate}T00:00:00.000Z` : (first ?? `${known.day}T00:00:00.000Z`)
  const name = publicLine(component.name, component.id)
  return {
    id: publicId('component', component.id),
    name,
    fullName: group ? `${publicLine(group.name, group.id)} - ${name}` : name,
    description: component.description === undefined ? null : publicLine(component.description, '') || null,
    status: timeline.at(-1)?.status ?? 'operational',
    createdAt,
    updatedAt: lastChange(timeline) ?? createdAt,
    position,
    groupId: group ? publicId('group', group.id) : null,
    showcase: component.showcase ?? true,
    startDate,
    onlyShowIfDegraded: component.onlyShowIfDegraded ?? false,
    history: componentHistory(timeline, startDate, known.day, known.asOf),
  }
}

/** When the status last became another one; a status said again is no change. */
function lastChange(timeline: readonly StatusChange[]): string | undefined {
  return timeline.findLast((change, i) => change.status !== (timeline[i - 1]?.status ?? 'operational'))?.at
}

function groupRow(group: PageGroup, components: readonly ComponentRow[], position: number): GroupRow {
  return {
    id: publicId('group', group.id),
    name: publicLine(group.name, group.id),
    description: group.description === undefined ? null : publicLine(group.description, '') || null,
    status: components.map(({status}) => status).reduce(worst, 'operational'),
    createdAt: earliest(components.map(({createdAt}) => createdAt)) ?? '',
    updatedAt: latest(components.map(({updatedAt}) => updatedAt)) ?? '',
    position,
    components,
  }
}

export function isGroup(row: GroupRow | ComponentRow): row is GroupRow {
  return 'components' in row
}
