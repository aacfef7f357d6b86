import {shortEntry} from '../../lib/ids.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {NOTHING, textNow} from '../say.ts'
import {isKind} from '../who.ts'

const HEADER = ['#', 'Area', 'Action', 'Kind', 'Owner', 'Due', 'Done when', 'Ticket']

/** Actions that were recorded; what the record does not know about them is for a person to fill in. */
export function actionsTable({state, events}: Facts, pen: Pen): readonly Part[] {
  const {actions} = state
  const table =
    actions.length === 0
      ? pen.paragraph('No action item was recorded while the incident ran.')
      : pen.table(
          HEADER,
          actions.map(({action, text, owner, links, done}) => {
            const ticket = links.at(-1)
            return [
              action,
              NOTHING,
              done ? `${text} (done)` : text,
              NOTHING,
              owner ?? 'not recorded',
              NOTHING,
              NOTHING,
              ticket === undefined ? NOTHING : linkTo(ticket),
            ]
          }),
        )
  const noted = events.flatMap(event =>
    isKind(event, 'note.added') && event.data.noteKind === 'todo' ? [`${textNow(state, event.id, event.data.text)} (${shortEntry(event.id)})`] : [],
  )
  return noted.length === 0 ? [table] : [table, pen.paragraph('Noted while it ran:'), pen.bullets(noted)]
}

function linkTo(address: string): {readonly link: string} {
  return {link: address}
}
