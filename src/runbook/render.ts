import type {Json} from '../lib/canonical.ts'
import {formatDuration} from '../lib/durations.ts'
import {ExpressionError} from './expressions.ts'
import {isTemplated, parseTemplate} from './template.ts'

export type Evaluate = (expression: string) => unknown

/**
 * A value with every `${{ }}` replaced, in one pass: what a value contains is never looked at again. A text that is one
 * expression keeps its type. Keys are not templates.
 * @throws ExpressionError · Unclosed
 */
export function render(value: Json, evaluate: Evaluate): Json {
  if (typeof value === 'string') return renderScalar(value, evaluate)
  if (Array.isArray(value)) return value.map((item: Json) => render(item, evaluate))
  if (typeof value === 'object' && value !== null) return renderMap(value as {readonly [key: string]: Json}, evaluate)
  return value
}

export function renderMap(map: {readonly [key: string]: Json}, evaluate: Evaluate): {readonly [key: string]: Json} {
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, render(item, evaluate)]))
}

/** Always text: names, questions, argv items, environment values. */
export function renderText(text: string, evaluate: Evaluate): string {
  if (!isTemplated(text)) return text
  return parseTemplate(text)
    .parts.map(part => ('text' in part ? part.text : asText(part.expression, evaluate(part.expression))))
    .join('')
}

function renderScalar(text: string, evaluate: Evaluate): Json {
  if (!isTemplated(text)) return text
  const {sole} = parseTemplate(text)
  return sole === null ? renderText(text, evaluate) : toJson(sole, evaluate(sole))
}

function asText(source: string, value: unknown): string {
  const plain = toJson(source, value)
  if (typeof plain === 'object') throw new ExpressionError(`${source} is a list or map, which cannot stand inside text`)
  return String(plain)
}

/** CEL's values as JSON: int → number, timestamp → RFC 3339 UTC, duration → `2h16m`. */
export function toJson(source: string, value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(item => toJson(source, item))
  if (typeof value === 'object' && value !== null) {
    if ('seconds' in value && 'nanos' in value) return formatDuration(Number(value.valueOf()))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(source, item)]))
  }
  throw new ExpressionError(`${source} is ${String(value)}, which cannot be sent or recorded`)
}
