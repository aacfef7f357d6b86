import type {Json} from '../lib/canonical.ts'
import {parseDuration} from '../lib/durations.ts'
import type {YamlPath} from '../lib/yaml-source.ts'
import type {OutputType} from './ports.ts'
import type {Call, Group, NodeList, OnFailure, Parallel, Retry, Runbook, RunStep, Step, UsesStep, Verify} from './runbook.ts'
import type {RawDefaults} from './schema.ts'
import type {Raw, RawNode, RawOnFailure, RawRetry, RawUndo} from './step-schema.ts'
import {ownWords, slug} from './step-words.ts'

const DEFAULT_TIMEOUT_MS = 5 * 60_000
const DEFAULT_WAIT_UNTIL_MS = 15 * 60_000
const DEFAULT_EVERY_MS = 10_000

type RawStep = Exclude<RawNode, {kind: 'steps' | 'parallel' | 'call'}>
type RawUsing = Raw<'uses'> | Extract<RawUndo, {kind: 'uses'}>
type RawRunning = Raw<'run'> | Extract<RawUndo, {kind: 'run'}>
type With = Readonly<Record<string, Json>>

/** From what was read to what is run: defaults applied, durations in ms. `undo` is built already: it is read like a step. */
export function stepOf(raw: RawStep, path: YamlPath, defaults: RawDefaults, undo: Step['undo']): Step {
  const acting = {
    ...commonOf(raw, path),
    confirm: raw.confirm ?? null,
    approve: raw.approve ? approveOf(raw.approve) : null,
    onFailure: onFailureOf(raw.on_failure ?? defaults.on_failure ?? 'ask'),
    undo,
  }
  switch (raw.kind) {
    case 'uses':
      return {...acting, kind: 'uses', ...usingOf(raw), ...attemptsOf(raw, defaults)}
    case 'run':
      return {...acting, kind: 'run', ...runningOf(raw), ...attemptsOf(raw, defaults)}
    case 'manual':
      return {...acting, kind: 'manual', text: raw.manual, evidence: raw.evidence ?? 'optional', outputs: outputTypes(raw.outputs ?? {})}
    case 'wait':
      return {...acting, kind: 'wait', waitMs: parseDuration(raw.wait)}
    case 'wait_until':
      return {
        ...acting,
        kind: 'wait_until',
        until: raw.wait_until,
        probe: {uses: raw.probe.uses, with: withOf(raw.probe.with)},
        everyMs: ms(raw.every, DEFAULT_EVERY_MS),
        forMs: ms(raw.for, 0),
        timeoutMs: ms(raw.timeout, DEFAULT_WAIT_UNTIL_MS),
      }
    default:
      return raw satisfies never
  }
}

/** A step of its own, with events and policy, named after the one it takes back: `STEP/undo`. */
export function undoOf(raw: RawUndo, path: YamlPath, defaults: RawDefaults): UsesStep | RunStep {
  const acting = {
    id: 'undo',
    name: raw.name ?? ownWords(raw),
    isAnonymous: false,
    isNamedOnly: false,
    path,
    if: null,
    confirm: null,
    approve: null,
    onFailure: 'ask',
    undo: null,
    ...attemptsOf(raw, defaults),
  } as const
  return raw.kind === 'uses' ? {...acting, kind: 'uses', ...usingOf(raw)} : {...acting, kind: 'run', ...runningOf(raw)}
}

export function groupOf(raw: Raw<'steps'>, path: YamlPath, steps: NodeList): Group {
  const {for_each: each} = raw
  const forEach = each === undefined ? null : typeof each === 'string' ? {cel: each} : {items: each}
  return {...ownerOf(raw, path), kind: 'group', forEach, steps}
}

export function parallelOf(raw: Raw<'parallel'>, path: YamlPath, steps: Parallel['steps']): Parallel {
  return {...ownerOf(raw, path), kind: 'parallel', steps}
}

export function callOf(raw: Raw<'call'>, path: YamlPath, called: Runbook): Call {
  return {...commonOf(raw, path), kind: 'call', runbook: raw.call, with: withOf(raw.with), called}
}

function commonOf(raw: Exclude<RawNode, {kind: 'steps' | 'parallel'}>, path: YamlPath) {
  return {
    id: raw.id ?? slug(raw.name ?? ownWords(raw)),
    name: raw.name ?? ownWords(raw),
    isAnonymous: raw.id === undefined && raw.name === undefined,
    isNamedOnly: raw.id === undefined && raw.name !== undefined,
    path,
    if: raw.if ?? null,
  }
}

/** Without an `id` of its own it has none at all: a name given later must not change the identity of its steps. */
function ownerOf(raw: Raw<'steps' | 'parallel'>, path: YamlPath) {
  return {
    id: raw.id ?? '',
    hasId: raw.id !== undefined,
    name: raw.name ?? raw.id ?? (raw.kind === 'steps' ? 'steps' : 'at the same time'),
    isAnonymous: raw.id === undefined && raw.name === undefined,
    isNamedOnly: raw.id === undefined && raw.name !== undefined,
    path,
    if: raw.if ?? null,
  }
}

function usingOf(raw: RawUsing) {
  return {uses: raw.uses, with: withOf(raw.with)}
}

const SHELLS = {sh: ['/bin/sh', '-eu', '-c'], bash: ['bash', '-euo', 'pipefail', '-c']} as const

function runningOf(raw: RawRunning) {
  const outputs = 'outputs' in raw ? raw.outputs : undefined
  return {
    argv: typeof raw.run === 'string' ? [...SHELLS[raw.shell ?? 'sh'], raw.run] : raw.run,
    script: typeof raw.run === 'string' ? raw.run : null,
    env: raw.env ?? {},
    secrets: raw.secrets ?? {},
    effect: raw.effect ?? 'unsafe',
    outputs: outputs === undefined || outputs === 'text' ? (outputs ?? null) : outputTypes(outputs),
    check: ('check' in raw ? raw.check : undefined) ?? null,
  }
}

function attemptsOf(raw: RawUsing | RawRunning, defaults: RawDefaults) {
  const retry = raw.retry ?? defaults.retry
  return {
    timeoutMs: ms(raw.timeout ?? defaults.timeout, DEFAULT_TIMEOUT_MS),
    retry: retry ? retryOf(retry) : null,
    ownRetry: raw.retry !== undefined,
    resume: raw.resume ?? null,
    verify: raw.verify ? verifyOf(raw.verify) : null,
    idempotencyKey: raw.idempotency_key ?? null,
  }
}

function retryOf({max, delay, backoff, jitter, on}: RawRetry): Retry {
  return {max, delayMs: parseDuration(delay), backoff, jitter, ...(on && {on})}
}

function verifyOf({uses, with: given, expect, within, every}: NonNullable<RawUsing['verify']>): Verify {
  return {uses, with: withOf(given), expect: expect ?? 'result.ok', withinMs: parseDuration(within), everyMs: parseDuration(every)}
}

function approveOf({from, count, timeout, on_timeout}: NonNullable<RawStep['approve']>) {
  return {from, count, timeoutMs: parseDuration(timeout), onTimeout: on_timeout}
}

function onFailureOf(raw: RawOnFailure): OnFailure {
  // biome-ignore lint/suspicious/noThenProperty: a key of the format
  return raw === 'undo' ? {undo: 'group', then: 'ask'} : raw
}

function outputTypes(types: Readonly<Record<string, 'string' | 'int' | 'number' | 'bool'>>): Readonly<Record<string, OutputType>> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, type === 'number' ? 'double' : type]))
}

/** YAML values are JSON: `yaml-oddities.ts` refuses what is not. */
function withOf(given: Readonly<Record<string, unknown>> | undefined): With {
  return (given ?? {}) as With
}

function ms(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseDuration(text)
}
