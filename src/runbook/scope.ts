import type {Context} from '@marcbachmann/cel-js'
import type {Json} from '../lib/canonical.ts'
import {parseDuration} from '../lib/durations.ts'
import type {Expressions} from './expressions.ts'
import type {RunState} from './fold.ts'
import type {ActionTable, Facts, JsonMap, OutputType} from './ports.ts'
import type {InputType, Runbook} from './runbook.ts'
import {outputsOf} from './step-outputs.ts'

/** Longer lists stay in the record and out of expressions: a macro walks them, twice nested. */
const LONGEST_LIST = 200

export interface Surroundings {
  readonly runbook: Runbook
  readonly actions: ActionTable
  readonly expressions: Expressions
  readonly state: RunState
  readonly facts: Facts | null
  readonly now: number
}

/** The values of every declared name. What is absent here is an error in an expression, never null. */
export function valuesOf({runbook, actions, expressions, state, facts, now}: Surroundings): Context {
  const inputs: Context = {}
  for (const [id, {type}] of Object.entries(runbook.inputs)) {
    const value = state.inputs[id]
    if (value !== undefined) inputs[id] = celInput(type, value, expressions)
  }
  const steps: Context = {}
  for (const step of runbook.steps) {
    const seen = state.steps[step.instance]
    if (seen?.status === 'finished') steps[step.id] = {...celOutputs(outputsOf(step, actions), seen.outputs), outcome: 'finished'}
    else if (seen?.status === 'skipped' || seen?.status === 'failed') steps[step.id] = {outcome: seen.status}
  }
  return {
    inputs,
    steps,
    run: {id: state.run, by: state.by, started: new Date(state.startedAt)},
    now: new Date(now),
    ...(facts?.incident && {incident: {...facts.incident, opened: new Date(facts.incident.opened)}}),
    ...(facts && {rods: {inserted: BigInt(facts.rods.inserted), position: {...facts.rods.position}}}),
  }
}

/** CEL's int is a BigInt: a plain number in an int field is refused when it is read. */
export function celOutputs(types: Readonly<Record<string, OutputType>>, outputs: JsonMap): Context {
  const values: Context = {}
  for (const [name, type] of Object.entries(types)) {
    const value = outputs[name]
    if (value === undefined || value === null) continue
    if (type === 'int') values[name] = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
    else if (!Array.isArray(value) || value.length <= LONGEST_LIST) values[name] = value
  }
  return values
}

function celInput(type: InputType, value: Json, expressions: Expressions): unknown {
  if (type === 'int' && typeof value === 'number') return BigInt(value)
  if (type === 'duration' && typeof value === 'string') return expressions.duration(parseDuration(value))
  return value
}
