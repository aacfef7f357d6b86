import type {Json} from '../lib/canonical.ts'
import {formatDuration} from '../lib/durations.ts'
import {commandLines} from './command-lines.ts'
import {type Drive, evaluator, sourcesIn} from './drive.ts'
import {ExpressionError} from './expressions.ts'
import type {Live} from './frames.ts'
import type {ActionTable, JsonMap} from './ports.ts'
import {type Evaluate, renderMap, renderText} from './render.ts'
import type {Runbook, RunStep, Step} from './runbook.ts'
import {isTemplated} from './template.ts'
import type {VerifySent} from './verify-step.ts'

/** A step with its values filled in, once: every further attempt sends this. */
export interface Rendered {
  readonly title: string
  readonly sent: JsonMap
  readonly verify: VerifySent | null
  /** The step's own `idempotency_key`; null: made of the run and the instance. */
  readonly key: string | null
  /** The question before the effect; null: none. */
  readonly confirm: string | null
  /** What would happen, for that question. */
  readonly lines: readonly string[]
}

/** What cannot be sent, whatever the expressions say. */
export class BadInput extends Error {}

/** @throws ExpressionError · Unclosed · BadInput: the step fails before any effect */
export async function renderStep(drive: Drive, step: Live): Promise<Rendered> {
  const question = typeof step.confirm === 'string' ? step.confirm : ''
  const {verify, idempotencyKey} = step.kind === 'uses' || step.kind === 'run' ? step : {verify: null, idempotencyKey: null}
  const evaluate = await evaluator(drive, step.frame, sourcesIn([step.name, question, templatesOf(step), idempotencyKey, {...verify?.with}]))
  const title = renderText(step.name, evaluate)
  const sent = promised(drive.ports.actions, drive.runbook.updates, step, sentOf(step, evaluate))
  return {
    title,
    sent,
    verify: verify && {uses: verify.uses, with: renderMap(verify.with, evaluate)},
    key: idempotencyKey === null ? null : renderText(idempotencyKey, evaluate),
    lines: await linesOf(drive, step, sent),
    confirm: step.confirm === null ? null : renderText(question || `${title}?`, evaluate),
  }
}

/** Whoever posts without saying when the next word comes promises the runbook's own rhythm. */
export function promised(actions: ActionTable, updates: Runbook['updates'], step: Step, sent: JsonMap): JsonMap {
  if (!updates || step.kind !== 'uses' || sent['next'] !== undefined || typeof sent['text'] !== 'string') return sent
  const id = actions.get(step.uses)?.id
  const isWord = id === 'incident/open' || (id === 'incident/update' && sent['status'] !== 'resolved')
  return isWord ? {...sent, next: formatDuration(updates.everyMs)} : sent
}

function templatesOf(step: Step): Json {
  switch (step.kind) {
    case 'uses':
      return step.with
    case 'run':
      return [step.argv, step.env]
    case 'manual':
      return step.text
    case 'wait':
      return null
    case 'wait_until':
      return step.probe.with
    default:
      return step satisfies never
  }
}

/** What a step sends, its values filled in. @throws ExpressionError · Unclosed · BadInput */
export function sentOf(step: Step, evaluate: Evaluate): JsonMap {
  switch (step.kind) {
    case 'uses':
      return renderMap(step.with, evaluate)
    case 'run': {
      const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, withoutNul(renderText(text, evaluate))]))
      return {argv: argvOf(step, evaluate), env, secrets: step.secrets}
    }
    case 'manual':
      return {text: renderText(step.text, evaluate), evidence: step.evidence, outputs: step.outputs}
    case 'wait':
      return {waitMs: step.waitMs}
    case 'wait_until': {
      const {until, everyMs, forMs, timeoutMs} = step
      return {until, everyMs, forMs, timeoutMs, probe: {uses: step.probe.uses, with: renderMap(step.probe.with, evaluate)}}
    }
    default:
      return step satisfies never
  }
}

/** A script is constant; an item that came out as an option would be taken for one, unless `--` or its own dash says so. */
function argvOf({argv, script}: RunStep, evaluate: Evaluate): readonly string[] {
  if (script !== null) return argv
  let isAfterDashes = false
  return argv.map((item, index) => {
    if (index === 0) return item
    const text = withoutNul(renderText(item, evaluate))
    if (isTemplated(item) && text.startsWith('-') && !item.startsWith('-') && !isAfterDashes) {
      throw new BadInput(`argument ${index} came out as "${text.slice(0, 40)}": a value may not become an option; put -- before it`)
    }
    if (item === '--') isAfterDashes = true
    return text
  })
}

function withoutNul(text: string): string {
  if (text.includes('\0')) throw new BadInput('a value holds a NUL character, which no argument can')
  return text
}

async function linesOf({ports}: Drive, step: Step, sent: JsonMap): Promise<readonly string[]> {
  switch (step.kind) {
    case 'uses': {
      const row = ports.actions.get(step.uses)
      if (!row) throw new BadInput(`there is no action ${step.uses}`)
      const [issue] = await row.check(sent)
      if (issue) throw new BadInput(`${step.uses}: ${issue.path.length > 0 ? `\`${issue.path.join('.')}\` ` : ''}${issue.message}`)
      return [row.describe(sent)]
    }
    case 'run':
      return step.script === null ? commandLines(step, sent) : [step.script.trimEnd(), ...commandLines(step, sent).slice(1)]
    case 'manual':
      return [sent['text'] as string] // `sentOf` made it
    case 'wait':
      return [`wait ${formatDuration(step.waitMs)}`]
    case 'wait_until':
      return [`wait until ${step.until}, at most ${formatDuration(step.timeoutMs)}`]
    default:
      return step satisfies never
  }
}

/** Failures that come before any effect; anything else is a bug and passes. */
export function isBeforeEffect(error: unknown): error is Error {
  return error instanceof ExpressionError || error instanceof BadInput
}
