import {makeRedactor} from '../../lib/redact.ts'
import type {Finding} from '../finding.ts'
import {type RunStep, stepsOf} from '../runbook.ts'
import {isTemplated, parseTemplate} from '../template.ts'
import {type Checked, finding, templatesOf} from './checked.ts'

const SECRET_NAME = /(?:^|_)(?:token|secret|password|passwd|api_?key|credential)s?$/

/** What a shell or a log would make of a value. */
export function shellRules(checked: Checked): readonly Finding[] {
  const {runbook} = checked
  return [
    ...[...stepsOf(runbook.steps)].flatMap(step =>
      step.kind === 'run' ? [...(step.script === null ? argv(checked, step, step.argv) : script(checked, step, step.script))] : [],
    ),
    ...secrets(checked),
  ]
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

function* argv(checked: Checked, {path}: RunStep, items: readonly string[]): Generator<Finding> {
  const {source, runbook} = checked
  if (isTemplated(items[0] ?? '')) yield finding(checked, 'E', 'argv0-computed', source.at([...path, 'run', 0]), 'the program to run must be written out')
  const dashes = items.indexOf('--')
  for (const [index, item] of items.entries()) {
    if (index === 0 || !item.startsWith('${{') || (dashes >= 0 && dashes < index)) continue
    const input = /^inputs\.(\w+)$/.exec(soleOf(item))?.[1]
    const definition = input === undefined ? undefined : runbook.inputs[input]
    if (definition && (definition.type !== 'string' || definition.pattern !== undefined || definition.choices)) continue
    const message = 'this argument may begin with `-`: put `--` before it or give the input a pattern'
    yield finding(checked, 'W', 'dash-value', source.at([...path, 'run', index]), message)
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
  for (const step of stepsOf(runbook.steps)) {
    const constant = step.kind === 'run' && step.script !== null ? [{path: [...step.path, 'run'], text: step.script}] : []
    for (const {path, text} of [...templatesOf(step), ...constant]) {
      if (redactor.redact(text) !== text) yield finding(checked, 'E', 'secret-in-text', source.at(path), message)
    }
  }
  for (const id of Object.keys(runbook.inputs)) {
    if (SECRET_NAME.test(id))
      yield finding(checked, 'E', 'secret-in-text', source.keyAt(['inputs', id]), `input \`${id}\`: inputs are recorded; use \`secrets\``)
  }
}
