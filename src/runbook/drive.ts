import type {Draft, EventData} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import {ExpressionError, type Expressions} from './expressions.ts'
import type {Ledger} from './ledger.ts'
import type {JsonMap, RunPorts} from './ports.ts'
import type {Evaluate} from './render.ts'
import type {Runbook, WaitUntilStep} from './runbook.ts'
import {celOutputs, valuesOf} from './scope.ts'
import {isTemplated, parseTemplate} from './template.ts'

/** What every part of a run in progress works with. */
export interface Drive {
  readonly ports: RunPorts
  readonly runbook: Runbook
  readonly expressions: Expressions
  readonly ledger: Ledger
  /** Answers confirms, and nothing else. */
  readonly yes: boolean
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
}

/** One turn either recorded something (look at the state again) or parks the run. */
export type Turn = Parked | null

export function decision(drive: Drive, step: string, of: EventData['decision.recorded']['of'], value: Json, more: {by?: string; why?: string} = {}): Draft {
  return {kind: 'decision.recorded', data: {run: drive.ledger.state().run, step, of, value, ...more}}
}

/** Values are taken once, now; facts are read only when one of the sources mentions them. */
export async function evaluator(drive: Drive, sources: readonly string[]): Promise<Evaluate> {
  const {ports, runbook, expressions, ledger} = drive
  const named = new Set(sources.flatMap(source => [...expressions.names(source)]))
  const facts = named.has('incident') || named.has('rods') ? await ports.state() : null
  const values = valuesOf({runbook, actions: ports.actions, expressions, state: ledger.state(), facts, now: ports.clock.now()})
  return source => expressions.evaluate(source, values)
}

/** The condition of a `wait_until` over one look; what cannot be evaluated does not hold. */
export async function evaluatorOver(
  drive: Drive,
  {until, probe}: WaitUntilStep,
  outputs: JsonMap,
): Promise<{readonly holds: boolean; readonly problem?: string}> {
  const {ports, runbook, expressions, ledger} = drive
  const types = ports.actions.get(probe.uses)?.outputs ?? {}
  const named = expressions.names(until)
  const facts = named.has('incident') || named.has('rods') ? await ports.state() : null
  const values = valuesOf({runbook, actions: ports.actions, expressions, state: ledger.state(), facts, now: ports.clock.now()})
  try {
    return {holds: expressions.evaluate(until, {...values, result: celOutputs(types, outputs)}, types) === true}
  } catch (error) {
    if (error instanceof ExpressionError) return {holds: false, problem: error.message}
    throw error
  }
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
