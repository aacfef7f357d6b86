import type {z} from 'zod'
import {Fault, type FaultCode} from '../lib/fault.ts'
import {excerpt, type Source, type YamlPath} from '../lib/yaml-source.ts'

/** One thing wrong in a file: where, and in words that stand behind `file:line:column:`. */
export interface FileFinding {
  readonly path: YamlPath
  readonly message: string
  /** The key is meant, not its value. */
  readonly isKey?: boolean
}

/** More than a screen of findings is read by nobody; the rest shows when these are mended. */
const MOST = 20

/** All findings as one Fault: the first is the message, its line with a mark below it and the other findings are hints. */
export function fileFault(source: Source, findings: readonly FileFinding[], code: FaultCode = 'config.invalid'): Fault {
  const placed = findings.map(({path, message, isKey = false}) => {
    const place = isKey ? source.keyAt(path) : source.at(path)
    return {place, text: `${source.file}:${place.line}:${place.column}: ${message}`}
  })
  const [first, ...others] = placed.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  if (!first) return new Fault(code, `${source.file} does not check`)
  const more = others.slice(0, MOST - 1).map(({text}) => text)
  const left = others.length - more.length
  return new Fault(code, first.text, {hints: [...excerpt(source.text, first.place), ...more, ...(left > 0 ? [`and ${left} more`] : [])]})
}

/** zod's issues about the value at `base`, in our words, each where it stands. */
export function findingsOf(source: Source, base: YamlPath, issues: readonly z.core.$ZodIssue[]): readonly FileFinding[] {
  return issues.flatMap(issue => inWords(source, base, issue))
}

function inWords(source: Source, base: YamlPath, issue: z.core.$ZodIssue): readonly FileFinding[] {
  const path = [...base, ...issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))]
  const name = path.at(-1)
  const subject = name === undefined ? 'the file' : typeof name === 'number' ? `item ${name + 1}` : `\`${name}\``
  switch (issue.code) {
    case 'unrecognized_keys':
      return [{path: [...path, issue.keys[0] ?? ''], message: issue.message, isKey: true}]
    case 'invalid_key':
      return [{path, message: `${subject}: ${issue.issues[0]?.message ?? 'not an id'}`, isKey: true}]
    case 'invalid_union':
      if (valueAt(source.value, path) === undefined) return missing(path, subject)
      return meantBranch(issue)?.flatMap(inner => inWords(source, path, inner)) ?? [{path, message: `${subject} ${kindsWanted(issue)}`}]
    case 'invalid_type':
      if (valueAt(source.value, path) === undefined) return missing(path, subject)
      return [{path, message: `${subject} ${wanted(issue)}`}]
    default:
      if (valueAt(source.value, path) === undefined) return missing(path, subject)
      return [{path, message: inOwnWords(issue, subject)}]
  }
}

const UNITS: Readonly<Record<string, string>> = {array: ' items', string: ' characters'}

/** What is not there stands nowhere: its parent's key is shown. */
function missing(path: YamlPath, subject: string): readonly FileFinding[] {
  return [{path: path.slice(0, -1), message: `${subject} is missing`, isKey: true}]
}

/** Issues whose schema has a sentence of its own say that one. */
function inOwnWords(issue: z.core.$ZodIssue, subject: string): string {
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid')) return `${subject} wants ${oneOf(issue.values)}`
  const unit = issue.code === 'too_small' || issue.code === 'too_big' ? (UNITS[issue.origin] ?? '') : ''
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return `${subject} wants at least ${issue.minimum}${unit}`
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `${subject} wants at most ${issue.maximum}${unit}`
  return `${subject}: ${issue.message}`
}

const oneOf = (values: readonly unknown[]) => values.map(value => `\`${String(value)}\``).join(' or ')

/** Of the forms a value may have the one it was written in: its complaints lie inside, not at the value itself. */
function meantBranch({errors}: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | undefined {
  return errors.find(branch => branch.length > 0 && !branch.some(({code, path}) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')))
}

function kindsWanted({errors}: z.core.$ZodIssueInvalidUnion): string {
  const kinds = errors.flatMap(([issue]) => {
    if (issue?.code === 'invalid_type') return [KIND[issue.expected] ?? issue.expected]
    return issue?.code === 'invalid_value' ? [oneOf(issue.values)] : []
  })
  return `wants ${[...new Set(kinds)].join(' or ')}`
}

const KIND: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
}

function wanted({expected}: z.core.$ZodIssueInvalidType): string {
  const kind = KIND[expected] ?? expected
  return `wants ${kind}${kind === 'text' ? '; quote it' : ''}`
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let at = value
  for (const part of path) at = typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Record<string | number, unknown>)[part] : undefined // a plain YAML value
  return at
}
