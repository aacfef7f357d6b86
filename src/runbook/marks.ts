import type {RunState} from './fold.ts'
import type {Mark, Marks} from './graph.ts'
import type {StepState} from './step-state.ts'

/** How every instance of a run stands. `isDriven`: what was begun is being done; else its driver stopped in the middle of it. */
export function marksOf({steps, parked, ended}: RunState, isDriven: boolean): Marks {
  const marks = new Map(Object.entries(steps).map(([instance, seen]) => [instance, markOf(seen, isDriven)] as const))
  // A failed or unknown step is parked, too; that it failed says more. A question before the first attempt left nothing else.
  const waits = parked?.step
  if (waits !== undefined && !ended && (marks.get(waits) ?? 'now') === 'now') marks.set(waits, 'parked')
  return marks
}

function markOf(seen: StepState, isDriven: boolean): Mark {
  switch (seen.status) {
    case 'finished':
      return 'done'
    case 'failed':
    case 'skipped':
    case 'unknown':
      return seen.status
    case 'again':
      return 'now'
    case 'started': // what only waits is not half done when nobody drives it
      return isDriven || seen.kind === 'manual' || seen.kind === 'wait' || seen.kind === 'wait_until' ? 'now' : 'unknown'
    default:
      return seen satisfies never
  }
}
