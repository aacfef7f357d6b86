import type {YamlPath} from '../../lib/yaml-source.ts'
import type {Spot} from '../expressions.ts'
import type {Finding} from '../finding.ts'
import {isTemplated, parseTemplate, Unclosed} from '../template.ts'
import {type Checked, finding, type Text, templatesOf} from './checked.ts'

/** Every expression: that it parses, stays within the fences, and names what exists before it. */
export function expressionRules(checked: Checked): readonly Finding[] {
  const {runbook, actions} = checked
  const conditions = new Map<string, Finding | null>()
  const found: Finding[] = []
  for (const [index, step] of runbook.steps.entries()) {
    for (const {source, path} of step.conditions) {
      // A group's `if` stands before all its steps and is checked once, at the first.
      const key = path.join('/')
      if (!conditions.has(key)) conditions.set(key, judge(checked, path, source, 0, {index, want: 'bool'}))
    }
    found.push(...templatesOf(step).flatMap(text => template(checked, text, {index})))
    if (step.kind === 'wait_until') {
      const result = actions.get(step.probe.uses)?.outputs
      const problem = result && judge(checked, [...step.path, 'wait_until'], step.until, 0, {index, result, want: 'bool'})
      if (problem) found.push(problem)
    }
  }
  for (const [name, text] of Object.entries(runbook.outputs)) found.push(...template(checked, {path: ['outputs', name], text}, {index: runbook.steps.length}))
  return [...found, ...[...conditions.values()].filter(one => one !== null)]
}

function template(checked: Checked, {path, text}: Text, spot: Spot): readonly Finding[] {
  if (!isTemplated(text)) return []
  try {
    return parseTemplate(text).parts.flatMap(part => {
      const problem = 'expression' in part ? judge(checked, path, part.expression, part.offset, spot) : null
      return problem ? [problem] : []
    })
  } catch (error) {
    if (!(error instanceof Unclosed)) throw error
    return [finding(checked, 'E', 'expression', checked.source.inside(path, error.offset), error.message)]
  }
}

function judge(checked: Checked, path: YamlPath, source: string, offset: number, spot: Spot): Finding | null {
  const problem = checked.expressions.check(source, spot)
  return problem && finding(checked, 'E', problem.code, checked.source.inside(path, offset + problem.offset), problem.message)
}
