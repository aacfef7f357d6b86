import type {Opaque, Recorded} from './events.ts'
import type {Impact, Looking} from './impact.ts'
import {basisOf, earliest, type Instant, instantOf} from './instant.ts'
import {horizon} from './level-phases.ts'
import {own} from './own.ts'
import type {IncidentState, Stamp} from './state.ts'
import {badness} from './worst-level.ts'

/** One end of a measure, with its name for the table. */
export interface End {
  readonly label: string
  readonly at: Instant
  /** Only the present: the thing itself has not happened yet. */
  readonly isNow?: boolean
}

/** The instants measures are made of; null: not recorded. */
export interface Ends {
  readonly started: End | null
  readonly alert: End | null
  readonly acknowledged: End | null
  readonly engaged: End | null
  readonly visible: End | null
  readonly readable: End | null
  readonly diagnosed: End | null
  readonly impactStart: End | null
  readonly mitigated: End | null
  readonly impactEnd: End | null
  readonly opened: End | null
  readonly resolved: End | null
}

export interface Seen extends Looking {
  /** All events of the incident, in any order; without them alerts and the first hand at work are not known. */
  readonly events?: readonly (Recorded | Opaque)[]
  /** When update 1 was read back at a target for the first time (`firstPublication`). */
  readonly published?: Stamp | null
}

export function endsOf(state: IncidentState, impact: Impact, seen: Seen): Ends {
  const {milestones} = state
  const mark = (stamp: Stamp | undefined, label: string): End | null => (stamp ? {label, at: instantOf(stamp)} : null)
  const events = (seen.events ?? []).filter((event): event is Recorded => !('opaque' in event))
  const alert = named('first alert', earliest([milestones.detected && instantOf(milestones.detected), ...events.filter(isAlert).map(stampless)]))
  const visible = visibleFrom(state, seen.published)
  return {
    started: mark(milestones.started, 'started'),
    alert,
    acknowledged: mark(milestones.acknowledged, 'acknowledged'),
    engaged: mark(milestones.engaged, 'engaged') ?? named('first at work', earliest(events.filter(isHandAtWork).map(stampless))),
    visible,
    readable: visible && readableFrom(state, visible.at, seen.kinds ?? {}),
    diagnosed: mark(milestones.identified, 'identified') ?? named('first cause', earliest(state.causes.map(instantOf))),
    impactStart: named(impact.isStartMarked ? 'started' : 'first recorded impact', impact.start),
    mitigated: mitigated(state, impact, seen.nowMs),
    impactEnd: impact.end
      ? named(impact.isEndMarked ? 'recovered' : 'last recorded impact', impact.end)
      : impact.spans.length > 0
        ? untilNow(state, seen.nowMs)
        : null,
    opened: mark(state.opened ?? undefined, 'opened'),
    resolved: state.phase === 'open' ? untilNow(state, seen.nowMs) : mark(state.resolves.at(-1), 'resolved'),
  }
}

/** Update 1 on a page somebody could read; without a target, its posting. */
export function visibleFrom({updates, isPrivate}: IncidentState, published: Stamp | null | undefined): End | null {
  if (isPrivate) return null
  if (published) return {label: 'on the page', at: instantOf(published)}
  return named('update 1', earliest(updates.map(instantOf)))
}

/** From then on nobody was kept from reading it: no channel (a component of kind `communication`) was down. */
function readableFrom({components}: IncidentState, visible: Instant, kinds: NonNullable<Looking['kinds']>): End | null {
  const channels = Object.entries(components).filter(([component]) => own(kinds, component) === 'communication')
  const isDownAt = (atMs: number) => channels.some(([, changes]) => changes.findLast(change => Date.parse(change.at) <= atMs)?.status === 'major_outage')
  if (!isDownAt(visible.atMs)) return {label: 'public', at: visible}
  const later = channels.flatMap(([, changes]) => changes.map(instantOf)).filter(({atMs}) => atMs > visible.atMs && !isDownAt(atMs))
  return named('channel back', earliest(later))
}

/** The end of the last time at the worst level that was ever reached: not recovery. */
function mitigated(state: IncidentState, {worst}: Impact, nowMs: number): End | null {
  const peak = worst.reduce((highest, {status}) => Math.max(highest, badness(status)), 0)
  const last = worst.findLast(({status}) => badness(status) === peak)
  const {mitigated: marked} = state.milestones
  if (marked) return {label: 'mitigated', at: instantOf(marked)}
  if (!last) return null
  return last.isOpen ? untilNow(state, nowMs) : {label: 'worst level over', at: last.to}
}

function untilNow(state: IncidentState, nowMs: number): End {
  return {label: 'now', at: horizon(state, nowMs).at, isNow: true}
}

function named(label: string, at: Instant | null): End | null {
  return at && {label, at}
}

function isAlert({actor}: Recorded): boolean {
  return actor.kind === 'alert'
}

/** Somebody typed it while it happened. Acknowledging a pager is not yet being at work, nor is telling it afterwards. */
function isHandAtWork(event: Recorded): boolean {
  const isAcknowledging = event.kind === 'milestone.marked' && event.data.milestone === 'acknowledged'
  return event.actor.kind === 'person' && !isAcknowledging && basisOf(event) === 'recorded'
}

function stampless(event: Recorded): Instant {
  return {...instantOf(event), entry: event.id}
}
