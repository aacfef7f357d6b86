import type {Context} from '@marcbachmann/cel-js'
import type {Json} from '../lib/canonical.ts'
import {parseDuration} from '../lib/durations.ts'
import type {Expressions} from './expressions.ts'
import type {RunState} from './fold.ts'
import type {Frame} from './frames.ts'
import {itemText} from './item-type.ts'
import type {ActionTable, Facts, JsonMap, OutputType} from './ports.ts'
import type {Call, Group, InputType, Parallel} from './runbook.ts'
import {outputsOf} from './step-outputs.ts'
import {type Visible, visibleFrom} from './visible.ts'

/** Longer lists stay in the record and out of expressions: a macro walks them, twice nested. */
const LONGEST_LIST = 200

export interface Surroundings {
  readonly frame: Frame
  readonly actions: ActionTable
  readonly expressions: Expressions
  /** Null: the run has not begun. */
  readonly state: RunState | null
  readonly facts: Facts | null
  readonly now: number
  /** Top-level names that are mentioned: steps are gathered only for whom wants them. */
  readonly named: ReadonlySet<string>
}

/** The values of every declared name. What is absent here is an error in an expression, never null. */
export function valuesOf({frame, actions, expressions, state, facts, now, named}: Surroundings): Context {
  const inputs: Context = {}
  for (const [id, {type}] of Object.entries(frame.runbook.inputs)) {
    const value = frame.inputs[id]
    if (value !== undefined) inputs[id] = celInput(type, value, expressions)
  }
  const steps: Context = {}
  for (const [id, visible] of state && named.has('steps') ? visibleFrom(frame.runbook, frame.list) : []) {
    const value = state && seenOf(visible, frame, state, actions)
    if (value) steps[id] = value
  }
  return {
    inputs,
    steps,
    ...(state && {run: {id: state.run, by: state.by, started: new Date(state.startedAt)}}),
    now: new Date(now),
    ...(frame.item !== undefined && {item: typeof frame.item === 'number' && Number.isSafeInteger(frame.item) ? BigInt(frame.item) : frame.item}),
    ...(frame.index !== undefined && {index: BigInt(frame.index)}),
    ...(facts?.incident && {incident: {...facts.incident, opened: new Date(facts.incident.opened)}}),
    ...(facts && {rods: {inserted: BigInt(facts.rods.inserted), position: {...facts.rods.position}}}),
  }
}

/** What `steps.ID` is now; absent until it has ended. */
function seenOf({node, loopsOut, groups}: Visible, frame: Frame, state: RunState, actions: ActionTable): Context | null {
  const body = frame.bodies[loopsOut]
  if (body === undefined) return null
  const instance = `${body}${[...groups, node.id].join('/')}`
  if (isLeftOut(state, body, groups)) return {outcome: 'skipped'}
  const seen = state.steps[instance]
  if (seen?.status === 'skipped' || seen?.status === 'failed') return {outcome: seen.status}
  switch (node.kind) {
    case 'group':
      return groupOutcome(node, instance, state)
    case 'parallel':
      return groupOutcome(node, node.hasId ? instance : `${body}${groups.join('/')}`, state)
    case 'call':
      return callOutcome(node, seen?.status === 'finished' ? seen.outputs : null, instance, state)
    default:
      return seen?.status === 'finished' ? {...celOutputs(outputsOf(node, actions), seen.outputs), outcome: 'finished'} : null
  }
}

function isLeftOut(state: RunState, body: string, groups: readonly string[]): boolean {
  return groups.some((_, at) => state.steps[`${body}${groups.slice(0, at + 1).join('/')}`]?.status === 'skipped')
}

/** Of a loop how many rounds there were and how many hold a failure; a plain group is one round. */
function groupOutcome(node: Group | Parallel, instance: string, state: RunState): Context | null {
  const items = node.kind === 'group' && node.forEach ? state.loops[instance] : [null]
  if (!items) return null
  const rounds = items.map(item => (item === null ? `${instance}/` : `${instance}[${itemText(item)}]/`))
  const entries = Object.entries(state.steps)
  const failed = rounds.filter(prefix => entries.some(([at, {status}]) => at.startsWith(prefix) && status === 'failed')).length
  if (items.length > 0 && !entries.some(([at]) => rounds.some(prefix => at.startsWith(prefix)))) return null
  const outcome = failed > 0 ? 'failed' : 'finished'
  return node.kind === 'parallel' ? {outcome} : {outcome, count: BigInt(items.length), failed: BigInt(failed)}
}

function callOutcome({called}: Call, outputs: JsonMap | null, instance: string, state: RunState): Context | null {
  if (!outputs) return null
  const isFailed = Object.entries(state.steps).some(([at, {status}]) => at.startsWith(`${instance}/`) && status === 'failed')
  return {
    ...Object.fromEntries(Object.keys(called.outputs).flatMap(name => (outputs[name] === undefined ? [] : [[name, outputs[name]]]))),
    outcome: isFailed ? 'failed' : 'finished',
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
