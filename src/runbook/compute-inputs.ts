import {Fault} from '../lib/fault.ts'
import {expressionsFor} from './drive.ts'
import {ExpressionError} from './expressions.ts'
import {topFrame} from './frames.ts'
import {fillDefaults} from './inputs.ts'
import type {ActionTable, Facts, JsonMap} from './ports.ts'
import type {Runbook} from './runbook.ts'
import {valuesOf} from './scope.ts'

/**
 * Defaults that hold `${{ }}`, made before the run begins: from the run, the incident, the rods and the time.
 * @throws Fault usage.invalid: what came out is no value of that input, or nothing came out
 */
export function computeInputs(
  runbook: Runbook,
  actions: ActionTable,
  given: JsonMap,
  computed: readonly string[],
  {facts, now, run, by}: {readonly facts: Facts; readonly now: number; readonly run: string; readonly by: string},
): JsonMap {
  const expressions = expressionsFor(actions)(runbook)
  const frame = topFrame(runbook, given)
  const around = valuesOf({frame, actions, expressions, state: null, facts, now, named: new Set(['incident', 'rods'])})
  const values = {...around, run: {id: run, by, started: new Date(now)}}
  try {
    return fillDefaults(runbook, given, computed, source => expressions.evaluate(source, values, {list: runbook.steps}))
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const hints = computed.map(id => `--input ${id}=…`)
    throw new Fault('usage.invalid', `a default cannot be computed now: ${error.message}`, {hints, cause: error})
  }
}
