import type {Draft, EventData} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import {ExpressionError, type Expressions, openExpressions} from './expressions.ts'
import type {RunState} from './fold.ts'
import type {Frame, Live} from './frames.ts'
import type {Ledger} from './ledger.ts'
import type {ActionTable, JsonMap, OutputType, RunPorts} from './ports.ts'
import type {Evaluate} from './render.ts'
import type {Retry, Runbook, Step} from './runbook.ts'
import {celOutputs, valuesOf} from './scope.ts'
import {isTemplated, parseTemplate} from './template.ts'

/** What every part of a run in progress works with. */
export interface Drive {
  readonly ports: RunPorts
  readonly runbook: Runbook
  /** Of the runbook and of each it calls. */
  expressionsOf(runbook: Runbook): Expressions
  readonly ledger: Ledger
  /** Answers confirms, and nothing else. */
  readonly yes: boolean
  /** Asks before each step. */
  readonly stepwise: boolean
  /** A branch of a `parallel`: whoever would ask or undo waits until the others have ended. */
  readonly isBranch: boolean
  /** Who drives: written into decisions. */
  readonly by: string
  /** First Ctrl-C: finish this step and park; waits and questions end at once. */
  readonly stop: AbortSignal
  /** Second Ctrl-C: end the step in flight, too. */
  readonly kill: AbortSignal
  /** Lines of `follow`: what did not reach the outside. */
  readonly undelivered: string[]
}

/** Why a run stands still, and what moves it on. */
export interface Parked {
  readonly step: string
  readonly reason: EventData['run.parked']['reason']
  readonly needs: string
  readonly answers: readonly string[]
  readonly exit: 1 | 4 | 130
  readonly approval?: EventData['run.parked']['approval']
}

/** `rewind`: earlier steps were undone and shall be done anew, so the walk begins again at the top. */
export type Halt = Parked | 'rewind'
/** One turn either recorded something (look at the state again) or parks the run. */
export type Turn = Parked | null

/** `walk.ts`, handed to what it calls: a list inside a loop or a call. */
export type DriveList = (drive: Drive, frame: Frame) => Promise<Halt | null>

/** A step, group or call at its place in the run. */
export type Standing = Pick<Live, 'instance' | 'name' | 'frame'>

export function expressionsFor(actions: ActionTable): Drive['expressionsOf'] {
  const opened = new Map<Runbook, Expressions>()
  return runbook => {
    const found = opened.get(runbook) ?? openExpressions(runbook, actions)
    opened.set(runbook, found)
    return found
  }
}

export function decision(drive: Drive, step: string, of: EventData['decision.recorded']['of'], value: Json, more: {by?: string; why?: string} = {}): Draft {
  return {kind: 'decision.recorded', data: {run: drive.ledger.state().run, step, of, value, ...more}}
}

/** Values are taken once, now; facts are read only when one of the sources mentions them. */
export async function evaluator(drive: Drive, frame: Frame, sources: readonly string[]): Promise<Evaluate> {
  const expressions = drive.expressionsOf(frame.runbook)
  const values = await valuesNow(drive, frame, expressions, sources)
  return source => expressions.evaluate(source, values, {list: frame.list})
}

/** A condition over one look of a probe; what cannot be evaluated does not hold. */
export async function judge(
  drive: Drive,
  frame: Frame,
  {source, uses, outputs}: {readonly source: string; readonly uses: string; readonly outputs: JsonMap},
): Promise<{readonly holds: boolean; readonly problem?: string}> {
  const expressions = drive.expressionsOf(frame.runbook)
  const result: Readonly<Record<string, OutputType>> = drive.ports.actions.get(uses)?.outputs ?? {}
  const values = await valuesNow(drive, frame, expressions, [source])
  try {
    return {holds: expressions.evaluate(source, {...values, result: celOutputs(result, outputs)}, {list: frame.list, result}) === true}
  } catch (error) {
    if (error instanceof ExpressionError) return {holds: false, problem: error.message}
    throw error
  }
}

async function valuesNow({ports, ledger}: Drive, frame: Frame, expressions: Expressions, sources: readonly string[]) {
  const named = new Set(sources.flatMap(source => [...expressions.names(source)]))
  const facts = named.has('incident') || named.has('rods') ? await ports.state() : null
  return valuesOf({frame, actions: ports.actions, expressions, state: ledger.state(), facts, now: ports.clock.now(), named})
}

/** The expressions inside the templates of a value. */
export function sourcesIn(value: Json): readonly string[] {
  if (typeof value === 'string') return isTemplated(value) ? parseTemplate(value).parts.flatMap(part => ('expression' in part ? [part.expression] : [])) : []
  if (typeof value !== 'object' || value === null) return []
  return (Array.isArray(value) ? value : Object.values(value)).flatMap((item: Json) => sourcesIn(item))
}

export function isInterrupted(drive: Drive): boolean {
  return drive.stop.aborted || drive.kill.aborted
}

export function isSettled({steps}: RunState, instance: string): boolean {
  const seen = steps[instance]
  return seen?.status === 'finished' || seen?.status === 'skipped' || (seen?.status === 'failed' && seen.handled)
}

/** Only what may be repeated unasked: lint refuses `retry` on an unsafe step, a default simply does not reach it. */
export function retryOf(step: Step): Retry | null {
  if (step.kind === 'uses') return step.retry
  return step.kind === 'run' && step.effect === 'idempotent' ? step.retry : null
}
