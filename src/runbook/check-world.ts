import {iso} from '../lib/clock.ts'
import type {CheckPorts} from './check-ports.ts'
import type {CheckedRow} from './check-row.ts'
import type {Drive} from './drive.ts'
import {evolveRun, type RunState} from './fold.ts'
import type {Frame} from './frames.ts'
import {attemptOf} from './identity.ts'
import type {JsonMap} from './ports.ts'
import type {Runbook} from './runbook.ts'

/** What a check has found out so far. The run state is folded as a run's would be, from steps whose result is known. */
export interface Check {
  readonly ports: CheckPorts
  readonly runbook: Runbook
  readonly expressionsOf: Drive['expressionsOf']
  state: RunState
  /** Instances whose result only a run can tell. */
  readonly unresolved: Set<string>
  /** Instances whose result is what a probe shows, or would: it may be another by the time of the run. */
  readonly readings: Set<string>
  /** Outputs of a step with a known result that are made only when it runs: instance → names. */
  readonly hidden: Map<string, readonly string[]>
  /** Facts that a step changes which may or may not run: `incident.status`, `rods.inserted`. */
  readonly doubtful: Set<string>
  readonly rows: CheckedRow[]
  readonly signal: AbortSignal
}

/** From where in the runbook one looks. */
export interface Sight {
  readonly frame: Frame
  /** Every `if` around it is known to hold. */
  readonly isSure: boolean
  readonly depth: number
  /** Names besides steps and facts that have no value here: `item`, `inputs.release`. */
  readonly unknown: ReadonlySet<string>
  /** Of these names the value is a reading. */
  readonly volatile: ReadonlySet<string>
}

export function initialState(runbook: Runbook, inputs: JsonMap, by: string, now: number): RunState {
  const texts = {run: '', runbook: runbook.id, title: runbook.title, text: '', sha256: '', path: '', called: {}}
  const nothing = {steps: {}, conditions: {}, loops: {}, calls: {}, approvals: {}, due: {}, parked: null, ended: null}
  return {...texts, inputs, mode: 'person', from: null, incident: null, by, driver: by, startedAt: iso(now), ...nothing}
}

/** The step's result is known: expressions after it see it. */
export function finished(check: Check, instance: string, outputs: JsonMap): void {
  const at = iso(check.ports.clock.now())
  check.unresolved.delete(instance)
  check.state = evolveRun(check.state, {kind: 'step.finished', data: {run: '', step: attemptOf(instance, 1), ms: 0, outputs}, at})
}

/** Nor does it run: `outcome` is then all that is seen of it. */
export function skipped(check: Check, instance: string, reason: 'if' | 'already-open'): void {
  check.unresolved.delete(instance)
  check.state = evolveRun(check.state, {kind: 'step.skipped', data: {run: '', step: instance, reason}, at: iso(check.ports.clock.now())})
}

/** Whether anything at or below this instance waits for the run to tell. */
export function isOpen({unresolved}: Check, instance: string): boolean {
  return unresolved.has(instance) || [...unresolved].some(other => other.startsWith(`${instance}/`) || other.startsWith(`${instance}[`))
}
