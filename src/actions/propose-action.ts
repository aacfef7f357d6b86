import type {Intention} from '../incident/intentions.ts'
import {boardProjection} from '../incident/projections.ts'
import type {ComponentStatus, Milestone, NoteKind, PublicImpact, PublicStatus, Role, Severity} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import {parseDuration} from '../lib/durations.ts'
import {textOf} from '../lib/text-of.ts'
import type {JsonMap} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {findEntry} from './find-entry.ts'
import {knownComponents} from './known-components.ts'
import {meantIncident} from './meant-incident.ts'
import {timing} from './record-intention.ts'
import type {RowId} from './table.ts'

/**
 * A `record` row and its checked, rendered `with:` → the intention a command would have made. Types are those the table
 * checked; a value that only a template could spoil is refused by `decide`.
 * @throws Fault component.not-found · duration.invalid
 */
export async function intentionOf(desk: Desk, id: RowId | string, given: JsonMap): Promise<Intention> {
  const text = textOf(given['text'])
  const next = typeof given['next'] === 'string' ? parseDuration(given['next']) : undefined
  const components = await knownComponents(desk, given['components'] as Readonly<Record<string, ComponentStatus>> | undefined)
  const why = given['why'] as string | undefined
  switch (id) {
    case 'incident/open':
      return {
        intend: 'open',
        title: textOf(given['title']),
        severity: severity(given),
        actor: desk.actor.name,
        ...defined({components, next, impact: given['impact'] as PublicImpact | undefined, text: text || undefined}),
      }
    case 'incident/update':
      return {intend: 'update', text, ...defined({components, next, status: given['status'] as PublicStatus | undefined})}
    case 'incident/note':
      return {intend: 'note', text, noteKind: (given['kind'] as NoteKind | undefined) ?? 'note'}
    case 'incident/severity':
      return {intend: 'severity', severity: severity(given), ...defined({why})}
    case 'incident/impact':
      return {intend: 'impact', impact: given['impact'] as PublicImpact, ...defined({why})}
    case 'incident/assign':
      return {intend: 'assign', role: given['role'] as Role, to: textOf(given['to'])}
    case 'incident/mark':
      return {
        intend: 'mark',
        milestone: given['milestone'] as Milestone,
        ...defined({text: text || undefined}),
        ...(await timing(desk, given['at'] as string | undefined)),
      }
    case 'incident/amend':
      return amendment(desk, given)
    case 'incident/retitle':
      return {intend: 'retitle', title: textOf(given['title'])}
    case 'incident/handoff':
      return {intend: 'handoff', to: textOf(given['to']), ...defined({text: text || undefined})}
    case 'incident/close':
      return {intend: 'close'}
    case 'incident/reopen':
      return {intend: 'reopen', why: textOf(why)}
    case 'incident/resolve':
      return {intend: 'resolve', text, ...defined({components})}
    default:
      throw new Error(`${id} is not an action that only records`)
  }
}

/** The entry is looked for when it is its turn: a number names an update of this incident. */
async function amendment(desk: Desk, given: JsonMap): Promise<Intention> {
  const journal = await desk.journal()
  const incident = await meantIncident(desk, journal, await journal.fold(boardProjection), 'look')
  const {entry, isUpdate} = await findEntry(journal, incident, textOf(given['entry']))
  const {at: newAt} = await timing(desk, given['at'] as string | undefined)
  return {intend: 'amend', entry, isUpdate, ...defined({text: textOf(given['text']) || undefined, newAt, why: given['why'] as string | undefined})}
}

function severity(given: JsonMap): Severity {
  const typed = (textOf(given['severity']) || 'sev3').toUpperCase()
  return (typed.startsWith('SEV') ? typed : `SEV${typed}`) as Severity
}
