import {string as stringArg} from '@oclif/core/args'
import {boolean, custom, integer} from '@oclif/core/flags'
import type {Arg, OptionFlag} from '@oclif/core/interfaces'
import {SEVERITIES, type Severity} from '../incident/words.ts'
import {parseDuration} from '../lib/durations.ts'
import {Fault} from '../lib/fault.ts'

/** What TAB offers for a value: answered by the hidden `__complete`, kept in the manifest by the build. */
export type Completes = 'incident' | 'rod' | 'bank' | 'runbook' | 'run' | 'component' | 'severity' | 'role' | 'milestone' | 'impact' | 'shell' | 'none'

interface ArgOptions {
  readonly description: string
  readonly complete?: Completes
}

/**
 * An argument. `ignoreStdin` always: oclif would read a missing one from a pipe, and `echo router | scram in` would
 * insert a rod. `-` is the only way to read stdin.
 */
export function arg(options: ArgOptions & {readonly required: true}): Arg<string>
export function arg(options: ArgOptions & {readonly multiple: true}): Arg<string[] | undefined>
export function arg(options: ArgOptions): Arg<string | undefined>
export function arg(options: ArgOptions & {readonly required?: boolean; readonly multiple?: boolean}): never {
  // `complete` is ours: the build reads it from here. oclif's types know no further keys; the overloads say what it is.
  return stringArg({...options, ignoreStdin: true} as never) as never
}

interface FlagOptions {
  readonly char?: Lowercase<string> | Uppercase<string>
  readonly summary: string
  readonly complete?: Completes
  readonly helpValue?: string
}

/** Flags as commands declare them. Values are checked here, so `run()` sees only good ones; bad ones exit 64. */
export const flags = {
  /** With `multiple` one value a flag: oclif's greedy way would swallow the argument after it. */
  string: custom({multipleNonGreedy: true}),
  boolean,
  integer,
  /** `15m` → milliseconds, at most `longestMs`. */
  duration: custom<number, {longestMs?: number}>({helpValue: 'DURATION', parse: async (text, _, {longestMs}) => parseDuration(text, longestMs)}),
  severity,
  /** One of a list, upper or lower case. */
  word,
  pair,
}

function severity(options: FlagOptions): OptionFlag<Severity | undefined> {
  // `complete` is ours, as in `arg`.
  return custom<Severity>({helpValue: 'SEV', parse: async text => severityOf(text)})({complete: 'severity', ...options} as never) as OptionFlag<
    Severity | undefined
  >
}

function word<const V extends readonly string[]>({values, ...options}: FlagOptions & {readonly values: V}): OptionFlag<V[number] | undefined> {
  const helpValue = values.length <= 5 ? `{${values.join('|')}}` : 'WORD'
  return custom({helpValue, parse: async (text): Promise<string> => wordOf('', values, text)})({...options, values} as never) as OptionFlag<
    V[number] | undefined
  >
}

/** `-c api=operational -c web=major_outage`, repeated; `pairsToRecord` makes one object of them. */
function pair<const V extends readonly string[]>({
  values,
  ...options
}: FlagOptions & {readonly values: V}): OptionFlag<(readonly [string, V[number]])[] | undefined> {
  const parse = async (text: string) => pairOf(values, text)
  // oclif's overloads take a tuple for a list of values; `multiple` makes the list.
  const flag: unknown = custom<object>({helpValue: 'NAME=STATUS', parse: parse as never})({
    ...options,
    values,
    multiple: true,
    multipleNonGreedy: true,
  } as never)
  return flag as OptionFlag<(readonly [string, V[number]])[] | undefined>
}

function pairOf<const V extends readonly string[]>(values: V, text: string): readonly [string, V[number]] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Fault('usage.invalid', `"${shown(text)}" is not NAME=STATUS, such as api=${values[0]}`)
  return [name.trim(), wordOf(`status of ${shown(name)}`, values, value)]
}

/** @throws Fault usage.invalid: the same name with two values */
export function pairsToRecord<V>(pairs: readonly (readonly [string, V])[] | undefined): Readonly<Record<string, V>> | undefined {
  if (pairs === undefined) return undefined
  const record = new Map<string, V>()
  for (const [name, value] of pairs) {
    if (record.has(name) && record.get(name) !== value)
      throw new Fault('usage.invalid', `"${shown(name)}" is given twice, as ${shown(String(record.get(name)))} and ${shown(String(value))}`)
    record.set(name, value)
  }
  return Object.fromEntries(record)
}

/** `sev1`, `SEV1` or `1`. @throws Fault usage.invalid */
export function severityOf(text: string): Severity {
  const word = text.trim().toUpperCase()
  const found = SEVERITIES.find(severity => severity === word || severity.slice(3) === word)
  if (found) return found
  throw new Fault('usage.invalid', `"${shown(text)}" is not a severity; write sev1 (worst) to sev5`)
}

/** `what` names the argument; a flag is named by the parser. @throws Fault usage.invalid, listing the right ones */
export function wordOf<const V extends readonly string[]>(what: string, values: V, text: string): V[number] {
  const word = text.trim().toLowerCase()
  const found = values.find(value => value === word || value.replaceAll('_', '-') === word)
  if (found !== undefined) return found
  throw new Fault('usage.invalid', `${what === '' ? '' : `${what} `}"${shown(text)}" is not one of ${values.join(', ')}`)
}

/** `key=value`, the value kept whole. @throws Fault usage.invalid */
export function keyValue(flag: string, text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Fault('usage.invalid', `--${flag} wants key=value, not "${shown(text)}"`)
  return [text.slice(0, at), text.slice(at + 1)]
}

const SHOWN = 60
const shown = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
