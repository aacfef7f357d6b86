import type {Shown} from '../../actions/show-incident.ts'
import {type Board, maybeIn} from '../../incident/board-state.ts'
import type {IncidentState} from '../../incident/state.ts'
import {shortEntry, shortId} from '../../lib/ids.ts'
import type {View} from '../view.ts'
import {ago, field, oneLine, span, table, utc} from './clock-words.ts'
import {rodDue, rodNews} from './rod-line.ts'

/** One line an incident, newest first. */
export function listView(states: readonly IncidentState[], now: number): View {
  const rows = states.map(state => [
    shortId(state.id),
    state.severity,
    state.phase,
    state.opened ? utc(state.opened.at, now) : '',
    lasted(state, now),
    oneLine(state.title, 60),
  ])
  return {
    text: rows.length === 0 ? ['no incident is open; scram list --all shows the past'] : table(rows),
    json: {incidents: states.map(state => incidentJson(state))},
    exit: 0,
  }
}

export function useView(state: IncidentState | null): View {
  if (!state) return {text: ['no incident is chosen any more'], json: {incident: null}, exit: 0}
  return {
    text: [`${shortId(state.id)}  ${state.phase}  ${oneLine(state.title)} ${state.phase === 'open' ? CURRENT : LOOKED_AT}`],
    json: {incident: state.id, phase: state.phase, title: state.title},
    exit: 0,
  }
}

const CURRENT = 'is the current incident of this machine'
const LOOKED_AT = 'is looked at while no other is open; --incident names it then'

export function incidentView({state, board, now}: Shown): View {
  return {
    text: [...incidentLines(state, board, now), ...updateLines(state, now)],
    json: {...incidentJson(state), rods: rodsOf(state, board), scheduled: scheduledOf(state.id, board)},
    exit: 0,
  }
}

/** The block that bare `scram` and `show` share. */
export function incidentLines(state: IncidentState, board: Board, now: number): readonly string[] {
  const components = Object.entries(state.components).map(([id, changes]) => `${id} ${changes.at(-1)?.status.replaceAll('_', ' ') ?? ''}`)
  const roles = Object.entries(state.roles).map(([role, name]) => `${role.toUpperCase()} ${name}`)
  const marks = Object.entries(state.milestones).map(([name, {at}]) => `${name} ${utc(at, now)}`)
  const rods = rodsOf(state, board).flatMap(rod => [`${rod.rod} ${rodNews(rod, now)}`, ...[rodDue(rod, now)].filter(due => due !== null)])
  return [
    `${shortId(state.id)}  ${state.severity}  ${oneLine(state.title)}  (${[...(state.isPrivate ? ['private'] : []), ...(state.isDrill ? ['drill'] : []), `${state.phase} ${state.phase === 'open' ? 'for' : 'after'} ${lasted(state, now)}`].join(', ')})`,
    ...field('opened', state.opened ? [ago(state.opened.at, now)] : []),
    ...field('public', [publicLine(state, now)]),
    ...field('next', promiseLines(state, board, now)),
    ...field('scheduled', scheduledLines(state.id, board, now)),
    ...field('impact', state.impact ? [`${state.impact} (stated)`] : []),
    ...field('components', components),
    ...field('people', roles),
    ...field('marks', marks.length > 0 ? [marks.join(', ')] : []),
    ...field('rods', rods),
    ...field(
      'pinned',
      state.pinned.map(({noteKind, text, at}) => `${utc(at, now)} ${noteKind}: ${oneLine(text)}`),
    ),
    ...field('handoff', state.handoff ? [`offered to ${state.handoff.to}: scram take`] : []),
    ...field('merged', state.mergedInto ? [`into ${shortId(state.mergedInto)}`] : []),
  ]
}

function publicLine({updates, isPrivate}: IncidentState, now: number): string {
  const last = updates.at(-1)
  if (last) return `${last.status}, update ${last.number} at ${ago(last.at, now)}`
  return isPrivate ? 'never: this incident is private' : 'nothing was posted yet: scram update TEXT'
}

function promiseLines({id, phase}: IncidentState, board: Board, now: number): readonly string[] {
  const promise = board.open[id]?.promise
  if (!promise || phase !== 'open') return []
  const left = Date.parse(promise.by) - now
  return [left >= 0 ? `promised by ${ago(promise.by, now)}` : `OVERDUE by ${span(promise.by, now)} (promised by ${utc(promise.by, now)}): scram update TEXT`]
}

/** Texts that wait for their time, or for a person because it passed. */
export function scheduledLines(incident: string, {timers}: Board, now: number): readonly string[] {
  return Object.values(timers)
    .filter(({what, incident: of}) => what === 'update' && of === incident)
    .sort((a, b) => (a.due < b.due ? -1 : 1))
    .map(({timer, due, told, by, update}) => {
      const id = shortEntry(timer)
      const when = told ? `HELD, ${told.reason ?? 'late'}: scram update --post ${id}, or --cancel ${id}` : ago(due, now)
      return `${id} ${when} (${by}): ${oneLine(update?.text ?? '', 60)}`
    })
}

function updateLines({updates}: IncidentState, now: number): readonly string[] {
  return updates.flatMap(({number, status, at, body, amendments}) => [
    `  ${utc(at, now)}  update ${number}, ${status}${amendments.length > 0 ? `, amended ${amendments.length}×` : ''}`,
    ...body.split('\n').map(line => `    ${line}`),
  ])
}

const rodsOf = ({id}: IncidentState, {rods}: Board) => Object.values(rods).filter(rod => rod.incident === id || (rod.incident === null && maybeIn(rod)))

export function scheduledOf(incident: string, {timers}: Board): readonly object[] {
  return Object.values(timers).flatMap(({timer, what, incident: of, due, by, update, told}) =>
    what === 'update' && of === incident ? [{id: timer, due, by, update, held: told}] : [],
  )
}

/** From the opening to its end: the last resolve, the merge; or to now. */
function lasted({opened, phase, resolves, merged}: IncidentState, now: number): string {
  const end = phase === 'open' ? now : phase === 'merged' ? merged?.at : resolves.at(-1)?.at
  return opened ? span(opened.at, end ?? now) : ''
}

export function incidentJson(state: IncidentState): object {
  const {id, phase, title, severity, impact, isPrivate, isDrill, opened, resolves, roles, milestones, updates, components, headline, mergedInto, leftIn} = state
  const statuses = Object.fromEntries(Object.entries(components).map(([component, changes]) => [component, changes.at(-1)?.status]))
  return {
    id, short: shortId(id), phase, title, severity, impact, private: isPrivate, drill: isDrill, openedAt: opened?.at ?? null,
    resolvedAt: phase === 'open' ? null : (resolves.at(-1)?.at ?? null), publicStatus: updates.at(-1)?.status ?? null, headline, roles, milestones,
    components: statuses, updates, mergedInto, leftIn,
  } // biome-ignore format: one look
}
