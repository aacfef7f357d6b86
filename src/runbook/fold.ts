import type {EventData, Recorded, RunEvent, ScramEvent, StepEffect, StepKind} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import {instanceOf} from './identity.ts'
import type {JsonMap} from './ports.ts'
import type {ResumePolicy} from './runbook.ts'

/** What is known of a step that was begun, whatever became of it. */
export interface Begun {
  /** The last attempt, from 1. */
  readonly attempt: number
  readonly startedAt: string
  readonly kind: StepKind
  readonly uses: string | null
  readonly effect: StepEffect
  readonly resume: ResumePolicy
  /** As sent the first time; every further attempt sends this. Null: it failed before it was rendered. */
  readonly sent: Json | null
  readonly title: string
  /** Since the last answer of a person: attempts that failed, and attempts whose end nobody saw. */
  readonly failures: number
  readonly unknowns: number
}

export type StepState =
  | ({readonly status: 'started'} & Begun)
  /** `again`: an attempt shall be made, with what was sent. */
  | ({readonly status: 'again'} & Begun)
  | ({readonly status: 'unknown'; readonly reason: string} & Begun)
  | ({readonly status: 'failed'; readonly code: string; readonly message: string; readonly retryable: boolean; readonly handled: boolean} & Begun)
  | {readonly status: 'finished'; readonly outputs: JsonMap}
  | {readonly status: 'skipped'; readonly reason: string}

export interface RunState {
  readonly run: string
  readonly runbook: string
  readonly title: string
  readonly text: string
  readonly sha256: string
  readonly path: string
  readonly inputs: JsonMap
  readonly mode: 'person' | 'auto'
  readonly incident: string | null
  readonly by: string
  readonly startedAt: string
  readonly steps: Readonly<Record<string, StepState>>
  /** Results of `if`, by instance of the step or group. */
  readonly conditions: Readonly<Record<string, boolean>>
  /** Due times of waits, by instance. */
  readonly due: Readonly<Record<string, {readonly timer: string; readonly due: string}>>
  readonly parked: EventData['run.parked'] | null
  readonly ended: EventData['run.finished'] | null
}

type StepDraft = Pick<Recorded, 'at'> & Extract<RunEvent, {data: {step: string}}>

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
  const {run, runbook, title, text, sha256, path, inputs, mode} = data
  const empty = {steps: {}, conditions: {}, due: {}, parked: null, ended: null}
  return {run, runbook, title, text, sha256, path, inputs, mode, incident, by: actor.name, startedAt: at, ...empty}
}

/** One event more. Takes what is not recorded yet, too (kind, data and time are enough): an outcome waiting to be fused. */
export function evolveRun(state: RunState, event: ScramEvent & {readonly at: string}): RunState {
  if (!('run' in event.data) || event.data.run !== state.run) return state
  switch (event.kind) {
    case 'run.parked':
      return {...state, parked: event.data}
    case 'run.resumed':
    case 'run.taken':
      return {...state, parked: null}
    case 'run.amended':
      return {...state, text: event.data.text, sha256: event.data.sha256}
    case 'run.finished':
      return {...state, parked: null, ended: event.data}
    case 'timer.set':
      return event.data.step === undefined ? state : {...state, due: {...state.due, [event.data.step]: {timer: event.data.timer, due: event.data.due}}}
    case 'decision.recorded':
      return decided(state, event.data)
    case 'step.started':
    case 'step.finished':
    case 'step.failed':
    case 'step.skipped':
    case 'step.unknown':
    case 'step.settled': {
      const {instance, attempt} = instanceOf(event.data.step)
      const next = evolveStep(state.steps[instance], event, attempt)
      return {...state, steps: {...state.steps, [instance]: next}}
    }
    default:
      return state
  }
}

function decided(state: RunState, {of, step, value}: EventData['decision.recorded']): RunState {
  const {instance} = instanceOf(step)
  if (of === 'if') return {...state, conditions: {...state.conditions, [instance]: value === true}}
  const seen = state.steps[instance]
  if (of !== 'failure' || value !== 'again' || seen?.status !== 'failed') return state
  return {...state, steps: {...state.steps, [instance]: {...begun(seen), status: 'again', failures: 0, unknowns: 0}}}
}

function evolveStep(seen: StepState | undefined, event: StepDraft, attempt: number): StepState {
  const before = seen && 'attempt' in seen ? begun(seen) : unseen(event.at)
  switch (event.kind) {
    case 'step.started': {
      const {kind, uses = null, effect, resume, sent = null, title} = event.data
      return {...before, status: 'started', attempt, startedAt: event.at, kind, uses, effect, resume, sent, title}
    }
    case 'step.finished':
      return {status: 'finished', outputs: event.data.outputs ?? {}}
    case 'step.failed': {
      const {code, message, retryable = false, handled = false} = event.data
      return {...before, status: 'failed', attempt, failures: before.failures + 1, code, message, retryable, handled}
    }
    case 'step.skipped':
      return {status: 'skipped', reason: event.data.reason}
    case 'step.unknown':
      return {...before, status: 'unknown', attempt, unknowns: before.unknowns + 1, reason: event.data.reason}
    case 'step.settled':
      return settled(before, event.data)
    case 'decision.recorded':
      return seen ?? {...before, status: 'again'}
    default:
      event satisfies never
      return seen ?? {...before, status: 'again'}
  }
}

function settled(before: Begun, {by, as, outputs = {}, evidence = ''}: EventData['step.settled']): StepState {
  if (as === 'finished') return {status: 'finished', outputs}
  if (as === 'skipped') return {status: 'skipped', reason: 'operator'}
  if (as === 'failed') return {...before, status: 'failed', code: 'step.settled', message: evidence || 'it did not happen', retryable: false, handled: false}
  return by === 'person' ? {...before, status: 'again', failures: 0, unknowns: 0} : {...before, status: 'again'}
}

function begun({attempt, startedAt, kind, uses, effect, resume, sent, title, failures, unknowns}: Begun): Begun {
  return {attempt, startedAt, kind, uses, effect, resume, sent, title, failures, unknowns}
}

function unseen(at: string): Begun {
  return {attempt: 0, startedAt: at, kind: 'uses', uses: null, effect: 'unsafe', resume: 'ask', sent: null, title: '', failures: 0, unknowns: 0}
}

/** How many steps ended how; `run.finished` carries it. */
export function countsOf({steps}: RunState): Readonly<Record<'finished' | 'failed' | 'skipped', number>> {
  const counts = {finished: 0, failed: 0, skipped: 0}
  for (const {status} of Object.values(steps)) if (status === 'finished' || status === 'failed' || status === 'skipped') counts[status]++
  return counts
}
