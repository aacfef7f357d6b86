import {openExpressions} from './expressions.ts'
import {byPlace, type Finding} from './finding.ts'
import {actionRules} from './lint/action-rules.ts'
import type {Checked, LintContext, Rule} from './lint/checked.ts'
import {expressionRules} from './lint/expression-rules.ts'
import {flowRules} from './lint/flow-rules.ts'
import {inputRules} from './lint/input-rules.ts'
import {leftInRules} from './lint/left-in-rules.ts'
import {orderRules} from './lint/order-rules.ts'
import {shellRules} from './lint/shell-rules.ts'
import {stepRules} from './lint/step-rules.ts'
import type {Loaded} from './load.ts'

export type {LintContext} from './lint/checked.ts'

const RULES: readonly Rule[] = [stepRules, actionRules, expressionRules, flowRules, shellRules, inputRules, orderRules, leftInRules]

/** Everything the rules find, in the order of the file. An E keeps `scram run` from starting; a W is one line there. */
export async function lintRunbook(loaded: Loaded, context: LintContext): Promise<readonly Finding[]> {
  const checked: Checked = {...loaded, ...context, expressions: openExpressions(loaded.runbook, context.actions)}
  const found = await Promise.all(RULES.map(async rule => rule(checked)))
  return found.flat().toSorted(byPlace)
}

/** The same, and the errors of every runbook it calls: a run pins them all. */
export async function lintWithCalled(loaded: Loaded, context: LintContext): Promise<readonly Finding[]> {
  const called = await Promise.all(Object.values(loaded.called).map(one => lintRunbook(one, context)))
  return [...(await lintRunbook(loaded, context)), ...called.flat().filter(({level}) => level === 'E')]
}
