import {type EventKind, type Recorded, visibilityOf} from './events.ts'

/**
 * Kinds that can change a public byte. The page's revision counts them, and nothing else: a private note neither builds
 * the page nor betrays activity. Receipts (`page.published`) are not among them, or publishing would trigger publishing.
 */
export const PAGE_KINDS = [
  'incident.opened', 'incident.retitled', 'incident.resolved', 'incident.reopened', 'incident.merged', 'impact.set', 'component.set',
  'milestone.marked', 'update.posted', 'update.amended', 'headline.set', 'entry.corrected', 'entry.redacted', 'postmortem.published',
  'maintenance.scheduled', 'maintenance.started', 'maintenance.verifying', 'maintenance.completed', 'maintenance.cancelled',
] as const satisfies readonly EventKind[] // biome-ignore format: a list to read, not a column

const KINDS: ReadonlySet<string> = new Set(PAGE_KINDS)

/** Whether this event of a public incident changes the page. A correction may be about a public entry, so it counts. */
export function isPageFact(event: Recorded): boolean {
  if (!KINDS.has(event.kind)) return false
  if (event.kind === 'component.set') return visibilityOf(event) === 'public'
  return event.kind !== 'milestone.marked' || event.data.milestone === 'started'
}
