import type {EventData, Opaque, Recorded} from '../incident/events.ts'
import {type Instant, instantOf} from '../incident/instant.ts'
import {shortId} from '../lib/ids.ts'

/** One step of a run, over all its attempts. */
export interface StepRow {
  /** `r-4qm7/patch[canary]/push`: a stable name of the row. */
  readonly key: string
  readonly started: Instant | null
  /** Of the last attempt, as it was measured; null while it has none. */
  readonly ms: number | null
  readonly attempts: number
  readonly outcome: string
  /** A failure, an unknown outcome, a time-out: these rows come first and never go. */
  readonly isFailure: boolean
  readonly note: string
  /** The last event about it. */
  readonly entry: string
}

type StepEvent = Extract<Recorded, {kind: `step.${string}`}>
/** Its run goes on: the step that writes this very draft is one of these. What died is told by `step.unknown`. */
const UNDER_WAY = 'no outcome recorded yet'

type Draft = {-readonly [K in keyof StepRow]: StepRow[K]} & {run: string; wasUnknown: boolean}

/** Failures first, then in the order in which they started. `events` are in order of time. */
export function stepRows(events: readonly (Recorded | Opaque)[]): readonly StepRow[] {
  const rows = new Map<string, Draft>()
  for (const event of events) {
    if (isStep(event)) follow(rowOf(rows, event.data, event.id), event)
    else if (event.kind === 'run.finished' && !('opaque' in event)) closeRun(rows, event.data as EventData['run.finished'])
  }
  const all = [...rows.values()].map(({run: _, wasUnknown: __, ...row}): StepRow => row)
  return [...all.filter(row => row.isFailure), ...all.filter(row => !row.isFailure)]
}

const isStep = (event: Recorded | Opaque): event is StepEvent => event.kind.startsWith('step.') && !('opaque' in event)

function rowOf(rows: Map<string, Draft>, {run, step}: {run: string; step: string}, entry: string): Draft {
  const [name = step, attempt = '1'] = step.split('#')
  const key = `${run}/${name}`
  const known = rows.get(key)
  if (known) {
    known.attempts = Math.max(known.attempts, Number.parseInt(attempt, 10) || 1)
    known.entry = entry
    return known
  }
  const row: Draft = {
    key: `${shortId(run)}/${name}`,
    run,
    started: null,
    ms: null,
    attempts: Number.parseInt(attempt, 10) || 1,
    outcome: UNDER_WAY,
    isFailure: false,
    note: '',
    wasUnknown: false,
    entry,
  }
  rows.set(key, row)
  return row
}

function follow(row: Draft, event: StepEvent): void {
  switch (event.kind) {
    case 'step.started':
      row.started ??= instantOf(event)
      Object.assign(row, {outcome: UNDER_WAY, isFailure: false})
      return
    case 'step.finished': {
      const outcome = row.wasUnknown ? 'ok, resumed after a crash' : 'ok'
      Object.assign(row, {outcome, isFailure: false, ms: event.data.ms, note: event.data.evidence ?? row.note})
      return
    }
    case 'step.failed': {
      const {timedOut, ms, message} = event.data
      Object.assign(row, {outcome: timedOut ? 'timed out' : 'failed', isFailure: true, ms, note: message})
      return
    }
    case 'step.skipped':
      Object.assign(row, {outcome: `skipped (${event.data.reason})`, isFailure: false, note: event.data.why ?? row.note})
      return
    case 'step.unknown':
      Object.assign(row, {outcome: 'unknown', isFailure: true, note: event.data.detail ?? event.data.reason, wasUnknown: event.data.reason === 'died'})
      return
    case 'step.settled': {
      const {as, by, evidence} = event.data
      Object.assign(row, {outcome: `settled as ${as} by ${by}`, isFailure: as === 'failed', note: evidence ?? row.note})
    }
  }
}

/** A run that ended ends the steps it left open. */
function closeRun(rows: Map<string, Draft>, {run, outcome}: EventData['run.finished']): void {
  for (const row of rows.values()) {
    if (row.run === run && row.outcome === UNDER_WAY) Object.assign(row, {outcome: outcome === 'aborted' ? 'aborted' : 'no outcome recorded', isFailure: true})
  }
}
