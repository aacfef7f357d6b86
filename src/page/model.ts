import type {IncidentState} from '../incident/state.ts'
import {PUBLIC_IMPACTS} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import {expectManyHashes} from '../lib/sha256.ts'
import {type ComponentRow, componentRows, type GroupRow, isGroup, type PageComponent, type PageGroup, undefinedComponents} from './component-rows.ts'
import {componentTimelines} from './component-timeline.ts'
import {type IncidentEntry, incidentEntry} from './incident-entry.ts'
import {byOpening, incidentFact} from './incident-fact.ts'
import {compare, earliest, latest} from './instants.ts'
import type {PastIncident} from './memo.ts'
import {publicId} from './public-id.ts'
import {publicLine} from './public-text.ts'
import {type RollUp, rollUp} from './roll-up.ts'

export interface PageInput {
  readonly page: {readonly name: string; readonly url: string | null}
  readonly groups: readonly PageGroup[]
  /** As the workspace defines them, in page order; none at all: no workspace, the page shows what the updates named. */
  readonly components: readonly PageComponent[]
  /** Private ones too: what may leave is decided here. All of them, but for those in `past`. */
  readonly incidents: readonly IncidentState[]
  /** Those that are over and have not changed since they were last described, instead of their states. */
  readonly past?: readonly PastIncident[]
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
  /** Every one that has a page, newest first: those in `past` too, of which this is all that is said. */
  readonly all: readonly Pick<IncidentEntry, 'id' | 'createdAt'>[]
  /** Newest first; those merged into another one included, those in `past` not. */
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
  if (input.incidents.length + (input.past?.length ?? 0) > WORTH_NATIVE) expectManyHashes()
  const past = input.past ?? []
  const shared = input.incidents.filter(({isPrivate, phase}) => !isPrivate && phase !== 'none')
  const states = new Map(shared.map(state => [state.id, state]))
  const ids = new Map(past.map(({fact, ids: [id]}) => [fact.id, id]))
  const facts = [...shared.map(state => incidentFact(state, input.components.length > 0)), ...past.map(({fact}) => fact)].sort(byOpening)
  const shown = new Map(facts.flatMap(fact => (fact.shown ? [[fact.id, fact.shown] as const] : [])))
  const defined = input.components.length > 0 ? input.components : undefinedComponents([...shown.values()])
  const timelines = componentTimelines(facts, new Set(defined.filter(({isPublic}) => isPublic).map(({id}) => id)))
  const changes = [...timelines.values()].flat()
  const asOf = latest([...changes.map(({recorded}) => recorded), ...[...shown.values()].map(fact => fact.latest)])
  const since = earliest([...changes.map(({at}) => at), ...[...shown.values()].map(({createdAt}) => createdAt)])
  const {rows, byKey} = componentRows(defined, input.groups, {timelines, since, asOf, day: input.day})
  const around = {byKey, isShown: (id: string) => shown.has(id), asOf}
  const all = facts.flatMap(fact => {
    const state = states.get(fact.id)
    return fact.shown ? [state ? incidentEntry(state, around) : {id: ids.get(fact.id) ?? '', createdAt: fact.shown.createdAt}] : []
  })
  all.sort((a, b) => compare(b.createdAt, a.createdAt))
  const incidents = all.filter(each => 'updates' in each)
  const open = incidents.filter(({isOpen}) => isOpen)
  const components = rows.flatMap(row => (isGroup(row) ? row.components : [row]))
  const named = [...rows, ...components.filter(({groupId}) => groupId !== null), ...incidents, ...incidents.flatMap(({updates}) => updates)]
  refuseTwins([...named.map(({id}) => id), ...past.flatMap(each => each.ids)])
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
    all: all.map(({id, createdAt}) => ({id, createdAt})),
    incidents,
    open,
  })
}

/** Incidents with some updates each, and a file of each: from here on hashing them costs more than loading what is quick at it. */
const WORTH_NATIVE = 100

function refuseTwins(ids: readonly string[]): void {
  const seen = new Set<string>()
  for (const id of ids) {
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
