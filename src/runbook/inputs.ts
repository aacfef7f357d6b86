import type {Json} from '../lib/canonical.ts'
import {formatDuration, LONGEST_DURATION_MS, parseDuration} from '../lib/durations.ts'
import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import type {JsonMap} from './ports.ts'
import {type Evaluate, renderText} from './render.ts'
import type {InputDefinition, Runbook} from './runbook.ts'
import {isTemplated} from './template.ts'

/** A pattern comes from the workspace, the value from anywhere: neither may keep a regular expression busy for long. */
const LONGEST_VALUE = 500

export interface Asked {
  readonly id: string
  readonly prompt: string
  readonly definition: InputDefinition
}

/**
 * `--input k=v` texts → typed values, defaults filled in. `missing` are required and not given: ask, or refuse with
 * `missingInput`. `computed` are defaults that hold `${{ }}`: `fillDefaults` makes them when the run starts.
 * @throws Fault usage.invalid: an unknown input, a value of another type, outside its choices or pattern
 */
export function checkInputs(
  runbook: Runbook,
  given: Readonly<Record<string, string>>,
): {readonly values: JsonMap; readonly missing: readonly Asked[]; readonly computed: readonly string[]} {
  const ids = Object.keys(runbook.inputs)
  for (const id of Object.keys(given)) {
    if (Object.hasOwn(runbook.inputs, id)) continue
    const near = nearest(id, ids)
    throw new Fault('usage.invalid', `no input \`${id}\`; this one takes ${ids.join(', ') || 'none'}`, near ? {hints: [`--input ${near}=…`]} : {})
  }
  const values: Record<string, Json> = {}
  const missing: Asked[] = []
  const computed: string[] = []
  for (const [id, definition] of Object.entries(runbook.inputs)) {
    const text = given[id]
    if (text !== undefined) values[id] = inputValue(id, definition, text)
    else if (typeof definition.default === 'string' && isTemplated(definition.default)) computed.push(id)
    else if (definition.default !== undefined) values[id] = definition.default
    else if (definition.required) missing.push({id, prompt: definition.prompt ?? id, definition})
  }
  return {values, missing, computed}
}

/**
 * Values with the computed defaults, in one pass: what a default gives is never looked at again, and what a person gave is
 * never a template.
 * @throws ExpressionError · Fault usage.invalid: what came out is no value of that input
 */
export function fillDefaults(runbook: Runbook, values: JsonMap, computed: readonly string[], evaluate: Evaluate): JsonMap {
  const made = computed.flatMap(id => {
    const definition = runbook.inputs[id]
    return typeof definition?.default === 'string' ? [[id, inputValue(id, definition, renderText(definition.default, evaluate))] as const] : []
  })
  return {...values, ...Object.fromEntries(made)}
}

export function missingInput(missing: readonly Asked[]): Fault {
  const names = missing.map(({id}) => id).join(', ')
  return new Fault('usage.missing', `this runbook wants ${names}`, {hints: missing.map(({id}) => `--input ${id}=…`)})
}

/** One value as typed. @throws Fault usage.invalid */
export function inputValue(id: string, definition: InputDefinition, text: string): Json {
  const problem = problemOf(definition, text)
  if (problem !== null) throw new Fault('usage.invalid', `input \`${id}\` ${problem}, not "${text.slice(0, 60)}"`)
  if (definition.type === 'int' || definition.type === 'number') return Number(text)
  return definition.type === 'bool' ? text === 'true' : text
}

/** What keeps a value written in a file from being of this input's type; null: nothing. */
export function typeOfValue({type}: InputDefinition, value: string | number | boolean): string | null {
  const wants = type === 'bool' ? 'boolean' : type === 'int' || type === 'number' ? 'number' : 'string'
  return typeof value === wants ? null : `is a ${typeof value}; ${type} wants ${wants === 'string' ? 'text: quote it' : `a ${wants}`}`
}

/** What keeps a text from being this input's value; null: nothing. */
export function problemOf({type, pattern, choices}: InputDefinition, text: string): string | null {
  if (text.length > LONGEST_VALUE) return `takes at most ${LONGEST_VALUE} characters`
  const words = typeProblem(type, text)
  if (words !== null) return words
  if (choices && !choices.some(choice => String(choice) === text)) return `is one of ${choices.join(', ')}`
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(text)) return `wants ${pattern}`
  return null
}

function typeProblem(type: InputDefinition['type'], text: string): string | null {
  switch (type) {
    case 'string':
      return null
    case 'int':
      return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? null : 'wants a whole number'
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? null : 'wants a number'
    case 'bool':
      return text === 'true' || text === 'false' ? null : 'wants true or false'
    case 'duration':
      return isDuration(text) ? null : `wants a duration such as 90s or 2h, at most ${formatDuration(LONGEST_DURATION_MS)}`
    default:
      return type satisfies never
  }
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text)
    return true
  } catch {
    return false
  }
}
