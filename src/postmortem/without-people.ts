import {describeEvent, roleName} from '../incident/describe.ts'
import type {Opaque, Recorded} from '../incident/events.ts'
import type {IncidentState} from '../incident/state.ts'
import {shortId} from '../lib/ids.ts'
import {textNow} from './say.ts'

/**
 * The line of an entry without the names of the people in it; null: its usual line has none. A postmortem says which
 * role did something. Texts that people wrote stay as they are: they chose the words.
 */
export function lineWithoutPeople(event: Recorded | Opaque, state: IncidentState): string | null {
  if ('opaque' in event) return null
  switch (event.kind) {
    case 'role.assigned':
      return `${roleName(event.data.role)} assigned`
    case 'handoff.offered':
      return event.data.text === undefined ? 'command offered' : `command offered: ${textNow(state, event.id, event.data.text)}`
    case 'handoff.taken':
      return event.data.from === undefined ? 'command taken' : 'command handed over'
    case 'run.resumed':
      return `run ${shortId(event.data.run)} resumed`
    case 'run.taken':
      return `run ${shortId(event.data.run)} taken over`
    case 'decision.recorded': {
      const {by: _, ...data} = event.data
      return describeEvent({kind: event.kind, data})
    }
    default:
      return null
  }
}
