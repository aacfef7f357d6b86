import type {Failed, JsonMap, OutputType, Performed, Ran, StepOutput, Unknown} from './ports.ts'
import type {RunStep} from './runbook.ts'

export type Ended = Extract<Performed, {end: 'finished'}> & {readonly output?: StepOutput; readonly exitCode?: number}
/** It ran, and said no. */
export type CommandFailed = Failed & {readonly output?: StepOutput}

/** Exit 0 finished the step whatever it printed: outputs that do not read are dropped, and said to be. */
export function outcomeOf(step: RunStep, ran: Ran): Ended | CommandFailed | Unknown {
  if (ran.end !== 'exited') return ran
  const {exitCode, stdout, output} = ran
  const said = output ? {output} : {}
  if (exitCode !== 0) {
    const last = output?.tail.trimEnd().split('\n').at(-1)
    const message = `exit ${exitCode}${last ? `: ${last.slice(0, 300)}` : ''}`
    return {end: 'failed', code: 'exec.exit', message, retryable: step.effect === 'idempotent', ...said}
  }
  const outputs = outputsFrom(step.outputs, stdout)
  const evidence = outputs === null ? 'outputs dropped: stdout was longer than 16 KiB or not the JSON object declared' : undefined
  return {end: 'finished', outputs: outputs ?? {}, exitCode, ...said, ...(evidence !== undefined && {evidence})}
}

function outputsFrom(declared: RunStep['outputs'], stdout: string | null): JsonMap | null {
  if (declared === null) return {}
  if (stdout === null) return null
  if (declared === 'text') return {text: stdout.trimEnd()}
  try {
    const parsed: unknown = JSON.parse(stdout)
    if (typeof parsed !== 'object' || parsed === null) return null
    const values = parsed as JsonMap // JSON.parse makes JSON
    return Object.fromEntries(Object.entries(declared).flatMap(([name, type]) => (fits(values[name], type) ? [[name, values[name] ?? null]] : [])))
  } catch {
    return null
  }
}

function fits(value: unknown, type: OutputType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return Number.isSafeInteger(value)
    case 'double':
      return typeof value === 'number'
    case 'list':
      return Array.isArray(value)
    default:
      return type satisfies never
  }
}
