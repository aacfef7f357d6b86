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

/**
 * Neighbours of the same kind and actor, each at most five minutes after the one before, become one row.
 * @returns the rows to show, and the entries that stand behind the rows of several
 */
export function foldRows(rows: readonly TimelineRow[]): readonly [shown: readonly Folded[], folded: readonly TimelineRow[]] {
  const groups: TimelineRow[][] = []
  for (const row of rows) {
    const open = groups.at(-1)
    const last = open?.at(-1)
    if (open && last && isNeighbour(last, row)) open.push(row)
    else groups.push([row])
  }
  const shown = groups.flatMap(group => {
    const [row, last] = [group[0], group.at(-1)]
    return row && last ? [{row, times: group.length, last}] : []
  })
  return [shown, groups.filter(({length}) => length > 1).flat()]
}

function isNeighbour(a: TimelineRow, b: TimelineRow): boolean {
  const isPlain = FOLDABLE.has(b.kind) && !a.isCorrected && !b.isCorrected && !a.isRedacted && !b.isRedacted
  return isPlain && a.kind === b.kind && a.who === b.who && Date.parse(b.at) - Date.parse(a.at) <= CLOSE_MS
}
