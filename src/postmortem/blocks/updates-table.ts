import type {Kept} from '../../incident/cadence.ts'
import {printLength} from '../../incident/durations-print.ts'
import {instantOf} from '../../incident/instant.ts'
import {formatDuration} from '../../lib/durations.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {clock, NOTHING, time} from '../say.ts'

/** Every public update, oldest first, with the silence before it and what became of its promise. Texts: the timeline. */
export function updatesTable({state, cadence, startMs}: Facts, pen: Pen): readonly Part[] {
  const updates = [...state.updates].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.number - b.number))
  if (updates.length === 0) return [pen.paragraph('No public update was recorded.')]
  const gaps = new Map(cadence.gaps.map(gap => [gap.to, gap]))
  const promises = new Map(cadence.promises.map(promise => [promise.update, promise]))
  const rows = updates.map(update => {
    const [gap, promise] = [gaps.get(update.number), promises.get(update.number)]
    return [
      String(update.number),
      update.amendments.length > 0 ? `${update.status}, amended` : update.status,
      clock(instantOf(update), startMs),
      gap ? printLength(gap.length) : NOTHING,
      promise ? `${time(promise.by)}${promise.basis === 'cadence' ? ' (by policy)' : ''}` : NOTHING,
      promise ? verdict(promise) : NOTHING,
    ]
  })
  return [pen.table(['Update', 'Status', 'At (UTC)', 'Gap before', 'Next promised by', 'Promise'], rows)]
}

function verdict({result, lateMs, answeredBy}: Kept): string {
  switch (result) {
    case 'kept':
      return answeredBy === null ? 'kept, by the end' : 'kept'
    case 'late':
      return `late by ${formatDuration(lateMs)}`
    case 'open':
      return 'open'
    case 'void':
      return 'void: merged'
  }
}
