import {isRuleName, RULE_NAMES} from '../incident/rod-rules.ts'
import {COMPONENT_STATUSES} from '../incident/words.ts'
import type {Json} from '../lib/canonical.ts'
import {parseDuration} from '../lib/durations.ts'
import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import type {InputIssue, JsonMap} from '../runbook/ports.ts'
import {isStatuses, STATUSES_WANTED} from './http-statuses.ts'

type Kind = 'text' | 'texts' | 'flag' | 'rules' | 'duration' | 'components' | 'number' | 'statuses' | 'argv' | 'severity' | 'map' | readonly string[]

export interface Field {
  readonly is: Kind
  readonly required?: boolean
  /** Another field that must be there with this one. */
  readonly wants?: string
}

/** What is wrong with a step's `with:`, each with its place in it; a value that is a template is judged once it is rendered. */
export function issuesOf(fields: Readonly<Record<string, Field>>, given: JsonMap): readonly InputIssue[] {
  const names = Object.keys(fields)
  const unknown = Object.keys(given).filter(name => !names.includes(name))
  const missing = names.filter(name => fields[name]?.required && !(name in given))
  return [
    ...unknown.map(name => {
      const near = nearest(name, names)
      return {path: [name], message: `\`${name}\` is not taken here${near ? `; did you mean \`${near}\`?` : `; it takes ${names.join(', ') || 'nothing'}`}`}
    }),
    ...missing.map(name => ({path: [], message: `\`${name}\` is missing`})),
    ...Object.entries(given).flatMap(([name, value]) => {
      const field = fields[name]
      if (!field) return []
      if (field.wants !== undefined && !(field.wants in given)) return [{path: [name], message: `\`${name}\` wants \`${field.wants}\` beside it`}]
      if (field.is === 'texts' || field.is === 'rules') return listProblems(name, field.is, value)
      const problem = problemOf(field.is, value)
      return problem ? [{path: [name], message: `\`${name}\` ${problem}`}] : []
    }),
  ]
}

/** Each item has its own place: one of them may be a template. */
function listProblems(name: string, kind: 'texts' | 'rules', value: Json): readonly InputIssue[] {
  if (!Array.isArray(value) || value.length === 0) return [{path: [name], message: `\`${name}\` wants a list of texts`}]
  return value.flatMap((item, index): InputIssue[] => {
    if (typeof item !== 'string' || item.trim() === '') return [{path: [name, index], message: `\`${name}\` wants a list of texts`}]
    if (kind === 'texts' || isRuleName(item)) return []
    return [{path: [name, index], message: `there is no rule \`${item}\`; rules are ${RULE_NAMES}`}]
  })
}

function problemOf(kind: Exclude<Kind, 'texts' | 'rules'>, value: Json): string | null {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value) ? null : `is one of ${kind.join(', ')}`
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' ? null : 'wants a text'
    case 'flag':
      return typeof value === 'boolean' ? null : 'wants true or false'
    case 'severity':
      return typeof value === 'string' && /^(?:sev)?[1-5]$/i.test(value) ? null : 'wants sev1 to sev5'
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1000 ? null : 'wants a whole number from 1 to 1000'
    case 'statuses':
      return isStatuses(value) ? null : STATUSES_WANTED
    case 'argv':
      return Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'string')
        ? null
        : 'wants a list of texts: the program, then its arguments'
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'wants a map'
    case 'components':
      return isComponents(value) ? null : `wants component: status, status one of ${COMPONENT_STATUSES.join(', ')}`
    case 'duration':
      return durationProblem(value)
  }
}

function isComponents(value: Json): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(status => (COMPONENT_STATUSES as readonly Json[]).includes(status))
  )
}

function durationProblem(value: Json): string | null {
  if (typeof value !== 'string') return `wants a duration with its unit, such as 2h or 30s, not ${JSON.stringify(value)}`
  try {
    parseDuration(value)
    return null
  } catch (error) {
    return error instanceof Fault ? error.message : String(error)
  }
}
