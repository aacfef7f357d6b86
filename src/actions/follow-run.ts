import type {Recorded} from '../incident/events.ts'
import type {RunResult} from '../runbook/engine.ts'
import {countsOf, foldRun} from '../runbook/fold.ts'
import {instanceOf} from '../runbook/identity.ts'
import type {RunNews} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {changed, runEvents} from './run-ports.ts'
import {isDriven} from './runs-now.ts'

const TOLD: ReadonlySet<string> = new Set<RunNews['event']>([
  'run.started', 'run.resumed', 'run.parked', 'run.finished', 'step.started', 'step.finished', 'step.failed', 'step.skipped', 'step.unknown', 'step.settled',
]) // biome-ignore format: a list to read, not a column

/** Does the driver live? Looked at this often; its own events come within a quarter of a second. */
const LOOK_FOR_DRIVER_MS = 5000

/**
 * Reads along, from another terminal, until the run is parked, has ended, or its driver is gone; drives nothing. Null:
 * the driver went without a word, or Ctrl-C.
 */
export async function followRun(desk: Desk, run: string, tell: (news: RunNews) => void, stop: AbortSignal): Promise<RunResult | null> {
  let told = 0
  for (;;) {
    const events = await runEvents(desk, run)
    for (const event of events.slice(told)) if (TOLD.has(event.kind)) tell(newsOf(run, event))
    told = events.length
    const result = resultOf(run, events)
    if (result) return result
    if (stop.aborted || !(await somethingNew(desk, run, stop))) return null
  }
}

/** False: nobody drives it any more, or Ctrl-C. */
async function somethingNew(desk: Desk, run: string, stop: AbortSignal): Promise<boolean> {
  const over = new AbortController()
  const signal = AbortSignal.any([stop, over.signal])
  try {
    const isNew = await Promise.race([
      changed(desk, signal).then(() => true),
      desk.clock.sleep(LOOK_FOR_DRIVER_MS, signal).then(() => false),
    ]) // biome-ignore format: one way a line
    return isNew || (await isDriven(await desk.journal(), run))
  } catch (error) {
    if (stop.aborted) return false
    throw error
  } finally {
    over.abort()
  }
}

function newsOf(run: string, {kind, at, data}: Recorded): RunNews {
  const {step, title, ms, needs, reason, why, message} = data as Partial<Record<'step' | 'title' | 'needs' | 'reason' | 'why' | 'message', string>> & {
    ms?: number
  }
  const detail = needs ?? message ?? (reason !== undefined && why !== undefined ? `${reason}: ${why}` : reason)
  return {
    event: kind as RunNews['event'], // `TOLD` has only these
    at,
    run,
    ...(step !== undefined && {step: instanceOf(step).instance}),
    ...(title !== undefined && {title}),
    ...(ms !== undefined && {ms}),
    ...(detail !== undefined && {detail}),
  }
}

function resultOf(run: string, events: readonly Recorded[]): RunResult | null {
  const state = foldRun(run, events)
  if (!state) return null
  const nothing = {run, step: null, reason: null, needs: null, answers: [], outputs: {}, undelivered: [], counts: countsOf(state), rodsIn: []}
  if (state.ended) {
    const {outcome, rodsIn, outputs = {}} = state.ended
    return {...nothing, outcome, rodsIn, outputs, exit: outcome === 'done_with_failures' ? 1 : 0}
  }
  const {parked} = state
  if (!parked) return null
  const exit = parked.exit === 1 || parked.exit === 130 ? parked.exit : 4
  return {...nothing, outcome: 'parked', exit, step: parked.step ?? null, reason: parked.reason, needs: parked.needs, answers: parked.answers ?? []}
}
