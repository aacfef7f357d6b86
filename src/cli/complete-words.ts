import {shortId} from '../lib/ids.ts'
import type {Manifest, ManifestArg, ManifestCommand, ManifestFlag, Names} from './manifest.ts'
import {resolveCommand} from './resolve-command.ts'
import {MILESTONES, PUBLIC_IMPACTS, ROLES, SEVERITIES} from './words.ts'

/** One thing TAB may put in, and what it is. */
export interface Candidate {
  readonly value: string
  readonly description: string
}

/** Instead of candidates: the shell knows its files better. */
export const FILES = ':files'

export interface Known {
  readonly manifest: Manifest
  readonly names: Names
  /** Ids from the journal and the workspace: `incident`, `rod`, `run`, `runbook`, `component`. */
  ids(kind: string): Promise<readonly string[]>
}

const CLOSED: Readonly<Record<string, readonly string[]>> = {
  severity: SEVERITIES.map(severity => severity.toLowerCase()),
  role: ROLES.map(role => role.toLowerCase()),
  milestone: MILESTONES,
  impact: PUBLIC_IMPACTS,
  shell: ['bash', 'zsh', 'fish'],
}

/** What may stand in place of the last of `words`, which is still being typed; `words` begin after `scram`. */
export async function completeWords(words: readonly string[], known: Known): Promise<readonly Candidate[] | typeof FILES> {
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  if (before.includes('--')) return FILES
  const found = resolveCommand(known.names, before)
  const command = found && known.manifest[found.id]
  const next = found && found.rest.length > 0 ? [] : nextWords(before, known)
  const values = command ? await forCommand(command, found.rest, typed, known) : []
  if (values === FILES) return next.length > 0 ? matching(next, typed) : FILES
  return matching([...next, ...values], typed)
}

function matching(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  return candidates.filter(({value}) => value.startsWith(typed))
}

/** The words that may follow towards a command: `rod` → `insert`, `list` …; at the start: verbs and topics. */
function nextWords(before: readonly string[], {manifest, names}: Known): readonly Candidate[] {
  const head = before.map(word => `${word}:`).join('')
  const next = new Map<string, string>()
  for (const [name, id] of Object.entries(names)) {
    if (!name.startsWith(head) || manifest[id]?.hidden) continue
    const [word = '', ...more] = name.slice(head.length).split(':')
    if (more.length === 0) next.set(word, manifest[id]?.summary ?? '')
    else if (!next.has(word)) next.set(word, `more about ${head.replaceAll(':', ' ')}${word}`)
  }
  if (before.length === 0) next.set('help', 'show how to use a command')
  return [...next].map(([value, description]) => ({value, description}))
}

async function forCommand(command: ManifestCommand, rest: readonly string[], typed: string, known: Known): Promise<readonly Candidate[] | typeof FILES> {
  const {flags} = command
  const waiting = waitingFlag(flags, rest.at(-1))
  if (waiting) return valuesOf(waiting, typed, known)
  const [, name, value] = /^--([\w-]+)=(.*)$/s.exec(typed) ?? []
  if (name !== undefined && value !== undefined) {
    const values = flags[name] ? await valuesOf(flags[name], value, known) : []
    return values === FILES ? FILES : values.map(each => ({...each, value: `--${name}=${each.value}`}))
  }
  if (typed.startsWith('-')) return flagsLeft(flags, rest)
  const args = Object.values(command.args)
  const last = args.at(-1)
  const arg = args[positional(flags, rest)] ?? (last?.multiple ? last : undefined)
  return arg ? valuesOf(arg, typed, known) : []
}

/** The option that the last word began and whose value is due. */
function waitingFlag(flags: ManifestCommand['flags'], word: string | undefined): ManifestFlag | undefined {
  if (word === undefined) return undefined
  const flag = Object.values(flags).find(({name, char}) => word === `--${name}` || (char !== undefined && word === `-${char}`))
  return flag?.type === 'option' ? flag : undefined
}

/** How many arguments are there already; a flag's value is none. */
function positional(flags: ManifestCommand['flags'], rest: readonly string[]): number {
  return rest.filter((word, i) => !word.startsWith('-') && !waitingFlag(flags, rest[i - 1])).length
}

function flagsLeft(flags: ManifestCommand['flags'], rest: readonly string[]): readonly Candidate[] {
  const left = Object.values(flags).filter(
    ({name, char, multiple}) => multiple || !rest.some(word => word === `--${name}` || word.startsWith(`--${name}=`) || word === `-${char}`),
  )
  return [...left.map(({name, summary = ''}) => ({value: `--${name}`, description: summary})), {value: '--help', description: 'show how to use it'}]
}

async function valuesOf(of: ManifestArg | ManifestFlag, typed: string, known: Known): Promise<readonly Candidate[] | typeof FILES> {
  const {complete, values, helpValue} = {values: undefined, helpValue: undefined, ...of}
  if (helpValue === 'FILE' || helpValue === 'DIR') return FILES
  const plain = (words: readonly string[]) => words.map(value => ({value, description: ''}))
  if (values && complete) {
    // component=status: first the one, then the other.
    const [name, status] = typed.split('=', 2)
    return status === undefined ? plain((await known.ids(complete)).map(id => `${id}=`)) : plain(values.map(value => `${name}=${value}`))
  }
  if (values) return plain(values)
  if (complete === undefined || complete === 'none') return []
  const closed = CLOSED[complete]
  return plain(closed ?? shortest(await known.ids(complete)))
}

/** `0607-k7qm` for `0607-k7qm2v9xhe4a`, where it is enough. */
function shortest(ids: readonly string[]): readonly string[] {
  const shorts = ids.map(shortId)
  return ids.map((id, i) => (shorts.indexOf(shorts[i] ?? '') === shorts.lastIndexOf(shorts[i] ?? '') ? (shorts[i] ?? id) : id))
}
