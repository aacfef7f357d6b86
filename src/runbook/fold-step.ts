import type {EventData, RunEvent} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import type {UndoScope} from './runbook.ts'
import {type Begun, begun, type StepState, unseen} from './step-state.ts'

type StepEvent = Extract<
  RunEvent,
  {kind: 'step.started' | 'step.finished' | 'step.failed' | 'step.skipped' | 'step.unknown' | 'step.settled' | 'decision.recorded'}
>

/** One event of one step more; of the decisions only those about its failure are for it. */
export function evolveStep(seen: StepState | undefined, event: StepEvent & {readonly at: string}, attempt: number): StepState {
  if (seen && comesTooLate(seen, event)) return seen
  const before = seen ? begun(seen) : unseen(event.at)
  switch (event.kind) {
    case 'step.started': {
      const {kind, uses = null, effect, resume, sent = null, verify = null, key = null, title} = event.data
      return {...before, status: 'started', isRedone: false, tail: '', attempt, startedAt: event.at, kind, uses, effect, resume, sent, verify, key, title}
    }
    case 'step.finished':
      return {...before, status: 'finished', outputs: event.data.outputs ?? {}}
    case 'step.failed': {
      const {code, message, retryable = false, handled = false} = event.data
      return {...before, status: 'failed', attempt, failures: before.failures + 1, ...failure(code, message, retryable), handled}
    }
    case 'step.skipped':
      return {...before, status: 'skipped', reason: event.data.reason}
    case 'step.unknown':
      return {...before, status: 'unknown', attempt, unknowns: before.unknowns + 1, reason: event.data.reason, tail: lastLine(event.data.tail)}
    case 'step.settled':
      return settled(before, event.data)
    case 'decision.recorded':
      return seen?.status === 'failed' ? afterFailure(seen, event.data.value) : (seen ?? {...before, status: 'again'})
    default:
      event satisfies never
      return seen ?? {...before, status: 'again'}
  }
}

function lastLine(tail = ''): string {
  return tail.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? ''
}

/** Two people may answer one question at the same time: the first counts, and nothing unsays what was done. */
function comesTooLate({status}: StepState, {kind}: StepEvent): boolean {
  if (kind === 'step.settled') return status !== 'unknown' && status !== 'started'
  return (kind === 'step.finished' || kind === 'step.skipped') && status === 'finished'
}

function failure(code: string, message: string, retryable: boolean) {
  return {code, message, retryable, goto: null, undo: null, isUndone: false} as const
}

function settled(before: Begun, {by, as, outputs = {}, evidence = ''}: EventData['step.settled']): StepState {
  if (as === 'finished') return {...before, status: 'finished', outputs}
  if (as === 'skipped') return {...before, status: 'skipped', reason: 'operator'}
  if (as === 'failed') return {...before, status: 'failed', ...failure('step.settled', evidence || 'it did not happen', false), handled: false}
  // A person looked, so it may end unseen again; how often it may fail is another question, and was not asked.
  return by === 'person' ? {...before, status: 'again', unknowns: 0} : {...before, status: 'again'}
}

function afterFailure(seen: Extract<StepState, {status: 'failed'}>, value: Json): StepState {
  if (value === 'again') return {...begun(seen), status: 'again', failures: 0, unknowns: 0}
  if (value === 'undone') return {...seen, isUndone: true}
  if (value === 'continue') return {...seen, handled: true}
  if (typeof value !== 'object' || value === null) return seen
  const {goto, undo} = value as {goto?: string; undo?: UndoScope} // as `fail-step.ts` and `after-failure.ts` record it
  if (goto !== undefined) return {...seen, handled: true, goto}
  return undo === undefined ? seen : {...seen, undo}
}
