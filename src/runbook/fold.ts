import type {EventData, Recorded, RunEvent, ScramEvent} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import {evolveStep} from './fold-step.ts'
import {instanceOf, UNDO} from './identity.ts'
import type {JsonMap} from './ports.ts'
import type {StepState} from './step-state.ts'

export type {Begun, StepState} from './step-state.ts'

export interface RunState {
  readonly run: string
  readonly runbook: string
  readonly title: string
  readonly text: string
  readonly sha256: string
  readonly path: string
  /** Texts of called runbooks, by id. */
  readonly called: Readonly<Record<string, {readonly text: string; readonly path: string}>>
  readonly inputs: JsonMap
  readonly mode: 'person' | 'auto'
  /** Everything before this instance was to be skipped. */
  readonly from: string | null
  readonly incident: string | null
  readonly by: string
  /** Who drives it now, or did last: no approver of their own steps. */
  readonly driver: string
  readonly startedAt: string
  readonly steps: Readonly<Record<string, StepState>>
  /** Results of `if`, by instance of the step or group. */
  readonly conditions: Readonly<Record<string, boolean>>
  /** What a loop goes over, and what a call was given, by instance. */
  readonly loops: Readonly<Record<string, readonly Json[]>>
  readonly calls: Readonly<Record<string, JsonMap>>
  /** Who approved a step; `override`: the driver went on without. */
  readonly approvals: Readonly<Record<string, readonly Approval[]>>
  /** Due times of waits and approvals, by instance. */
  readonly due: Readonly<Record<string, {readonly timer: string; readonly due: string}>>
  readonly parked: EventData['run.parked'] | null
  readonly ended: EventData['run.finished'] | null
}

export interface Approval {
  readonly by: string
  readonly role: string | null
  readonly isOverride: boolean
}

type Mutable<T> = {-readonly [K in keyof T]: T[K] extends Readonly<Record<string, infer V>> ? Record<string, V> : T[K]}

/**
 * What the events of one run, in record order, fold to; null: there is no `run.started` among them. Total: events of
 * other runs and other families are passed over.
 */
export function foldRun(run: string, events: readonly Recorded[]): RunState | null {
  let state: RunState | null = null
  for (const event of events) {
    if (event.kind === 'run.started' && event.data.run === run) state ??= begin(event)
    else if (state) state = evolveRun(state, event)
  }
  return state
}

function begin({data, at, actor, incident}: Recorded<Extract<RunEvent, {kind: 'run.started'}>>): RunState {
  const {run, runbook, title, text, sha256, path, inputs, mode, called = {}, from = null} = data
  const empty = {steps: {}, conditions: {}, loops: {}, calls: {}, approvals: {}, due: {}, parked: null, ended: null}
  return {run, runbook, title, text, sha256, path, called, inputs, mode, from, incident, by: actor.name, driver: actor.name, startedAt: at, ...empty}
}

/**
 * One event more. The state handed in is used up: a run of a thousand steps would otherwise copy a thousand entries at
 * each. Takes what is not recorded yet, too (kind, data and time are enough): an outcome waiting to be fused.
 */
export function evolveRun(given: RunState, event: ScramEvent & {readonly at: string}): RunState {
  if (!('run' in event.data) || event.data.run !== given.run) return given
  const state = given as Mutable<RunState>
  switch (event.kind) {
    case 'run.parked':
      state.parked = event.data
      break
    case 'run.resumed':
    case 'run.taken':
      state.parked = null
      state.driver = event.data.by
      break
    case 'run.amended':
      state.text = event.data.text
      state.sha256 = event.data.sha256
      state.called = event.data.called ?? {}
      break
    case 'run.finished':
      state.parked = null
      state.ended = event.data
      break
    case 'timer.set':
      if (event.data.step !== undefined) state.due[event.data.step] = {timer: event.data.timer, due: event.data.due}
      break
    case 'decision.recorded':
      decided(state, event)
      break
    case 'step.started':
    case 'step.finished':
    case 'step.failed':
    case 'step.skipped':
    case 'step.unknown':
    case 'step.settled':
      evolve(state, event)
      break
    default:
  }
  return state
}

function evolve(state: Mutable<RunState>, event: Parameters<typeof evolveStep>[1]): void {
  const {instance, attempt} = instanceOf(event.data.step)
  const before = state.steps[instance]
  const next = evolveStep(before, event, attempt)
  if (next === before) return
  state.steps[instance] = next
  if (next.status === 'finished' && instance.endsWith(UNDO)) markUndone(state, instance.slice(0, -UNDO.length))
}

/** An undo that ended belongs to the one failure that is being unwound now. */
function markUndone(state: Mutable<RunState>, instance: string): void {
  const seen = state.steps[instance]
  const cause = Object.entries(state.steps).find(([, {status, ...rest}]) => status === 'failed' && 'undo' in rest && rest.undo !== null && !rest.isUndone)
  if (seen && cause) state.steps[instance] = {...seen, undoneFor: cause[0]}
}

function decided(state: Mutable<RunState>, event: Extract<RunEvent, {kind: 'decision.recorded'}> & {readonly at: string}): void {
  const {of, step, value, by = ''} = event.data
  const {instance} = instanceOf(step)
  switch (of) {
    case 'if':
      state.conditions[instance] = value === true
      break
    case 'for_each':
      state.loops[instance] = Array.isArray(value) ? value : []
      break
    case 'call':
      state.calls[instance] = (value ?? {}) as JsonMap // recorded by `driveCall` as a map
      break
    case 'approve': {
      const {role = null, override = false} = (value ?? {}) as {role?: string | null; override?: boolean} // as `approve.ts` and `answers.ts` record it
      state.approvals[instance] = [...(state.approvals[instance] ?? []), {by, role, isOverride: override}]
      break
    }
    case 'failure': {
      const isOpen = state.steps[instance]?.status === 'failed'
      evolve(state, event)
      // What was undone is done anew together with the step that asks for it, not left out.
      if (isOpen && value === 'again') redo(state, instance)
      break
    }
    default:
  }
}

function redo(state: Mutable<RunState>, instance: string): void {
  for (const [other, seen] of Object.entries(state.steps)) {
    if (seen.undoneFor !== instance) continue
    state.steps[other] = {...seen, status: 'again', isRedone: true, outputs: {}, undoneFor: null, round: seen.round + 1, failures: 0, unknowns: 0}
    // Whatever was said yes to has been taken back since.
    for (const asked of [other, other + UNDO]) if (state.approvals[asked]) state.approvals[asked] = []
    reopen(state, other)
    const undo = state.steps[other + UNDO]
    if (undo) state.steps[other + UNDO] = {...undo, status: 'again', isRedone: true, outputs: {}, round: undo.round + 1, failures: 0, unknowns: 0}
  }
}

/** The calls around a step that is done anew are not over either. */
function reopen(state: Mutable<RunState>, instance: string): void {
  for (const call of Object.keys(state.calls)) {
    const seen = state.steps[call]
    if (seen && instance.startsWith(`${call}/`)) state.steps[call] = {...seen, status: 'again'}
  }
}

/** How many steps ended how; `run.finished` carries it. */
export function countsOf({steps}: RunState): Readonly<Record<'finished' | 'failed' | 'skipped', number>> {
  const counts = {finished: 0, failed: 0, skipped: 0}
  for (const {status} of Object.values(steps)) if (status === 'finished' || status === 'failed' || status === 'skipped') counts[status]++
  return counts
}
