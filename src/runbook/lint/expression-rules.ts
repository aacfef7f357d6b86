import type {Json} from '../../lib/canonical.ts'
import type {YamlPath} from '../../lib/yaml-source.ts'
import type {Spot} from '../expressions.ts'
import type {Finding} from '../finding.ts'
import type {RunStep, UsesStep} from '../runbook.ts'
import {isTemplated, parseTemplate, Unclosed} from '../template.ts'
import {type Checked, effectTexts, finding, type Text, templatesOf, verifyTexts} from './checked.ts'
import {everyNode, everyUse, isStep, type Seen} from './walk.ts'

/** Every expression: that it parses, stays within the fences, and names what exists before it. */
export function expressionRules(checked: Checked): readonly Finding[] {
  const {runbook} = checked
  const atEnd: Spot = {list: runbook.steps, before: null}
  return [
    ...[...everyNode(runbook)].flatMap(seen => [...nodeRules(checked, seen)]),
    ...runbook.onAbort.flatMap(step => [
      ...(step.if === null ? [] : judge(checked, [...step.path, 'if'], step.if, 0, {...atEnd, want: 'bool'})),
      ...templatesOf(checked, step).flatMap(text => template(checked, text, atEnd)),
      ...verified(checked, step, atEnd),
    ]),
    ...Object.entries(runbook.outputs).flatMap(([name, text]) => template(checked, {path: ['outputs', name], text}, atEnd)),
    ...[...everyUse(runbook)].flatMap(({with: given, path}) => [...keys(checked, [...path, 'with'], given)]),
  ]
}

function* nodeRules(checked: Checked, {node, list}: Seen): Generator<Finding> {
  const {actions} = checked
  const spot: Spot = {list, before: node}
  if (node.if !== null) yield* judge(checked, [...node.path, 'if'], node.if, 0, {...spot, want: 'bool'})
  if (node.kind === 'group' && node.forEach && 'cel' in node.forEach) {
    yield* judge(checked, [...node.path, 'for_each'], node.forEach.cel, 0, {...spot, want: 'list'})
  }
  for (const text of templatesOf(checked, node)) yield* template(checked, text, spot)
  if (node.kind === 'call') yield* keys(checked, [...node.path, 'with'], node.with)
  if (!isStep(node)) return
  if (node.kind === 'uses' || node.kind === 'run') yield* verified(checked, node, {...spot, self: true})
  if (node.kind === 'wait_until') {
    const row = actions.get(node.probe.uses)
    if (row?.effect === 'none') yield* judge(checked, [...node.path, 'wait_until'], node.until, 0, {...spot, result: row.outputs, want: 'bool'})
  }
  if (!node.undo) return
  // What takes a step back may use what the step answered.
  for (const text of [...effectTexts(node.undo), ...undoName(checked, node.undo)]) yield* template(checked, text, {...spot, self: true})
  yield* verified(checked, node.undo, {...spot, self: true})
}

/** Actions that are unknown, or act, are a finding of their own. */
function verified(checked: Checked, step: UsesStep | RunStep, spot: Spot): readonly Finding[] {
  const {verify, path} = step
  const row = verify && checked.actions.get(verify.uses)
  if (!verify || row?.effect !== 'none') return []
  const result = row.outputs
  const expected = judge(checked, [...path, 'verify', 'expect'], verify.expect, 0, {...spot, result, want: 'bool'})
  return [...expected, ...verifyTexts(step).flatMap(text => template(checked, text, spot))]
}

function undoName(checked: Checked, undo: UsesStep | RunStep): readonly Text[] {
  return templatesOf(checked, undo).filter(({path}) => path.at(-1) === 'name')
}

function template(checked: Checked, {path, text}: Text, spot: Spot): readonly Finding[] {
  if (!isTemplated(text)) return []
  try {
    return parseTemplate(text).parts.flatMap(part => ('expression' in part ? judge(checked, path, part.expression, part.offset, spot) : []))
  } catch (error) {
    if (!(error instanceof Unclosed)) throw error
    return [finding(checked, 'E', 'expression', checked.source.inside(path, error.offset), error.message)]
  }
}

function judge(checked: Checked, path: YamlPath, source: string, offset: number, spot: Spot): readonly Finding[] {
  const problem = checked.expressions.check(source, spot)
  return problem ? [finding(checked, 'E', problem.code, checked.source.inside(path, offset + problem.offset), problem.message)] : []
}

/** A key is a name and stays one, whatever the values are. */
function* keys(checked: Checked, path: YamlPath, value: Json): Generator<Finding> {
  if (typeof value !== 'object' || value === null) return
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(value) ? value.map((item: Json, i) => [i, item] as const) : Object.entries(value)
  for (const [key, item] of entries) {
    const at = [...path, key]
    if (typeof key === 'string' && isTemplated(key)) {
      yield finding(checked, 'E', 'expression', checked.source.keyAt(at), 'a key is written out; values only may hold $' + '{{ }}')
    }
    yield* keys(checked, at, item)
  }
}
