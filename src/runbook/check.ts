import type {CheckPorts} from './check-ports.ts'
import type {CheckedRow} from './check-row.ts'
import {checkList, outputsOf, topSight} from './check-walk.ts'
import {type Check, initialState} from './check-world.ts'
import {expressionsFor} from './drive.ts'
import {topFrame} from './frames.ts'
import type {JsonMap} from './ports.ts'
import {type Plan, planOf} from './run-plan.ts'
import type {Runbook} from './runbook.ts'

export type {CheckPorts} from './check-ports.ts'
export type {CheckedRow} from './check-row.ts'

export interface Checked {
  readonly rows: readonly CheckedRow[]
  /** What the run would answer with; what it only finds out then reads `‹steps.draft.path?›`. */
  readonly outputs: JsonMap
  /** What `scram abort` would look at, one line each. */
  readonly onAbort: readonly string[]
  /** What a run would fail at: `INSTANCE: message`. */
  readonly findings: readonly string[]
  readonly plan: Plan
}

/**
 * Walks a runbook as a run would and records nothing: what only looks is really asked, everything else is planned, each
 * step against the world as the steps before it would leave it. What cannot be told yet is unknown and stays in sight.
 * Ends also where nothing answers. @throws what the ports throw, the reason of `signal`
 */
export async function checkRunbook(ports: CheckPorts, runbook: Runbook, inputs: JsonMap, signal: AbortSignal): Promise<Checked> {
  const check: Check = {
    ports,
    runbook,
    expressionsOf: expressionsFor(ports.actions),
    state: initialState(runbook, inputs, ports.by, ports.clock.now()),
    unresolved: new Set(),
    readings: new Set(),
    hidden: new Map(),
    doubtful: new Set(),
    rows: [],
    signal,
  }
  const sight = topSight(topFrame(runbook, inputs))
  await checkList(check, sight)
  const {rows} = check
  return {
    rows,
    outputs: await outputsOf(check, sight, runbook.outputs),
    onAbort: runbook.onAbort.map(step => ports.actions.get(step.uses)?.describe(step.with) ?? step.uses),
    findings: rows.flatMap(({instance, title, finding}) => (finding === null ? [] : [`${instance || title}: ${finding}`])),
    plan: planOf(rows),
  }
}
