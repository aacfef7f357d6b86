import {formatDuration} from '../../lib/durations.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {clock, NOTHING} from '../say.ts'

/** What runbooks did. Failures first: a step that failed is the last thing to drop from a report. */
export function stepsTable({steps, startMs}: Facts, pen: Pen): readonly Part[] {
  if (steps.length === 0) return [pen.paragraph('No step of a runbook was recorded.')]
  const rows = steps.map(({key, started, ms, attempts, outcome, note}) => [
    key,
    clock(started, startMs),
    ms === null ? NOTHING : ms < 1000 ? `${Math.round(ms)} ms` : formatDuration(ms),
    String(attempts),
    outcome,
    note,
  ])
  return [pen.table(['Run/step', 'Started', 'Took', 'Attempts', 'Outcome', 'Note'], rows)]
}
