import type {Draft} from '../incident/events.ts'
import {defined} from '../lib/defined.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {RunState, StepState} from './fold.ts'
import {approveTimer, attemptOf, isPartOf} from './identity.ts'
import {doneDrafts, type ManualSent, takeAnswer} from './manual-answer.ts'
import type {OutputType} from './ports.ts'

/**
 * Answers given by another command while nobody drives the run: events, nothing else. Loads neither YAML nor CEL; the
 * run itself goes on with `resumeRun`.
 */
export interface AnswerOptions {
  /** Any unique part of an instance; absent: the one step that waits. */
  readonly step?: string | undefined
  readonly by: string
  readonly why?: string | undefined
  /** A living process drives the run: what is in flight is its business. */
  readonly isDriven?: boolean
}

export interface DoneOptions extends AnswerOptions {
  readonly outputs?: Readonly<Record<string, string>> | undefined
  readonly evidence?: string | undefined
  /** Outputs of a step and their types; wanted where an unknown step is said to have happened, with outputs. */
  readonly declares?: (instance: string) => Readonly<Record<string, OutputType>>
}

/** A manual step was done, or an unknown one did happen. @throws Fault guard.refused · usage.ambiguous · usage.missing · usage.invalid */
export function answerDone(state: RunState, {step, by, why, outputs = {}, evidence, declares, isDriven = false}: DoneOptions): readonly Draft[] {
  const {instance, seen} = waiting(state, step, ['manual', 'unknown'], 'done', isDriven)
  const {run} = state
  if (seen === null) throw notWaiting(instance, 'done')
  const at = attemptOf(instance, seen.attempt)
  if (seen.kind === 'manual') {
    const taken = takeAnswer(seen.sent as unknown as ManualSent, defined({outputs, evidence})) // recorded by `renderStep` in this shape
    if (!taken.ok) throw new Fault('usage.missing', `${instance} ${taken.problem}`)
    return doneDrafts(run, at, taken.outputs, {by, ...defined({evidence, why})})
  }
  // Nobody has to know what came out; what is said is one of its outputs, in its type.
  const said = Object.entries(declares?.(instance) ?? {}).filter(([name]) => Object.hasOwn(outputs, name))
  const taken = takeAnswer({text: '', evidence: 'optional', outputs: Object.fromEntries(said)}, {outputs})
  if (!taken.ok) throw new Fault('usage.invalid', `${instance}: ${taken.problem}`)
  const known = Object.keys(taken.outputs).length > 0 ? {outputs: taken.outputs} : {}
  const settled: Draft = {kind: 'step.settled', data: {run, step: at, by: 'person', as: 'finished', ...known, ...defined({evidence: evidence ?? why})}}
  return [...diedFirst(state, seen, at), settled]
}

/** The step shall not be done. @throws Fault guard.refused · usage.ambiguous */
export function answerSkip(state: RunState, {step, why, isDriven = false}: AnswerOptions): readonly Draft[] {
  const {instance} = waiting(state, step, ['manual', 'unknown', 'failed', 'confirm', 'approve'], 'skip', isDriven)
  return [{kind: 'step.skipped', data: {run: state.run, step: instance, reason: 'operator', ...defined({why})}}]
}

/** A failed or unknown step shall be tried again, with what was sent. @throws Fault guard.refused · usage.ambiguous */
export function answerRetry(state: RunState, {step, by, why, isDriven = false}: AnswerOptions): readonly Draft[] {
  const {instance, seen} = waiting(state, step, ['unknown', 'failed'], 'retry', isDriven)
  const {run} = state
  if (seen === null) throw notWaiting(instance, 'retry')
  const at = attemptOf(instance, seen.attempt)
  if (seen.status === 'failed') return [{kind: 'decision.recorded', data: {run, step: at, of: 'failure', value: 'again', by, ...defined({why})}}]
  return [...diedFirst(state, seen, at), {kind: 'step.settled', data: {run, step: at, by: 'person', as: 'rerun', ...defined({evidence: why})}}]
}

type Seen = StepState
type Waiting = 'manual' | 'unknown' | 'failed' | 'confirm' | 'approve'

/** Its driver died and nobody resumed yet: the record says so before it says how that was settled. */
function diedFirst({run}: RunState, seen: Seen, at: string): readonly Draft[] {
  return seen.status === 'started' ? [{kind: 'step.unknown', data: {run, step: at, reason: 'died'}}] : []
}

function waiting(
  state: RunState,
  part: string | undefined,
  of: readonly Waiting[],
  verb: string,
  isDriven: boolean,
): {readonly instance: string; readonly seen: Seen | null} {
  if (state.ended) throw new Fault('guard.refused', `run ${state.run} has ended: ${state.ended.outcome}`)
  const all = waits(state, isDriven)
  const named = part === undefined ? all : all.filter(({instance}) => isPartOf(part, instance))
  const exact = named.filter(({instance}) => instance === part)
  const fitting = (exact.length > 0 ? exact : named).filter(({what}) => of.includes(what))
  const [only, second] = fitting
  if (!only) throw notWaiting(part ?? named[0]?.instance ?? 'no step', verb, all)
  if (second) {
    throw new Fault('usage.ambiguous', `several steps wait: ${fitting.map(({instance}) => instance).join(', ')}`, {
      hints: fitting.map(({instance}) => `scram ${verb} ${shellQuote(instance)}`),
    })
  }
  return only
}

function waits(state: RunState, isDriven: boolean): readonly {readonly instance: string; readonly what: Waiting; readonly seen: Seen | null}[] {
  const found: {instance: string; what: Waiting; seen: Seen | null}[] = []
  for (const [instance, seen] of Object.entries(state.steps)) {
    if (seen.status === 'started' && seen.kind === 'manual') found.push({instance, what: 'manual', seen})
    else if (seen.status === 'unknown' || (seen.status === 'started' && !isDriven && seen.kind !== 'wait' && seen.kind !== 'wait_until'))
      found.push({instance, what: 'unknown', seen})
    else if (seen.status === 'failed' && !seen.handled) found.push({instance, what: 'failed', seen})
  }
  const {parked} = state
  if (parked?.reason === 'confirm' && parked.step !== undefined) found.push({instance: parked.step, what: 'confirm', seen: null})
  for (const instance of waitForApproval(state)) found.push({instance, what: 'approve', seen: null})
  return found
}

/** Steps that were asked to wait for somebody else's yes and were not begun. */
export function waitForApproval({run, due, steps}: RunState): readonly string[] {
  // One whose values failed before anything was sent is asked about again, too, and one that was taken back.
  const isWaiting = (seen: StepState | undefined) => seen === undefined || (seen.status === 'again' && (seen.sent === null || seen.isRedone))
  return Object.entries(due).flatMap(([instance, {timer}]) =>
    timer === approveTimer(run, instance, steps[instance]?.round) && isWaiting(steps[instance]) ? [instance] : [],
  )
}

function notWaiting(step: string, verb: string, waiting: readonly {readonly instance: string; readonly what: Waiting}[] = []): Fault {
  const others = waiting.map(({instance, what}) => `${instance} (${what})`).join(', ')
  return new Fault('guard.refused', `${step} does not wait for \`scram ${verb}\`${others === '' ? '' : `; what waits: ${others}`}`, {hints: ['scram status']})
}
