import type {TimelineRow} from '../incident/timeline.ts'

/** A row of the short table: one entry, or neighbours of one kind that say the same sort of thing. */
export interface Folded {
  readonly row: TimelineRow
  readonly times: number
  readonly last: TimelineRow
}

const CLOSE_MS = 5 * 60_000

/** Bookkeeping of machines. What people wrote, updates, rods, decisions, failures and corrections are never folded. */
const FOLDABLE: ReadonlySet<string> = new Set([
  'page.published',
  'delivery.queued',
  'delivery.sent',
  'timer.set',
  'timer.fired',
  'timer.cancelled',
  'step.started',
  'step.finished',
  'command.ran',
  'rod.reminded',
])

/** Neighbours of the same kind and actor, each at most five minutes after the one before, become one row. */
export function foldRows(rows: readonly TimelineRow[]): readonly Folded[] {
  const folded: Folded[] = []
  for (const row of rows) {
    const open = folded.at(-1)
    if (open && isNeighbour(open.last, row)) folded[folded.length - 1] = {...open, times: open.times + 1, last: row}
    else folded.push({row, times: 1, last: row})
  }
  return folded
}

function isNeighbour(a: TimelineRow, b: TimelineRow): boolean {
  const isPlain = FOLDABLE.has(b.kind) && !a.isCorrected && !b.isCorrected && !a.isRedacted && !b.isRedacted
  return isPlain && a.kind === b.kind && a.who === b.who && Date.parse(b.at) - Date.parse(a.at) <= CLOSE_MS
}
