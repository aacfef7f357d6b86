import {iso} from '../lib/clock.ts'
import {shortId} from '../lib/ids.ts'
import type {Draft, ScramEvent} from './events.ts'
import type {Decision, Intention, Refusal, World} from './intentions.ts'
import type {IncidentState} from './state.ts'

/** What `decide`'s parts share: the shape of a refusal, and of what is recorded. */
export type Act<I extends Intention['intend']> = Extract<Intention, {readonly intend: I}>

/** A refusal as a value, with the commands that get further. */
export function refuse(code: Refusal['code'], message: string, ...hints: string[]): Refusal {
  return {refused: true, code, message, hints}
}

/** Everything an intention records happened at its `at`: now, or when the person said. */
export function record(intention: Intention, events: readonly (ScramEvent & Pick<Draft, 'visibility'>)[]): Decision {
  return {refused: false, events: stamped(intention, events)}
}

export function stamped({at, basis, approx, precisionMs}: Intention, events: readonly (ScramEvent & Pick<Draft, 'visibility'>)[]): readonly Draft[] {
  const timing = {
    ...(at !== undefined && {at: iso(Date.parse(at))}),
    ...(basis && {basis}),
    ...(approx !== undefined && {approx}),
    ...(precisionMs !== undefined && {precisionMs}),
  }
  return events.map(event => ({...event, ...timing}))
}

/** When it happened, epoch milliseconds. */
export function happenedAt(world: World, {at}: Intention): number {
  return at === undefined ? world.now : Date.parse(at)
}

/** The incident meant, or why there is none. Only the opening and what belongs to no incident can do without. */
export function existing({incident}: World): IncidentState | Refusal {
  if (incident === null) return refuse('incident.not-found', 'no incident is open', 'scram open "what users see" -s sev1', 'scram list --all')
  if (incident.phase === 'none') return refuse('incident.not-found', `${shortId(incident.id)} was never opened`, 'scram list --all')
  return incident
}

/** The incident meant, refused once nothing is expected of it any more (closed, or a part of another). */
export function active(world: World): IncidentState | Refusal {
  const incident = existing(world)
  if (isRefusal(incident)) return incident
  const id = shortId(incident.id)
  if (incident.phase === 'merged') return mergedAway(incident)
  if (incident.phase === 'closed') return refuse('guard.refused', `${id} is closed`, `scram reopen --incident ${id} --why "reason"`, 'scram note "text"')
  return incident
}

export function mergedAway({id, mergedInto}: IncidentState): Refusal {
  const into = shortId(mergedInto ?? '')
  return refuse('guard.refused', `${shortId(id)} is a part of ${into} now; it goes on there`, `scram use ${into}`)
}

export function isRefusal(value: IncidentState | Decision | string): value is Refusal {
  return typeof value === 'object' && 'refused' in value && value.refused
}
