import type {EventKind} from '../incident/events.ts'

/** Every kind this version folds; another one is kept and shown as opaque. Does not compile with a kind missing. */
const KNOWN = {
  'incident.opened': true, 'incident.retitled': true, 'incident.resolved': true, 'incident.reopened': true, 'incident.closed': true,
  'incident.merged': true, 'severity.set': true, 'impact.set': true, 'role.assigned': true, 'component.set': true, 'milestone.marked': true,
  'measure.stated': true, 'update.posted': true, 'update.amended': true, 'headline.set': true, 'note.added': true, 'entry.corrected': true,
  'entry.redacted': true, 'handoff.offered': true, 'handoff.taken': true, 'action.added': true, 'action.done': true, 'action.linked': true,
  'command.ran': true,
  'rod.inserting': true, 'rod.withdrawing': true, 'rod.inserted': true, 'rod.withdrawn': true, 'rod.unverified': true, 'rod.jammed': true,
  'rod.held': true, 'rod.drifted': true, 'rod.extended': true, 'rod.reminded': true, 'rod.tested': true,
  'run.started': true, 'run.parked': true, 'run.resumed': true, 'run.taken': true, 'run.amended': true, 'run.finished': true,
  'step.started': true, 'step.finished': true, 'step.failed': true, 'step.skipped': true, 'step.unknown': true, 'step.settled': true,
  'decision.recorded': true, 'timer.set': true, 'timer.fired': true, 'timer.cancelled': true,
  'page.published': true, 'page.failed': true, 'delivery.queued': true, 'delivery.sent': true, 'delivery.failed': true,
  'maintenance.scheduled': true, 'maintenance.started': true, 'maintenance.verifying': true, 'maintenance.completed': true,
  'maintenance.cancelled': true, 'postmortem.drafted': true, 'postmortem.published': true,
  'stream.stopped': true, 'stream.resumed': true, 'stream.skipped': true, 'journal.epoch': true,
} as const satisfies Record<EventKind, true> // biome-ignore format: a catalogue, by family

export function isKnownKind(kind: string): kind is EventKind {
  return Object.hasOwn(KNOWN, kind)
}

export const KNOWN_KINDS = Object.keys(KNOWN) as EventKind[] // the keys of a record over EventKind
