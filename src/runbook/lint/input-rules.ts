import {nearest} from '../../lib/nearest.ts'
import type {Finding} from '../finding.ts'
import {problemOf, typeOfValue} from '../inputs.ts'
import type {Call, Runbook} from '../runbook.ts'
import {isTemplated, parseTemplate, Unclosed} from '../template.ts'
import {type Checked, finding} from './checked.ts'
import {everyNode} from './walk.ts'

/** That an input could be given at all, that its default and choices are values of it, and that calls give what is wanted. */
export function inputRules(checked: Checked): readonly Finding[] {
  const calls = [...everyNode(checked.runbook)].flatMap(({node}) => (node.kind === 'call' ? [node] : []))
  return [...Object.keys(checked.runbook.inputs).flatMap(id => [...own(checked, id)]), ...calls.flatMap(call => [...given(checked, call)])]
}

function* own(checked: Checked, id: string): Generator<Finding> {
  const {runbook, source} = checked
  const definition = runbook.inputs[id]
  if (!definition) return
  const wrong = (key: string, message: string) => finding(checked, 'E', 'schema', source.at(['inputs', id, key]), `input \`${id}\`: ${message}`)
  if (definition.required && definition.default !== undefined) yield wrong('required', 'both `default` and `required`; with a default it is never asked for')
  if (definition.pattern !== undefined && !isPattern(definition.pattern)) {
    yield wrong('pattern', `\`${definition.pattern}\` is not a regular expression`)
    return
  }
  for (const choice of definition.choices ?? []) {
    const problem = typeOfValue(definition, choice) ?? problemOf(definition, String(choice))
    if (problem !== null) yield wrong('choices', `the choice ${choice} ${problem}`)
  }
  if (definition.default === undefined) return
  if (typeof definition.default === 'string' && isTemplated(definition.default)) yield* computed(checked, id, definition.default)
  else {
    const problem = typeOfValue(definition, definition.default) ?? problemOf(definition, String(definition.default))
    if (problem !== null) yield wrong('default', `the default ${problem}`)
  }
}

/** A default is made when the run starts: no step has run, and other inputs may be defaults, too. */
function* computed(checked: Checked, id: string, text: string): Generator<Finding> {
  const {source, expressions, runbook} = checked
  const path = ['inputs', id, 'default']
  try {
    for (const part of parseTemplate(text).parts) {
      if (!('expression' in part)) continue
      const problem = expressions.names(part.expression).has('inputs')
        ? {code: 'expression' as const, offset: 0, message: "an input's default sees run, now, incident and rods, not other inputs"}
        : expressions.check(part.expression, {list: runbook.steps, before: runbook.steps[0] ?? null})
      if (problem) yield finding(checked, 'E', problem.code, source.inside(path, part.offset + problem.offset), problem.message)
    }
  } catch (error) {
    if (!(error instanceof Unclosed)) throw error
    yield finding(checked, 'E', 'expression', source.inside(path, error.offset), error.message)
  }
}

function* given(checked: Checked, {path, with: values, called}: Call): Generator<Finding> {
  const {source} = checked
  const ids = Object.keys(called.inputs)
  for (const [id, value] of Object.entries(values)) {
    const definition = Object.hasOwn(called.inputs, id) ? called.inputs[id] : undefined
    const at = [...path, 'with', id]
    if (!definition) {
      yield finding(checked, 'E', 'action-input', source.keyAt(at), unknownInput(called, id, ids))
    } else if (typeof value !== 'string' || !isTemplated(value)) {
      const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      const problem = isScalar ? (typeOfValue(definition, value) ?? problemOf(definition, String(value))) : 'wants one value'
      if (problem !== null) yield finding(checked, 'E', 'action-input', source.at(at), `${called.id}: \`${id}\` ${problem}`)
    }
  }
  for (const id of ids) {
    if (!called.inputs[id]?.required || Object.hasOwn(values, id)) continue
    yield finding(checked, 'E', 'action-input', source.at([...path, 'with']), `${called.id}: \`${id}\` is missing`)
  }
}

function unknownInput(called: Runbook, id: string, ids: readonly string[]): string {
  const near = nearest(id, ids)
  return `${called.id}: no input \`${id}\`${near ? `; did you mean \`${near}\`?` : `; it takes ${ids.join(', ') || 'none'}`}`
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u')
    return true
  } catch {
    return false
  }
}
