import type {Finding} from '../finding.ts'
import {problemOf} from '../inputs.ts'
import {type Checked, finding} from './checked.ts'

/** That an input could be given at all, and that its default and choices are values of it. */
export function inputRules(checked: Checked): readonly Finding[] {
  const {runbook, source} = checked
  const found: Finding[] = []
  for (const [id, definition] of Object.entries(runbook.inputs)) {
    const wrong = (key: string, message: string) => found.push(finding(checked, 'E', 'schema', source.at(['inputs', id, key]), `input \`${id}\`: ${message}`))
    if (definition.required && definition.default !== undefined) wrong('required', 'both `default` and `required`; with a default it is never asked for')
    if (definition.pattern !== undefined && !isPattern(definition.pattern)) {
      wrong('pattern', `\`${definition.pattern}\` is not a regular expression`)
      continue
    }
    if (definition.default !== undefined) {
      const problem = typeOf(definition.default) ?? problemOf(definition, String(definition.default))
      if (problem !== null) wrong('default', `the default ${problem}`)
    }
    function typeOf(value: string | number | boolean): string | null {
      const wants = definition.type === 'bool' ? 'boolean' : definition.type === 'int' || definition.type === 'number' ? 'number' : 'string'
      return typeof value === wants ? null : `is a ${typeof value}; ${definition.type} wants ${wants === 'string' ? 'text: quote it' : `a ${wants}`}`
    }
  }
  return found
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u')
    return true
  } catch {
    return false
  }
}
