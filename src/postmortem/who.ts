import {roleName} from '../incident/describe.ts'
import type {Actor, Opaque, Recorded} from '../incident/events.ts'

export type Who = (event: {readonly actor: Actor; readonly at: string}) => string

/**
 * Who did it, by role: a postmortem names what was done, not who was tired. The role a person held at that moment, else
 * `responder`; for the rest the part of the system. Deterministic: of several roles the one assigned last.
 */
export function rolesOver(events: readonly (Recorded | Opaque)[]): Who {
  const spells: {at: string; role: string; to: string}[] = []
  for (const event of events) {
    if (isKind(event, 'role.assigned')) spells.push({at: event.at, role: event.data.role, to: event.data.to})
    if (isKind(event, 'handoff.taken')) spells.push({at: event.at, role: 'ic', to: event.data.to})
  }
  spells.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return ({actor, at}) => {
    if (actor.kind !== 'person') return SYSTEM[actor.kind]
    const held = new Map<string, string>()
    let last: string | null = null
    for (const spell of spells) {
      if (spell.at > at) break
      held.set(spell.role, spell.to)
      if (spell.to === actor.name) last = spell.role
    }
    if (last !== null && held.get(last) === actor.name) return roleName(last)
    const other = [...held].find(([, name]) => name === actor.name)
    return other ? roleName(other[0]) : 'responder'
  }
}

const SYSTEM = {run: 'runbook', watch: 'watch', hub: 'hub', alert: 'monitoring', import: 'import'} as const

/** Narrows to one kind; an opaque record of that name (a newer version's) is not it. */
export function isKind<K extends Recorded['kind']>(event: Recorded | Opaque, kind: K): event is Extract<Recorded, {kind: K}> {
  return event.kind === kind && !('opaque' in event)
}
