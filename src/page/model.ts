import type {IncidentState} from '../incident/state.ts'
import {PUBLIC_IMPACTS} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import {expectManyHashes} from '../lib/sha256.ts'
import {type ComponentRow, componentRows, type GroupRow, isGroup, type PageComponent, type PageGroup, undefinedComponents} from './component-rows.ts'
import {componentTimelines} from './component-timeline.ts'
import {type IncidentEntry, incidentEntry, isVisible} from './incident-entry.ts'
import {compare, earliest, latest} from './instants.ts'
import {publicId} from './public-id.ts'
import {publicLine} from './public-text.ts'
import {type RollUp, rollUp} from './roll-up.ts'

export interface PageInput {
  readonly page: {readonly name: string; readonly url: string | null}
  readonly groups: readonly PageGroup[]
  /** As the workspace defines them, in page order; none at all: no workspace, the page shows what the updates named. */
  readonly components: readonly PageComponent[]
  /** All of them, private ones too: what may leave is decided here. */
  readonly incidents: readonly IncidentState[]
  /** Counts the public facts; grows with every build that has more to say. */
  readonly revision: number
  /** The UTC day of the build, `YYYY-MM-DD`: the only thing in a page that is not in the record. */
  readonly day: string
  /** A stream of the record stopped: what came after is not in here. */
  readonly stopped: boolean
  /** Chain hash of the newest record the page is made from, if the caller knows it. */
  readonly head?: string | null
  /** Version vector `ORIGIN8.EPOCH` → seq of what the page is made from; without it only revisions are compared. */
  readonly heads?: Readonly<Record<string, number>>
}

/** Everything the public may see, and nothing else: html and JSON read only this. */
export interface PageModel {
  readonly id: string
  readonly name: string
  /** Without a trailing slash; empty when the page has no address yet. */
  readonly url: string
  readonly revision: number
  /** When the newest public fact was recorded; null: there is none. */
  readonly asOf: string | null
  readonly day: string
  readonly head: string | null
  readonly heads: Readonly<Record<string, number>>
  readonly stopped: boolean
  readonly status: RollUp
  readonly rows: readonly (GroupRow | ComponentRow)[]
  /** The same without the groups. */
  readonly components: readonly ComponentRow[]
  /** Newest first; those merged into another one included. */
  readonly incidents: readonly IncidentEntry[]
  /** Open ones, newest first. */
  readonly open: readonly IncidentEntry[]
}

/**
 * What the record says, as the public may know it. Pure: the same input gives the same model on every machine, in any
 * order the incidents come in.
 * @throws Fault record.invalid when two public ids are equal: no page is better than one where two things share an address
 */
export function pageModel(input: PageInput): PageModel {
  if (input.incidents.length > WORTH_NATIVE) expectManyHashes()
  const shared = input.incidents.filter(({isPrivate, phase}) => !isPrivate && phase !== 'none').toSorted(byOpening)
  const visible = shared.filter(isVisible)
  const defined = input.components.length > 0 ? input.components : undefinedComponents(visible)
  const timelines = componentTimelines(shared, new Set(defined.filter(({isPublic}) => isPublic).map(({id}) => id)))
  const changes = [...timelines.values()].flat()
  const asOf = latest([...changes.map(({recorded}) => recorded), ...visible.flatMap(publicMoments)])
  const since = earliest([...changes.map(({at}) => at), ...visible.flatMap(({updates}) => updates.map(({at}) => at))])
  const {rows, byKey} = componentRows(defined, input.groups, {timelines, since, asOf, day: input.day})
  const shown = new Set(visible.map(({id}) => id))
  const incidents = visible.map(state => incidentEntry(state, {byKey, isShown: id => shown.has(id), asOf})).sort((a, b) => compare(b.createdAt, a.createdAt))
  const open = incidents.filter(({isOpen}) => isOpen)
  const components = rows.flatMap(row => (isGroup(row) ? row.components : [row]))
  refuseTwins([...rows, ...components.filter(({groupId}) => groupId !== null), ...incidents, ...incidents.flatMap(({updates}) => updates)])
  const url = (input.page.url ?? '').replace(/\/+$/, '')
  return freeze({
    id: publicId('page', url || input.page.name),
    name: publicLine(input.page.name, 'Status'),
    url,
    revision: input.revision,
    asOf,
    day: input.day,
    head: input.head ?? null,
    heads: input.heads ?? {},
    stopped: input.stopped,
    status: rollUp(
      components.map(({status}) => status),
      open.map(({impact}) => impact).reduce((a, b) => (PUBLIC_IMPACTS.indexOf(b) > PUBLIC_IMPACTS.indexOf(a) ? b : a), 'none'),
    ),
    rows,
    components,
    incidents,
    open,
  })
}

/** Incidents with some updates each, and a file of each: from here on hashing them costs more than loading what is quick at it. */
const WORTH_NATIVE = 100

/** The order incidents arrive in must not matter: ties of time are settled by this one. */
function byOpening(a: IncidentState, b: IncidentState): number {
  return compare(b.opened?.at ?? '', a.opened?.at ?? '') || compare(b.id, a.id)
}

/** When each public fact of an incident was recorded, but for its components: of those only the public ones count. */
function publicMoments(state: IncidentState): readonly string[] {
  return [
    ...state.updates.flatMap(update => [update.recorded, ...update.amendments.map(({recorded}) => recorded)]),
    ...state.resolves.map(({recorded}) => recorded),
    ...state.reopens.map(({recorded}) => recorded),
    ...(state.merged ? [state.merged.recorded] : []),
  ]
}

function refuseTwins(named: readonly {readonly id: string}[]): void {
  const seen = new Set<string>()
  for (const {id} of named) {
    if (seen.has(id)) throw new Fault('record.invalid', `two things on the page would share the id ${id}; the page is not built`)
    seen.add(id)
  }
}

function freeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member)
  return value
}
