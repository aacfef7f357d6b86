import type {Draft} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import type {Answer, JsonMap, OutputType} from './ports.ts'

/** What `step.started` of a manual step carries: enough to answer it without reading the runbook again. */
export interface ManualSent {
  readonly text: string
  readonly evidence: 'optional' | 'required'
  readonly outputs: Readonly<Record<string, OutputType>>
}

export function doneDrafts(run: string, step: string, outputs: JsonMap, {by, evidence, why}: {by: string; evidence?: string; why?: string}): readonly Draft[] {
  const said = {kind: 'decision.recorded', data: {run, step, of: 'answer', value: 'done', by, ...(why !== undefined && {why})}} as const
  return [said, {kind: 'step.finished', data: {run, step, ms: 0, outputs, ...(evidence !== undefined && {evidence})}}]
}

/** Texts as typed → outputs of the declared types. */
export function takeAnswer(
  wanted: ManualSent,
  {outputs = {}, evidence = ''}: Pick<Answer, 'outputs' | 'evidence'>,
): {ok: true; outputs: JsonMap} | {ok: false; problem: string} {
  const stray = Object.keys(outputs).find(name => !Object.hasOwn(wanted.outputs, name))
  if (stray !== undefined) return {ok: false, problem: `there is no output ${stray}; it takes ${Object.keys(wanted.outputs).join(', ') || 'none'}`}
  const values: Record<string, Json> = {}
  for (const [name, type] of Object.entries(wanted.outputs)) {
    const text = outputs[name]
    if (text === undefined || text === '') return {ok: false, problem: `wants ${name} (${type}): --output ${name}=…`}
    const value = typed(type, text)
    if (value === undefined) return {ok: false, problem: `wants ${type === 'bool' ? 'true or false' : type} for ${name}, not "${text.slice(0, 60)}"`}
    values[name] = value
  }
  if (wanted.evidence === 'required' && evidence.trim() === '') return {ok: false, problem: 'wants evidence: a text or a file'}
  return {ok: true, outputs: values}
}

/** The flags `scram done` wants for it, to be filled in. */
export function flagsOf({outputs, evidence}: ManualSent): string {
  const flags = [...(evidence === 'required' ? ['-m TEXT'] : []), ...Object.keys(outputs).map(name => `--output ${name}=…`)]
  return flags.map(flag => ` ${flag}`).join('')
}

/** What a person knows of an attempt whose end scram did not see; what they do not know, or not in that type, stays absent. */
export function knownOutputs(declared: Readonly<Record<string, OutputType>>, said: Answer['outputs'] = {}): JsonMap {
  const values: Record<string, Json> = {}
  for (const [name, type] of Object.entries(declared)) {
    const text = said[name] ?? ''
    const value = text === '' ? undefined : typed(type, text)
    if (value !== undefined) values[name] = value
  }
  return values
}

function typed(type: OutputType, text: string): Json | undefined {
  if (type === 'string') return text
  if (type === 'bool') return text === 'true' ? true : text === 'false' ? false : undefined
  if (type === 'list') return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) return undefined
  return type === 'int' && !Number.isSafeInteger(value) ? undefined : value
}
