import {iso} from '../lib/clock.ts'
import {formatDuration} from '../lib/durations.ts'
import {shortId} from '../lib/ids.ts'
import {shellQuote} from '../lib/text.ts'
import {statusAt} from './component-changes.ts'
import {noPublicText} from './decide-update.ts'
import {type Act, active, existing, happenedAt, isRefusal, mergedAway, record, refuse} from './decision.ts'
import type {LeftIn, ScramEvent} from './events.ts'
import type {Decision, Refusal, World} from './intentions.ts'
import {own} from './own.ts'
import {componentEvents, publicUpdate} from './public-update.ts'
import {rodsStillIn} from './rods-of.ts'
import type {IncidentState} from './state.ts'
import {publicText, required, typedLine} from './typed-text.ts'
import type {ComponentStatus} from './words.ts'

/** Ends the incident: refused while a rod of it is not known to be withdrawn, unless that rod is left in by name. */
export function decideResolve(world: World, intention: Act<'resolve'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  const id = shortId(state.id)
  if (state.phase === 'resolved')
    return refuse('guard.refused', `${id} is resolved already`, `scram reopen --incident ${id} --why "reason"`, `scram close --incident ${id}`)
  const body = lastWords(state, intention.text)
  if (body !== null && isRefusal(body)) return body
  const left = leaving(world, state, intention.leaveIn ?? [], 'resolve')
  if ('refused' in left) return left
  const components = {...healed(world, intention, state, left.leftIn), ...intention.components}
  const said = body === null ? [] : publicUpdate(world, intention, state, {body, status: 'resolved', severity: state.severity, components})
  return record(intention, [
    ...componentEvents(world, components),
    ...said,
    ...left.events,
    {kind: 'milestone.marked', data: {milestone: 'resolved'}},
    {kind: 'incident.resolved', data: left.leftIn.length > 0 ? {leftIn: left.leftIn} : {}},
  ])
}

/** Null: nothing was public, so nothing must be said. */
function lastWords(state: IncidentState, text: string | undefined): string | null | Refusal {
  if (text !== undefined) return state.isPrivate ? noPublicText(state) : publicText('the update', text)
  const wasPublic = !state.isPrivate && state.updates.length > 0
  return wasPublic ? refuse('text.empty', 'a public incident ends with a public text', 'scram resolve -m "what users should know"') : null
}

/** Every component that is not operational becomes so, but for planned work on a component whose rod stays in. */
function healed(world: World, intention: Act<'resolve'>, state: IncidentState, leftIn: readonly LeftIn[]): Record<string, ComponentStatus> {
  const at = iso(happenedAt(world, intention))
  const planned = new Set(leftIn.map(({rod}) => own(world.board.rods, rod)?.component))
  const ill = Object.keys(state.components).filter(component => {
    const status = statusAt(state.components, component, at)
    return status !== 'operational' && !(status === 'under_maintenance' && planned.has(component))
  })
  return Object.fromEntries(ill.map(component => [component, 'operational'] as const))
}

/** After the resolve: nothing is expected any more, and no rod stays in forgotten. */
export function decideClose(world: World, intention: Act<'close'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  const id = shortId(state.id)
  if (state.phase === 'open')
    return refuse('guard.refused', `${id} is still open; it is resolved before it is closed`, `scram resolve --incident ${id} -m "text"`)
  const left = leaving(world, state, intention.leaveIn ?? [], 'close')
  if ('refused' in left) return left
  return record(intention, [
    ...left.events,
    {kind: 'milestone.marked', data: {milestone: 'closed'}},
    {kind: 'incident.closed', data: left.leftIn.length > 0 ? {leftIn: left.leftIn} : {}},
  ])
}

interface Leaving {
  readonly leftIn: readonly LeftIn[]
  readonly events: readonly ScramEvent[]
}

function leaving(world: World, state: IncidentState, asked: readonly LeftIn[], verb: 'resolve' | 'close'): Leaving | Refusal {
  const still = rodsStillIn(world.board, state.id)
  for (const {rod, expiresAt, why} of asked) {
    if (!own(world.board.rods, rod)) return refuse('usage.invalid', `no rod "${rod}" was ever moved here`, 'scram rod list')
    if (!(Date.parse(expiresAt) > world.now)) return refuse('time.invalid', `${rod} would be due out at ${expiresAt}, which is not in the future`)
    if (typedLine(why) === '') return refuse('text.empty', `the reason to leave ${rod} in is empty`)
  }
  // Whoever withdrew it meanwhile was quicker: a rod that is out is not left in.
  const staying = asked.filter(({rod}) => still.some(each => each.rod === rod)).map(each => ({...each, why: typedLine(each.why)}))
  const tooLate = staying.find(each => isLongerThanTarget(world, each))
  if (tooLate) return letsGoSooner(world, tooLate, verb)
  const now = staying.map(each => ({...each, expiresAt: targetExpiry(world, each.rod) ?? each.expiresAt}))
  const before = verb === 'close' ? state.leftIn.filter(({rod, expiresAt}) => Date.parse(expiresAt) > world.now && !now.some(each => each.rod === rod)) : []
  const covered = new Set([...now, ...before].map(({rod}) => rod))
  const blocking = still.filter(({rod}) => !covered.has(rod))
  const [first] = blocking
  if (first) {
    const names = blocking.map(({rod, status, since}) => `${rod} (${status} for ${formatDuration(world.now - Date.parse(since))})`).join(', ')
    const outs = blocking.map(({rod}) => `scram out ${shellQuote(rod)}`)
    const leave = blocking.map(({rod}) => `--leave-in ${shellQuote(rod)}`).join(' ')
    return refuse('guard.refused', `not known to be withdrawn: ${names}`, ...outs, `scram ${verb} ${leave} --expires 4h --why "reason"`)
  }
  const stays = before.filter(({rod}) => still.some(each => each.rod === rod))
  return {leftIn: [...now, ...stays], events: now.flatMap(data => (targetExpiry(world, data.rod) === null ? [{kind: 'rod.extended', data}] : []))}
}

/** Reminders count in minutes; so much apart is one time. */
const SAME_TIME_MS = 60_000

/** When the target itself lets go, whatever the record says; null: only somebody's move takes it out. */
function targetExpiry({board}: World, rod: string): string | null {
  const state = own(board.rods, rod)
  return state?.isNativeTtl ? state.expiresAt : null
}

function isLongerThanTarget(world: World, {rod, expiresAt}: LeftIn): boolean {
  const until = targetExpiry(world, rod)
  return until !== null && Date.parse(expiresAt) > Date.parse(until) + SAME_TIME_MS
}

function letsGoSooner(world: World, {rod}: LeftIn, verb: 'resolve' | 'close'): Refusal {
  const until = targetExpiry(world, rod) ?? ''
  const left = formatDuration(Math.max(Date.parse(until) - world.now, SAME_TIME_MS))
  return refuse(
    'guard.refused',
    `the target of ${rod} itself lets go at ${until}: it cannot be left in for longer, only inserted again`,
    `scram in ${rod} --expires 4h --why "reason"`,
    `scram ${verb} --leave-in ${rod} --expires ${left} --why "reason"`,
  )
}

/** It was not over. */
export function decideReopen(world: World, intention: Act<'reopen'>): Decision {
  const state = existing(world)
  if (isRefusal(state)) return state
  if (state.phase === 'open') return refuse('guard.refused', `${shortId(state.id)} is open`, 'scram show')
  if (state.phase === 'merged') return mergedAway(state)
  const why = required('the reason', intention.why)
  if (isRefusal(why)) return why
  const {title, severity, opened} = state
  return record(intention, [{kind: 'incident.reopened', data: {why, title, severity, openedAt: opened?.at ?? iso(world.now)}}])
}

/** Ends one incident as a part of another, which carries on. */
export function decideMerge(world: World, intention: Act<'merge'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  const {into} = intention
  const [id, other] = [shortId(state.id), shortId(into.id)]
  if (into.id === state.id) return refuse('usage.invalid', `${id} cannot be merged into itself`)
  if (into.phase === 'none') return refuse('incident.not-found', `${other} was never opened`, 'scram list --all')
  if (into.mergedInto === state.id) return refuse('guard.refused', `${other} is a part of ${id} already`, `scram show ${id}`)
  if (into.phase === 'merged')
    return refuse(
      'guard.refused',
      `${other} is a part of ${shortId(into.mergedInto ?? '')} itself`,
      `scram merge ${id} --into ${shortId(into.mergedInto ?? '')}`,
    )
  if (state.phase === 'open' && into.phase !== 'open') {
    return refuse('guard.refused', `${other} is ${into.phase}, and ${id} is not over`, `scram reopen --incident ${other} --why "reason"`)
  }
  if (into.isPrivate && !state.isPrivate)
    return refuse('guard.refused', `${other} is private: the public page of ${id} would point at it`, `scram merge ${other} --into ${id}`)
  const why = intention.why === undefined ? '' : typedLine(intention.why)
  return record(intention, [{kind: 'incident.merged', data: {into: into.id, ...(why !== '' && {why})}}])
}
