import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Lease} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {shortId} from '../lib/ids.ts'
import {type DriveOptions, resumeRun as driveOn, type RunResult, startRun} from '../runbook/engine.ts'
import {findingLine} from '../runbook/finding.ts'
import {checkInputs, missingInput} from '../runbook/inputs.ts'
import {lintRunbook} from '../runbook/lint.ts'
import {openRunbook} from '../runbook/open-runbook.ts'
import type {RunNews} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {holdLease} from './hold-lease.ts'
import {lintNames} from './lint-names.ts'
import {meantIncident} from './meant-incident.ts'
import {runEvents, runPorts} from './run-ports.ts'
import {actionTable} from './table.ts'
import {whileWatching} from './watch-rods.ts'

export interface RunRunbook {
  readonly runbook: string
  readonly inputs: Readonly<Record<string, string>>
  /** Answers confirmations, and nothing else. */
  readonly yes: boolean
  /** Hash of the plan (or its beginning) that `--check` showed: anything else is refused. */
  readonly plan?: string | undefined
  tell(news: RunNews): void
}

export type Signals = Pick<DriveOptions, 'stop' | 'kill'>

/**
 * Runs a runbook on the current incident (or the one its `open` step opens) until it is done or parked. Lint errors, a
 * missing input and a rod it does not know stop it before anything is recorded.
 * @throws Fault runbook.not-found · runbook.invalid · usage.missing · usage.invalid · incident.several · run.busy; with a plan
 * file.not-found and guard.refused
 */
export async function runRunbook(desk: Desk, {runbook, inputs, yes, plan: wanted, tell}: RunRunbook, signals: Signals): Promise<RunResult> {
  const {folder} = await desk.workspace()
  if (folder === null)
    throw new Fault('runbook.not-found', `no runbook ${runbook}: no scram.yaml was found here or above`, {hints: ['--workspace DIR names the folder']})
  const loaded = await openRunbook(folder, runbook)
  const errors = (await lintRunbook(loaded, {actions: actionTable, names: await lintNames(desk)})).filter(({level}) => level === 'E')
  if (errors.length > 0) throw new Fault('runbook.invalid', `${loaded.path} cannot be run`, {hints: errors.slice(0, 20).map(findingLine)})
  const {values, missing} = checkInputs(loaded.runbook, inputs)
  if (missing.length > 0) throw missingInput(missing)
  const plan = wanted === undefined ? undefined : await (await import('./check-runbook.ts')).agreedPlan(desk, {runbook, inputs}, wanted, signals.stop)
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  const incident = (await meantIncident(desk, journal, board, 'maybe')) ?? desk.ids.incident(desk.clock.now())
  const run = desk.ids.run()
  return underLease(desk, run, async lease => {
    const ports = runPorts(desk, {run, incident, lease, tell})
    const mode = desk.ask === null || yes ? 'auto' : 'person'
    return whileWatching(desk, () =>
      startRun(ports, loaded, {run, inputs: values, mode, by: desk.actor.name, yes, ...(plan !== undefined && {plan}), ...signals}),
    )
  })
}

/** Goes on with a parked or cut-off run. Absent: the only one that waits. @throws Fault run.not-found · usage.ambiguous · run.busy */
export async function resumeRun(desk: Desk, part: string | undefined, {yes, tell}: Pick<RunRunbook, 'yes' | 'tell'>, signals: Signals): Promise<RunResult> {
  const {run, incident, events} = await findRun(desk, part)
  return underLease(desk, run, lease =>
    whileWatching(desk, () => driveOn(runPorts(desk, {run, incident, lease, tell}), events, {run, by: desk.actor.name, yes, ...signals})),
  )
}

/** The events of one run that has not ended. */
export async function findRun(desk: Desk, part: string | undefined): Promise<{run: string; incident: string; events: readonly Recorded[]}> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const all = Object.values(board.runs)
  const matches = part === undefined ? all : all.filter(({run}) => run.includes(part.toLowerCase()))
  const [only, another] = matches
  if (another)
    throw new Fault('usage.ambiguous', `${matches.length} runs wait; name one`, {
      hints: matches.map(({run, runbook}) => `scram resume ${shortId(run)}    # ${runbook}`),
    })
  if (!only) throw new Fault('run.not-found', part === undefined ? 'no run waits' : `no run that waits matches "${part}"`, {hints: ['scram status']})
  return {run: only.run, incident: only.incident ?? '', events: await runEvents(desk, only.run)}
}

/** One process drives a run; its lease is renewed while it does and let go when it parks. @throws Fault run.busy */
export async function underLease<T>(desk: Desk, run: string, work: (lease: Lease) => Promise<T>): Promise<T> {
  const hold = await holdLease(desk, `run/${run}`)
  if (!hold.held) throw new Fault('run.busy', `${hold.holder} drives run ${shortId(run)} until ${hold.until}`, {hints: ['wait for it, or end that process']})
  try {
    return await work(hold.lease)
  } finally {
    await hold.release()
    desk.notice(await (await desk.journal()).fold(boardProjection))
  }
}
