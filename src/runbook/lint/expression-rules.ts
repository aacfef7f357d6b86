import type {YamlPath} from '../../lib/yaml-source.ts'
import type {Spot} from '../expressions.ts'
import type {Finding} from '../finding.ts'
import type {Node, NodeList} from '../runbook.ts'
import {isTemplated, parseTemplate, Unclosed} from '../template.ts'
import {type Checked, finding, type Text, templatesOf} from './checked.ts'

/** Every expression: that it parses, stays within the fences, and names what exists before it. */
export function expressionRules(checked: Checked): readonly Finding[] {
  const {runbook, actions} = checked
  const found: (Finding | null)[] = []
  for (const {node, list} of spotsIn(runbook.steps)) {
    const spot = {list, before: node}
    if (node.if !== null) found.push(judge(checked, [...node.path, 'if'], node.if, 0, {...spot, want: 'bool'}))
    if (node.kind === 'group' || node.kind === 'parallel' || node.kind === 'call') continue
    found.push(...templatesOf(node).flatMap(text => template(checked, text, spot)))
    if (node.kind === 'wait_until') {
      const result = actions.get(node.probe.uses)?.outputs
      if (result) found.push(judge(checked, [...node.path, 'wait_until'], node.until, 0, {...spot, result, want: 'bool'}))
    }
  }
  for (const [name, text] of Object.entries(runbook.outputs))
    found.push(...template(checked, {path: ['outputs', name], text}, {list: runbook.steps, before: null}))
  return found.filter(one => one !== null)
}

function* spotsIn(list: NodeList): Generator<{readonly node: Node; readonly list: NodeList}> {
  for (const node of list) {
    yield {node, list}
    if (node.kind === 'group' || node.kind === 'parallel') yield* spotsIn(node.steps)
  }
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
