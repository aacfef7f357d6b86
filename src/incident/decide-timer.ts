import {iso} from '../lib/clock.ts'
import {formatDuration} from '../lib/durations.ts'
import {shortEntry, shortId} from '../lib/ids.ts'
import {decideUpdate} from './decide-update.ts'
import {type Act, existing, isRefusal, record, refuse} from './decision.ts'
import {HOLD_AFTER_MS, isSilent, promisesDue} from './due-work.ts'
import type {EventData, ScramEvent} from './events.ts'
import type {Decision, Intention, World} from './intentions.ts'
import {own} from './own.ts'
import {clockOf, type TimerOnBoard} from './timers-on-board.ts'

/** Written half a day ahead a text is a guess; an incident that long has a person for it. */
export const LONGEST_AHEAD_MS = 12 * 3_600_000
/** Texts that wait for their time: more is a script gone wild. */
const MOST_WAITING = 20

/** A public update that goes out later. What would be refused now is refused now: its author is here to mend it. */
export function decideScheduled(world: World, intention: Act<'schedule-update'>): Decision {
  const {timer, due, workspace, text, status, next, components} = intention
  const state = existing(world)
  if (isRefusal(state)) return state
  const id = shortId(state.id)
  if (state.phase !== 'open')
    return refuse('guard.refused', `${id} is ${state.phase}: nothing is scheduled after the end`, `scram reopen --incident ${id} --why "reason"`)
  const said = {text, ...(status && {status}), ...(next !== undefined && {next}), ...(components && {components})}
  const now = decideUpdate(world, {intend: 'update', ...said})
  if (now.refused) return now
  const aheadMs = Date.parse(due) - world.now
  if (!(aheadMs > 0)) return refuse('time.invalid', `${due} is not in the future; it is ${iso(world.now)} now`)
  if (aheadMs > LONGEST_AHEAD_MS)
    return refuse('time.invalid', `${due} is ${formatDuration(aheadMs)} ahead; an update is scheduled at most ${formatDuration(LONGEST_AHEAD_MS)} ahead`)
  const waiting = Object.values(world.board.timers).filter(each => each.what === 'update' && each.incident === state.id)
  if (waiting.length >= MOST_WAITING)
    return refuse('guard.refused', `${waiting.length} updates of ${id} wait for their time already`, ...waiting.slice(0, 3).map(cancelling))
  return record(intention, [{kind: 'timer.set', data: {timer, what: 'update', due: iso(Date.parse(due)), update: {...said, workspace}}}])
}

const cancelling = ({timer}: TimerOnBoard) => `scram update --cancel ${shortEntry(timer)}`

/** Takes a scheduled text back, also one that was held. */
export function decideCancelled({board}: World, intention: Act<'cancel-update'>): Decision {
  const timer = own(board.timers, intention.timer)
  return timer?.what === 'update' ? record(intention, [{kind: 'timer.cancelled', data: {timer: timer.timer}}]) : gone(intention.timer)
}

/**
 * The time of a scheduled update has come: posted, or held where it is too late or would be refused now. A person who says
 * `isAsked` gets the refusal instead. Whose incident ended meanwhile is cancelled.
 */
export function decideScheduledDue(world: World, intention: Act<'post-scheduled'>): Decision {
  const {timer: name, isAsked} = intention
  const timer = own(world.board.timers, name)
  if (!timer?.update) return isAsked ? gone(name) : record(intention, [{kind: 'timer.cancelled', data: {timer: name, reason: 'nothing waits for it any more'}}])
  if (timer.told && !isAsked) return record(intention, [])
  const lateMs = Math.max(world.now - Date.parse(timer.due), 0)
  const fired = {timer: name, lateMs, what: 'update' as const}
  const held = (reason: string): Decision => record(intention, [{kind: 'timer.fired', data: {...fired, outcome: 'held', reason}}])
  if (!isAsked && lateMs > HOLD_AFTER_MS) return held(`${formatDuration(lateMs)} late`)
  const {workspace: _, ...said} = timer.update
  const decision = decideUpdate(world, {intend: 'update', ...said})
  if (decision.refused) return isAsked ? decision : held(decision.message)
  const events = decision.events.map((event): ScramEvent => (event.kind === 'update.posted' ? {...event, data: {...event.data, timer: name}} : event))
  return record(intention, [...events, {kind: 'timer.fired', data: {...fired, outcome: 'posted'}}])
}

function gone(timer: string): Decision {
  return refuse('entry.not-found', `no scheduled update ${shortEntry(timer)} waits; it went out, was cancelled, or its incident ended`, 'scram timeline')
}

/** Two processes, one reminder: whoever comes second finds it recorded. */
export function decidePromiseDue({board, now, incident}: World, intention: Intention): Decision {
  const entry = incident === null ? undefined : own(board.open, incident.id)
  const due = entry ? promisesDue(board, entry, now) : []
  return record(
    intention,
    due.map(({lateMs, ...promise}) => ({
      kind: 'timer.fired',
      data: {timer: `promise/${entry?.id}/${promise.update}`, what: 'promise', outcome: 'told', lateMs, promise},
    })),
  )
}

/** Posts the fallback a runbook chose, once per silence; where it cannot be posted people are reminded all the same. */
export function decideFallback(world: World, intention: Intention): Decision {
  const entry = world.incident === null ? undefined : own(world.board.open, world.incident.id)
  if (!entry || !isSilent(world.board, entry, world.now)) return record(intention, [])
  const {policy} = clockOf(world.board, entry.id)
  const next = policy?.everyMs
  const decision = decideUpdate(world, {intend: 'update', text: policy?.fallback ?? '', ...(next !== undefined && {next})})
  if (decision.refused) return decision
  return record(
    intention,
    decision.events.map((event): ScramEvent => (event.kind === 'update.posted' ? {...event, data: {...event.data, auto: true}} : event)),
  )
}

/** A wait of a parked run is over: told once, and the run stays where it is. The run's own record is left to the run. */
export function decideWaitDue({board, now}: World, intention: Act<'tell-wait'>): Decision {
  const timer = own(board.timers, intention.timer)
  if (!timer || timer.told !== null || Date.parse(timer.due) > now) return record(intention, [])
  const data: EventData['timer.fired'] = {timer: timer.timer, what: timer.what, outcome: 'told', lateMs: now - Date.parse(timer.due)}
  return record(intention, [{kind: 'timer.fired', data}])
}
