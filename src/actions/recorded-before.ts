import type {Draft, Recorded} from '../incident/events.ts'
import type {Act} from '../incident/intentions.ts'
import {textOf} from '../incident/said.ts'
import {typedLine} from '../incident/typed-text.ts'
import type {Journal} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'

/** The event that says what an act was about: the one that bears the id a person gave. Others go along with it. */
const TELLS: Readonly<Partial<Record<Act['intend'], readonly Draft['kind'][]>>> = {
  open: ['incident.opened'],
  update: ['update.posted'],
  amend: ['update.amended', 'entry.corrected'],
  redact: ['entry.redacted'],
  note: ['note.added'],
  retitle: ['incident.retitled'],
  severity: ['severity.set'],
  impact: ['impact.set'],
  assign: ['role.assigned'],
  mark: ['milestone.marked'],
  handoff: ['handoff.offered'],
  take: ['handoff.taken'],
  resolve: ['update.posted', 'incident.resolved'],
  reopen: ['incident.reopened'],
  close: ['incident.closed'],
  merge: ['incident.merged'],
  'extend-rod': ['rod.extended'],
  'schedule-update': ['timer.set'],
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Gives `id` to the event that tells, so that a repeat can be held against it. */
export function withId(intend: Act['intend'], drafts: readonly Draft[], id: string): readonly Draft[] {
  const tells = Math.max(
    0,
    drafts.findIndex(({kind}) => TELLS[intend]?.includes(kind)),
  )
  return drafts.map((draft, i) => (i === tells ? {...draft, id} : draft))
}

/**
 * What the first call with this id recorded; undefined: it is the first. The same id for something else is refused:
 * answering as if it had been recorded would lose what was typed.
 * @throws Fault usage.invalid
 */
export async function recordedBefore(journal: Journal, id: string, act: Act, redact: (text: string) => string): Promise<readonly Recorded[] | undefined> {
  if (!UUID.test(id)) throw new Fault('usage.invalid', `--id wants a UUID in lower case, not "${id.slice(0, 60)}"`, {hints: [NEW_ID]})
  const events = await journal.events({idPart: id})
  const found = events.find((event): event is Recorded => event.id === id && !('opaque' in event))
  if (!found) return undefined
  if (saysTheSame(found, act, redact)) return [found]
  throw new Fault('usage.invalid', `--id ${id} names ${found.kind} of ${found.recorded} already, with other content; nothing was recorded`, {hints: [NEW_ID]})
}

const NEW_ID = 'uuidgen --time | tr A-F a-f'

function saysTheSame(event: Recorded, act: Act, redact: (text: string) => string): boolean {
  if (!TELLS[act.intend]?.includes(event.kind)) return false
  const before = event.kind === 'timer.set' ? event.data.update?.text : textOf(event)
  const now = wordsOf(act)
  return before === undefined || now === undefined || typedLine(before) === typedLine(redact(now))
}

function wordsOf(act: Act): string | undefined {
  if ('title' in act) return act.title
  if ('text' in act) return act.text
  return 'why' in act ? act.why : undefined
}
