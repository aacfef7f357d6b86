import {iso} from '../lib/clock.ts'
import {statusAt} from './component-changes.ts'
import {happenedAt} from './decision.ts'
import type {EventData, OtherPromise, ScramEvent} from './events.ts'
import type {Intention, World} from './intentions.ts'
import {own} from './own.ts'
import type {IncidentState} from './state.ts'
import type {ComponentStatus, PublicStatus, Severity} from './words.ts'

export interface Said {
  readonly body: string
  readonly status: PublicStatus
  readonly severity: Severity
  /** Changes of the same intention, already part of the snapshot. */
  readonly components: Readonly<Record<string, ComponentStatus>>
  /** ms after the update; absent: the cadence of the severity. */
  readonly next?: number
  readonly promises?: readonly OtherPromise[]
}

/**
 * A public update as it is recorded: numbered, with the status of every public component at that instant and the promise
 * of the next one. The first update is also the moment the incident became public.
 */
export function publicUpdate(world: World, intention: Intention, state: IncidentState, said: Said): readonly ScramEvent[] {
  const {body, status, components, promises} = said
  const number = state.updates.reduce((last, update) => Math.max(last, update.number), 0) + 1
  const data: EventData['update.posted'] = {
    number,
    status,
    body,
    components: snapshot(world, intention, state, components),
    ...(status !== 'resolved' && promise(world, intention, said)),
    ...(promises && promises.length > 0 && {promises}),
  }
  const isFirst = state.updates.length === 0 && state.milestones.public === undefined
  const becamePublic: ScramEvent[] = isFirst ? [{kind: 'milestone.marked', data: {milestone: 'public'}}] : []
  return [{kind: 'update.posted', data}, ...becamePublic]
}

/** Without a workspace every component ever named counts; with one, its public ones do and no other may appear. */
function snapshot(
  {components: known, ...world}: World,
  intention: Intention,
  state: IncidentState,
  changed: Said['components'],
): Record<string, ComponentStatus> {
  const at = iso(happenedAt({components: known, ...world}, intention))
  const ids = known.length > 0 ? known : [...new Set([...Object.keys(state.components), ...Object.keys(changed)])]
  return Object.fromEntries(ids.map(id => [id, own(changed, id) ?? statusAt(state.components, id, at)]))
}

function promise(world: World, intention: Intention, {next, severity}: Said): Pick<EventData['update.posted'], 'nextUpdateBy' | 'promiseBasis'> {
  const nextUpdateBy = iso(happenedAt(world, intention) + (next ?? world.cadenceMs[severity]))
  return {nextUpdateBy, promiseBasis: next === undefined ? 'cadence' : 'given'}
}

/** `component.set` per component; one the page does not show stays internal. */
export function componentEvents({components: known}: World, asked: Said['components']): readonly (ScramEvent & {visibility?: 'internal'})[] {
  return Object.entries(asked).map(([component, status]) => ({
    kind: 'component.set',
    data: {component, status},
    ...(known.length > 0 && !known.includes(component) && {visibility: 'internal' as const}),
  }))
}
