import type {Recorded} from './events.ts'

/** The text of an entry that a correction replaces; undefined: the entry has none of its own. */
export function textOf(event: Recorded): string | undefined {
  switch (event.kind) {
    case 'incident.opened':
    case 'incident.retitled':
      return event.data.title
    case 'update.posted':
    case 'update.amended':
      return event.data.body
    case 'note.added':
    case 'milestone.marked':
    case 'headline.set':
    case 'handoff.offered':
    case 'action.added':
    case 'action.done':
      return event.data.text
    case 'component.set':
    case 'severity.set':
    case 'impact.set':
    case 'incident.reopened':
    case 'incident.merged':
    case 'rod.inserting':
    case 'rod.withdrawing':
    case 'rod.extended':
      return event.data.why
    default:
      return undefined
  }
}

/** The same entry saying `text`; null where there is no text to replace. */
export function saying(event: Recorded, text: string): Recorded | null {
  switch (event.kind) {
    case 'incident.opened':
    case 'incident.retitled':
      return {...event, data: {...event.data, title: text}} as Recorded // kind and data still belong together: only the title changed
    case 'update.posted':
    case 'update.amended':
      return {...event, data: {...event.data, body: text}} as Recorded // as above, the body
    case 'note.added':
    case 'milestone.marked':
    case 'headline.set':
    case 'handoff.offered':
    case 'action.added':
    case 'action.done':
      return {...event, data: {...event.data, text}} as Recorded // as above, the text
    case 'component.set':
    case 'severity.set':
    case 'impact.set':
    case 'incident.reopened':
    case 'incident.merged':
    case 'rod.inserting':
    case 'rod.withdrawing':
    case 'rod.extended':
      return {...event, data: {...event.data, why: text}} as Recorded // as above, the reason
    default:
      return null
  }
}
