import {defined} from '../lib/defined.ts'
import {parseDuration} from '../lib/durations.ts'
import type {YamlPath} from '../lib/yaml-source.ts'
import type {OutputType} from './ports.ts'
import type {Condition, InputDefinition, OnFailure, Retry, Runbook, Step} from './runbook.ts'
import {isFreeWord, type RawRetry, type RawRunbook, type RawStep} from './schema.ts'

const DEFAULT_TIMEOUT_MS = 5 * 60_000
const DEFAULT_WAIT_UNTIL_MS = 15 * 60_000
const DEFAULT_EVERY_MS = 10_000

/** A checked step with where it stands and the conditions of the groups around it. */
export interface Placed {
  readonly raw: RawStep
  readonly path: YamlPath
  /** Ids of the groups around it, outermost first. */
  readonly groups: readonly string[]
  readonly conditions: readonly Condition[]
}

/** From what was read to what is run: defaults applied, durations in ms, every step with its instance. */
export function planOf(raw: RawRunbook, placed: readonly Placed[]): Runbook {
  return {
    id: raw.runbook,
    title: raw.title,
    description: raw.description ?? null,
    owners: raw.owners ?? [],
    severity: raw.severity ?? null,
    inputs: Object.fromEntries(Object.entries(raw.inputs ?? {}).map(([id, input]) => [id, inputOf(input)])),
    steps: placed.map(one => stepOf(one, raw.defaults ?? {})),
    outputs: raw.outputs ?? {},
  }
}

function inputOf({required, ...rest}: NonNullable<RawRunbook['inputs']>[string]): InputDefinition {
  return {...defined(rest), required: required ?? rest.default === undefined}
}

function stepOf({raw, path, groups, conditions}: Placed, defaults: NonNullable<RawRunbook['defaults']>): Step {
  const id = idOf(raw)
  const instance = [...groups, id].join('/')
  const common = {
    id,
    instance,
    name: raw.name ?? ownWords(raw),
    isAnonymous: raw.id === undefined && raw.name === undefined,
    isNamedOnly: raw.id === undefined && raw.name !== undefined,
    path,
    conditions: raw.if === undefined ? conditions : [...conditions, {at: instance, source: raw.if, path: [...path, 'if']}],
    confirm: raw.confirm ?? null,
    onFailure: (raw.on_failure ?? defaults.on_failure ?? 'ask') satisfies OnFailure,
  }
  switch (raw.kind) {
    case 'uses':
      return {...common, kind: 'uses', uses: raw.uses, with: (raw.with ?? {}) as Extract<Step, {kind: 'uses'}>['with'], ...attempts(raw, defaults)} // YAML values are JSON
    case 'run':
      return {
        ...common,
        kind: 'run',
        argv: typeof raw.run === 'string' ? ['/bin/sh', '-eu', '-c', raw.run] : raw.run,
        script: typeof raw.run === 'string' ? raw.run : null,
        env: raw.env ?? {},
        secrets: raw.secrets ?? {},
        effect: raw.effect ?? 'unsafe',
        outputs: raw.outputs === undefined || raw.outputs === 'text' ? (raw.outputs ?? null) : outputTypes(raw.outputs),
        ...attempts(raw, defaults),
      }
    case 'manual':
      return {...common, kind: 'manual', text: raw.manual, evidence: raw.evidence ?? 'optional', outputs: outputTypes(raw.outputs ?? {})}
    case 'wait':
      return {...common, kind: 'wait', waitMs: parseDuration(raw.wait)}
    case 'wait_until':
      return {
        ...common,
        kind: 'wait_until',
        until: raw.wait_until,
        probe: {uses: raw.probe.uses, with: (raw.probe.with ?? {}) as Extract<Step, {kind: 'wait_until'}>['probe']['with']}, // YAML values are JSON
        everyMs: ms(raw.every, DEFAULT_EVERY_MS),
        forMs: ms(raw.for, 0),
        timeoutMs: ms(raw.timeout, DEFAULT_WAIT_UNTIL_MS),
      }
    default:
      return raw satisfies never
  }
}

function attempts(raw: Extract<RawStep, {kind: 'uses' | 'run'}>, defaults: NonNullable<RawRunbook['defaults']>) {
  const retry = raw.retry ?? defaults.retry
  return {
    timeoutMs: ms(raw.timeout ?? defaults.timeout, DEFAULT_TIMEOUT_MS),
    retry: retry ? retryOf(retry) : null,
    ownRetry: raw.retry !== undefined,
    resume: raw.resume ?? null,
  }
}

function retryOf({max, delay, backoff, jitter, on}: RawRetry): Retry {
  return {max, delayMs: parseDuration(delay), backoff, jitter, ...(on && {on})}
}

function outputTypes(types: Readonly<Record<string, 'string' | 'int' | 'number' | 'bool'>>): Readonly<Record<string, OutputType>> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, type === 'number' ? 'double' : type]))
}

function ms(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseDuration(text)
}

/** Slug of the name, else of the kind's own words: identity hangs on it, so lint asks for an `id` where it matters. */
export function idOf(raw: RawStep): string {
  return raw.id ?? slug(raw.name ?? ownWords(raw))
}

export function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
  const id = words.slice(0, 35).replace(/_+$/, '')
  return id === '' ? 'step' : isFreeWord(id) ? id : `${id}_step`
}

function ownWords(raw: RawStep): string {
  switch (raw.kind) {
    case 'uses':
      return raw.uses
    case 'run':
      return typeof raw.run === 'string' ? (raw.run.split('\n')[0] ?? 'run') : raw.run.join(' ')
    case 'manual':
      return raw.manual.split('\n')[0] ?? 'manual'
    case 'wait':
      return `wait ${raw.wait}`
    case 'wait_until':
      return `wait until ${raw.wait_until}`
    default:
      return raw satisfies never
  }
}
