import {makeRedactor} from '../../lib/redact.ts'
import type {Place} from '../../lib/yaml-source.ts'
import type {Finding} from '../finding.ts'
import type {Group, RunStep} from '../runbook.ts'
import {isTemplated, parseTemplate} from '../template.ts'
import {type Checked, effectTexts, finding, type Text, templatesOf, verifyTexts} from './checked.ts'
import {everyEffect, everyNode, isStep, type Seen} from './walk.ts'

const SECRET_NAME = /(?:^|_)(?:token|secret|password|passwd|api_?key|credential)s?$/

/** What a shell or a log would make of a value. */
export function shellRules(checked: Checked): readonly Finding[] {
  return [...[...everyNode(checked.runbook)].flatMap(seen => [...commands(checked, seen)]), ...secrets(checked)]
}

function* commands(checked: Checked, {node, owners}: Seen): Generator<Finding> {
  const loop = owners.findLast((owner): owner is Group => owner.kind === 'group' && owner.forEach !== null)
  for (const step of isStep(node) ? [node, node.undo] : []) {
    if (step?.kind === 'run') yield* step.script === null ? argv(checked, step, loop) : script(checked, step, step.script)
  }
}

function* script(checked: Checked, {path}: RunStep, text: string): Generator<Finding> {
  const at = [...path, 'run']
  const splice = text.indexOf('${{')
  if (splice >= 0) {
    const message = 'a value inside shell text becomes code: put it in `env` and write "$NAME"'
    yield finding(checked, 'E', 'shell-splice', checked.source.inside(at, splice), message)
  }
  // Quoted text is taken out first: what is left and still begins with $ is split into words by the shell.
  const bare = /\beval\b|\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/.exec(
    text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|\$\{\{.*?\}\}/gs, quoted => ' '.repeat(quoted.length)),
  )
  if (bare) {
    const message = bare[0] === 'eval' ? '`eval` runs what it is given' : `\`${bare[0]}\` is unquoted; write "${bare[0]}"`
    yield finding(checked, 'W', 'shell-quoting', checked.source.inside(at, bare.index), message)
  }
}

function* argv(checked: Checked, {path, argv: items}: RunStep, loop: Group | undefined): Generator<Finding> {
  const {source} = checked
  if (isTemplated(items[0] ?? '')) yield finding(checked, 'E', 'argv0-computed', source.at([...path, 'run', 0]), 'the program to run must be written out')
  const dashes = items.indexOf('--')
  for (const [index, item] of items.entries()) {
    if (index === 0 || !item.startsWith('${{') || (dashes >= 0 && dashes < index) || !mayBeOption(checked, soleOf(item), loop)) continue
    const message = 'this argument may begin with `-`: put `--` before it or give the input a pattern'
    yield finding(checked, 'W', 'dash-value', source.at([...path, 'run', index]), message)
  }
}

/** What options look like; a pattern that lets one of them through is no protection. */
const OPTIONS = ['-', '-x', '-1', '--help', '--a=b']

function mayBeOption({runbook}: Checked, expression: string, loop: Group | undefined): boolean {
  if (expression === 'index') return false
  if (expression === 'item' && loop?.forEach && 'items' in loop.forEach) {
    return loop.forEach.items.some(item => typeof item === 'string' && (item.startsWith('-') || item.startsWith('${{')))
  }
  const input = /^inputs\.(\w+)$/.exec(expression)?.[1]
  const definition = input === undefined ? undefined : runbook.inputs[input]
  if (!definition) return true
  if (definition.choices) return definition.choices.some(choice => String(choice).startsWith('-'))
  if (definition.type !== 'string') return false
  const {pattern} = definition
  return pattern === undefined || OPTIONS.some(option => fits(pattern, option))
}

function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text)
  } catch {
    return false // the input rules say so
  }
}

function soleOf(item: string): string {
  try {
    return parseTemplate(item).sole ?? ''
  } catch {
    return '' // unclosed: the expression rules say so
  }
}

function* secrets(checked: Checked): Generator<Finding> {
  const {source, runbook} = checked
  const redactor = makeRedactor()
  const message = 'this looks like a credential and would be recorded; use `secrets`'
  const lines = new Set<number>()
  for (const {path, text} of recorded(checked)) {
    if (redactor.redact(text) === text) continue
    lines.add(source.at(path).line)
    yield finding(checked, 'E', 'secret-in-text', source.at(path), message)
  }
  // A run pins this very text: one that the record would hide a part of could not be read again by whoever resumes it.
  const hidden = firstHidden(source.text, redactor.redact(source.text))
  if (hidden && !lines.has(hidden.line)) yield finding(checked, 'E', 'secret-in-text', hidden, message)
  for (const id of Object.keys(runbook.inputs)) {
    if (SECRET_NAME.test(id))
      yield finding(checked, 'E', 'secret-in-text', source.keyAt(['inputs', id]), `input \`${id}\`: inputs are recorded; use \`secrets\``)
  }
}

function firstHidden(text: string, redacted: string): Place | null {
  if (text === redacted) return null
  let at = 0
  while (text[at] === redacted[at]) at += 1
  const before = text.slice(0, at).split('\n')
  return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1}
}

/** Every text that a run would write down. */
function* recorded(checked: Checked): Generator<Text> {
  const {runbook} = checked
  for (const {node} of everyNode(runbook)) yield* templatesOf(checked, node)
  for (const {step, of} of everyEffect(runbook)) {
    if (of !== 'step') yield* effectTexts(step)
    yield* verifyTexts(step)
    if (step.kind === 'run' && step.script !== null) yield {path: [...step.path, 'run'], text: step.script}
  }
  for (const [id, {default: given}] of Object.entries(runbook.inputs)) {
    if (typeof given === 'string') yield {path: ['inputs', id, 'default'], text: given}
  }
  if (runbook.updates?.fallback) yield {path: ['updates', 'fallback'], text: runbook.updates.fallback}
}
