import type {Context} from '@marcbachmann/cel-js'
import {type Check, isOpen, type Sight} from './check-world.ts'
import {ExpressionError, type Where} from './expressions.ts'
import type {JsonMap, OutputType} from './ports.ts'
import {celOutputs, valuesOf} from './scope.ts'
import {visibleFrom} from './visible.ts'

/** `isReading`: it looks at what a probe showed, or at the clock; another day it is another value. */
export type Judged = {readonly isReading: boolean} & ({readonly known: true; readonly value: unknown} | {readonly known: false})
export type Judge = (source: string) => Judged

/** One look of a probe, for an expression over `result`. */
export interface Result {
  readonly types: Readonly<Record<string, OutputType>>
  readonly outputs: JsonMap
}

/**
 * Evaluates with what is known. A step without a result is left out: an evaluation that fails and looks at one is
 * *unknown*, and so `false && unknown` is false by itself. A failure that looks at nothing unknown is the runbook's own.
 * @throws ExpressionError, from the judge
 */
export async function threeValued(check: Check, sight: Sight, result?: Result): Promise<Judge> {
  const {ports, state} = check
  const {frame} = sight
  const expressions = check.expressionsOf(frame.runbook)
  const facts = await ports.facts()
  const seen = valuesOf({frame, actions: ports.actions, expressions, state, facts, now: ports.clock.now(), named: new Set(['steps'])})
  const {unknown, volatile} = namesOf(check, sight)
  for (const path of unknown) leaveOut(seen, path.split('.'))
  const values = result ? {...seen, result: celOutputs(result.types, result.outputs)} : seen
  const where: Where = {list: frame.list, ...(result && {result: result.types})}
  return source => {
    const {paths, asked} = expressions.mentions(source)
    const isReading = paths.some(path => touches(path, volatile))
    if (asked.some(path => touches(path, unknown))) return {known: false, isReading}
    try {
      return {known: true, isReading, value: expressions.evaluate(source, values, where)}
    } catch (error) {
      if (error instanceof ExpressionError && paths.some(path => touches(path, unknown))) return {known: false, isReading}
      throw error
    }
  }
}

/** What nobody can tell before the run, and what may change until then. */
function namesOf(check: Check, {frame, ...sight}: Sight): {readonly unknown: ReadonlySet<string>; readonly volatile: ReadonlySet<string>} {
  const unknown = new Set([...sight.unknown, ...check.doubtful, 'run.id'])
  const volatile = new Set([...sight.volatile, 'now', 'run.started'])
  for (const [id, {node, loopsOut, groups}] of visibleFrom(frame.runbook, frame.list)) {
    const body = frame.bodies[loopsOut]
    if (id === '' || body === undefined) continue
    const instance = `${body}${[...groups, node.id].join('/')}`
    if (isOpen(check, instance)) unknown.add(`steps.${id}`)
    for (const output of check.hidden.get(instance) ?? []) unknown.add(`steps.${id}.${output}`)
    const isReading = check.readings.has(instance) || (node.kind === 'call' && [...check.readings].some(other => other.startsWith(`${instance}/`)))
    if (isReading) volatile.add(`steps.${id}`)
  }
  return {unknown, volatile}
}

/** `steps.probe.ok` and `steps` both touch `steps.probe`; `steps.probe2` does not. */
function touches(path: string, names: ReadonlySet<string>): boolean {
  for (const name of names) if (path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`)) return true
  return false
}

function leaveOut(values: Context, [name = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) delete values[name]
  else if (typeof values[name] === 'object' && values[name] !== null) leaveOut(values[name] as Context, rest) // made by `valuesOf`, for us alone
}
