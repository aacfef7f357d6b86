import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {shortId} from '../lib/ids.ts'
import {type DriveOptions, type RunResult, startRun} from '../runbook/engine.ts'
import type {Opened} from '../runbook/load.ts'
import type {RunNews} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {meantIncident} from './meant-incident.ts'
import {refuseWithoutIncident} from './needs-incident.ts'
import {openLinted, refuseErrors} from './open-linted.ts'
import {inputsOf} from './run-inputs.ts'
import {underLease} from './run-lease.ts'
import {runEvents, runPorts} from './run-ports.ts'
import {workspaceOfRun} from './run-workspace.ts'
import {actionTable} from './table.ts'
import {whileWatching} from './watch-rods.ts'

export interface RunRunbook {
  readonly runbook: string
  readonly inputs: Readonly<Record<string, string>>
  /** Answers confirmations, and nothing else. */
  readonly yes: boolean
  /** Asks before each step. */
  readonly stepwise?: boolean
  /** Instance, or a part of one, before which everything is left out. */
  readonly from?: string | undefined
  /** Hash of the plan (or its beginning) that `--check` showed: anything else is refused. */
  readonly plan?: string | undefined
  tell(news: RunNews): void
}

export type Signals = Pick<DriveOptions, 'stop' | 'kill'>

/**
 * Runs a runbook on the current incident (or the one its `open` step opens) until it is done or parked. Lint errors, a
 * missing input and a rod it does not know stop it before anything is recorded.
 * @throws Fault runbook.not-found · runbook.invalid · usage.missing · usage.invalid · usage.terminal · incident.several · incident.not-found
 * (none is open, and it opens none) · run.busy; with
 * a plan file.not-found and guard.refused
 */
export async function runRunbook(desk: Desk, input: RunRunbook, signals: Signals): Promise<RunResult> {
  const {yes, stepwise = false, tell} = input
  if (stepwise && desk.ask === null) throw new Fault('usage.terminal', '--step asks before each step, and here is nobody to ask')
  const loaded = await runnable(desk, input.runbook)
  const plan = input.plan === undefined ? undefined : await (await import('./check-runbook.ts')).agreedPlan(desk, input, input.plan, signals.stop)
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  const current = await meantIncident(desk, journal, board, 'maybe')
  const from = input.from === undefined ? undefined : (await import('../runbook/start-from.ts')).startFrom(loaded.runbook, actionTable, input.from)
  if (current === null) refuseWithoutIncident(loaded.runbook, actionTable, from)
  const incident = current ?? desk.ids.incident(desk.clock.now())
  const run = desk.ids.run()
  const inputs = await inputsOf(desk, loaded.runbook, input.inputs, {incident, run}, signals.stop)
  return underLease(desk, run, async lease => {
    const ports = runPorts(desk, {run, incident, lease, tell, stop: signals.stop})
    const mode = desk.ask === null || yes ? 'auto' : 'person'
    const options = {
      run,
      inputs,
      mode,
      by: desk.actor.name,
      yes,
      stepwise,
      ...signals,
      ...(await workspaceOfRun(desk)),
      ...(from !== undefined && {from}),
      ...(plan !== undefined && {plan}),
    } as const
    return whileWatching(desk, () => startRun(ports, loaded, options))
  })
}

/** A runbook of the workspace without an error. @throws Fault runbook.not-found · runbook.invalid */
export async function runnable(desk: Desk, runbook: string): Promise<Opened> {
  const linted = await openLinted(desk, runbook)
  refuseErrors(linted)
  return linted.opened
}

/** The events of one run that has not ended. */
export async function findRun(desk: Desk, part: string | undefined): Promise<{run: string; incident: string; events: readonly Recorded[]}> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const all = Object.values(board.runs)
  const matches = part === undefined ? all.filter(({origin}) => origin === journal.origin) : all.filter(({run}) => run.includes(part.toLowerCase()))
  const [only, another] = matches
  if (another)
    throw new Fault('usage.ambiguous', `${matches.length} runs wait; name one`, {
      hints: matches.map(({run, runbook}) => `scram resume ${shortId(run)}    # ${runbook}`),
    })
  if (!only) throw new Fault('run.not-found', part === undefined ? 'no run waits' : `no run that waits matches "${part}"`, {hints: ['scram status']})
  return {run: only.run, incident: only.incident ?? '', events: await runEvents(desk, only.run)}
}

/** `findRun`, for who drives it or answers for its driver: its lease is kept where it was begun. @throws Fault as above · guard.refused */
export async function findOwnRun(desk: Desk, part: string | undefined): ReturnType<typeof findRun> {
  const found = await findRun(desk, part)
  const {origin} = await desk.journal()
  const begun = found.events.find(({kind}) => kind === 'run.started')
  if (begun === undefined || begun.origin === origin) return found
  const id = shortId(found.run)
  throw new Fault('guard.refused', `run ${id} was begun on another machine (${begun.actor.name} on ${begun.origin.slice(0, 8)}), and only that one drives it`, {
    hints: [`scram resume ${id}    # there`, 'scram run RUNBOOK --from STEP    # here: another run, which leaves out what comes before'],
  })
}
