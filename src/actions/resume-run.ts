import type {Recorded} from '../incident/events.ts'
import type {Lease} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {shortId} from '../lib/ids.ts'
import {resumeRun as driveOn, type RunResult} from '../runbook/engine.ts'
import {foldRun} from '../runbook/fold.ts'
import type {Loaded} from '../runbook/load.ts'
import type {Desk} from './desk.ts'
import type {Hold} from './hold-lease.ts'
import {lintNames} from './lint-names.ts'
import {refuseErrors} from './open-linted.ts'
import {busy, holdRun, type RunHold, whileHeld} from './run-lease.ts'
import {runEvents, runPorts} from './run-ports.ts'
import {findOwnRun, type RunRunbook, type Signals} from './run-runbook.ts'
import {keepWorkspace} from './run-workspace.ts'
import {actionTable} from './table.ts'
import {whileWatching} from './watch-rods.ts'

export interface ResumeRun extends Pick<RunRunbook, 'yes' | 'stepwise' | 'tell'> {
  /** Drives it from here although another process does. */
  readonly take?: boolean
  /** A file whose text the run goes on with. */
  readonly amend?: string | undefined
}

/**
 * Goes on with a parked or cut-off run. Absent: the only one that waits. While another process drives it, a terminal
 * reads along and drives nothing.
 * @throws Fault run.not-found · usage.ambiguous · run.busy · guard.refused (the new text does not fit) · lease.lost
 */
export async function resumeRun(desk: Desk, part: string | undefined, input: ResumeRun, signals: Signals): Promise<RunResult> {
  const found = await findOwnRun(desk, part)
  const {run, events} = found
  const hold = await holdRun(desk, run)
  // Its lease ran out while it slept: it is taken over from all the same, and may wake.
  if (hold.held) return drive(desk, found, hold, input, signals, input.take ? cutOffDriver(run, events) : undefined)
  if (input.take) {
    const from = await confirmTaking(desk, run, events, hold, input, signals)
    const taken = await holdRun(desk, run, true)
    if (!taken.held) throw busy(run, taken)
    return drive(desk, found, taken, input, signals, from)
  }
  if (desk.ask === null) throw busy(run, hold)
  desk.narrate(`${hold.holder} drives it; reading along (Ctrl-C leaves it alone; --take drives it from here)`)
  const {followRun} = await import('./follow-run.ts')
  const result = await followRun(desk, run, input.tell, signals.stop)
  if (result) return result
  throw new Fault(signals.stop.aborted ? 'interrupted' : 'run.busy', signals.stop.aborted ? 'left it to its driver' : 'nobody drives the run any more', {
    hints: [`scram resume ${shortId(run)}`],
  })
}

type Found = Awaited<ReturnType<typeof findOwnRun>>

function cutOffDriver(run: string, events: readonly Recorded[]): string | undefined {
  const state = foldRun(run, events)
  return state && !state.parked && !state.ended ? state.driver : undefined
}

async function drive(desk: Desk, {run, incident, events: known}: Found, hold: RunHold, input: ResumeRun, signals: Signals, from?: string): Promise<RunResult> {
  return whileHeld(desk, run, hold, async lease => {
    await keepWorkspace(desk, run, known, signals.stop)
    if (from !== undefined) await recordTaking(desk, run, incident, lease, from)
    // Read again: its last driver may have recorded until the lease was ours.
    const events = await runEvents(desk, run)
    const amend = input.amend === undefined ? undefined : await amendment(desk, run, events, input.amend)
    const {yes, stepwise = false, tell} = input
    const options = {run, by: desk.actor.name, yes, stepwise, ...signals, ...(amend && {amend})}
    return whileWatching(desk, async () => driveOn(runPorts(desk, {run, incident, lease, tell, stop: signals.stop}), events, options))
  })
}

async function recordTaking(desk: Desk, run: string, incident: string, lease: Lease, from: string): Promise<void> {
  const journal = await desk.journal()
  await journal.append(incident, [{kind: 'run.taken', data: {run, by: desk.actor.name, from}}], {fence: lease})
}

/** Two drivers are worse than one who waits: the last sign of life is shown, and Enter alone takes nothing. */
async function confirmTaking(
  desk: Desk,
  run: string,
  events: readonly Recorded[],
  {holder, until}: Extract<Hold, {held: false}>,
  {yes}: ResumeRun,
  {stop}: Signals,
): Promise<string> {
  const question = `${holder} drives run ${shortId(run)} and last recorded at ${events.at(-1)?.recorded ?? 'an unknown time'}; its lease runs until ${until}. Drive it from here?`
  if (!yes && desk.ask !== null && !(await desk.ask.confirm(question, stop))) {
    throw new Fault('interrupted', 'left it to its driver', {hints: [`scram resume ${shortId(run)}`]})
  }
  return holder
}

async function amendment(desk: Desk, run: string, events: readonly Recorded[], file: string): Promise<Loaded> {
  const [{openRunbookFile}, {lintWithCalled}, {checkAmendment}] = await Promise.all([
    import('../runbook/open-runbook.ts'),
    import('../runbook/lint.ts'),
    import('../runbook/amend.ts'),
  ])
  const {folder} = await desk.workspace()
  const loaded = await openRunbookFile(folder, file)
  refuseErrors({path: loaded.path, lint: await lintWithCalled(loaded, {actions: actionTable, names: await lintNames(desk, [loaded])})})
  const state = foldRun(run, events)
  if (state) checkAmendment(state, loaded.runbook, actionTable)
  return loaded
}
