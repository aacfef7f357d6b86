import {defined} from '../lib/defined.ts'
import {parseDuration} from '../lib/durations.ts'
import {sha256Hex} from '../lib/sha256.ts'
import {parseSource, type Source} from '../lib/yaml-source.ts'
import {allCalled, type Calls, type Find, resolveCall, tooLarge} from './calls.ts'
import {byPlace, type Finding} from './finding.ts'
import {type Reading, readAbortSteps, readSteps} from './read-steps.ts'
import type {InputDefinition, Runbook, Updates} from './runbook.ts'
import {type RawRunbook, runbookSchema} from './schema.ts'
import {schemaFinding, schemaFindings, withoutExtras} from './schema-findings.ts'

/** A runbook with the text it came from. `path` is what findings and the record call the file. */
export interface Written {
  readonly runbook: Runbook
  readonly text: string
  readonly sha256: string
  readonly path: string
}

/** A runbook that may be run. */
export interface Opened extends Written {
  /** Every runbook it calls, directly or not, by id: pinned together with it. */
  readonly called: Readonly<Record<string, Written>>
}

/** The same as it was parsed, for whoever looks for flaws in it. */
export interface Loaded extends Opened {
  readonly source: Source
  readonly called: Readonly<Record<string, Loaded>>
  /** Those it calls itself. */
  readonly calls: readonly Loaded[]
}

export type Loading = {readonly ok: true; readonly loaded: Loaded} | {readonly ok: false; readonly findings: readonly Finding[]}

/**
 * Reads, bounds and checks the text against the schema, and the runbooks it calls by way of `find`; names and expressions
 * are lint's to judge. Without `find` a call is an error. Pure but for `find`.
 */
export function loadRunbook(path: string, text: string, find?: Find): Loading {
  return load(path, text, {trail: [], seen: new Map(), find, load})
}

function load(path: string, text: string, above: Calls): Loading {
  const parsed = parseSource(path, text)
  if (!parsed.ok) return {ok: false, findings: [{level: 'E', code: 'yaml', message: parsed.message, file: path, ...parsed.place}]}
  const {source} = parsed
  const findings: Finding[] = []
  const top = runbookSchema.safeParse(withoutExtras(source.value))
  if (!top.success) findings.push(...schemaFindings(source, [], 'a runbook', Object.keys(runbookSchema.shape), top.error.issues))
  const written = source.value as {runbook?: unknown; steps?: unknown; on_abort?: unknown} | null // anything: looked at before use
  const calls: Calls = above.trail.length > 0 || typeof written?.runbook !== 'string' ? above : {...above, trail: [written.runbook]}
  const direct = new Map<string, Loaded>()
  const reading: Reading = {
    source,
    findings,
    defaults: top.data?.defaults ?? {},
    call(id, place) {
      const called = resolveCall(calls, id)
      if (called.ok) direct.set(id, called.loaded)
      else findings.push({...schemaFinding(source, 'value', place, called.message), code: called.code})
      return called.ok ? called.loaded.runbook : null
    },
  }
  const steps = Array.isArray(written?.steps) ? readSteps(reading, written.steps, ['steps']) : []
  const onAbort = Array.isArray(written?.on_abort) ? readAbortSteps(reading, written.on_abort) : []
  const updates = top.success ? updatesOf(source, top.data.updates, findings) : null
  const all = allCalled([...direct.values()])
  const excess = tooLarge(text, all)
  if (excess !== null) findings.push(schemaFinding(source, 'value', [], excess))
  if (!top.success || findings.length > 0) return {ok: false, findings: findings.toSorted(byPlace)}
  const runbook = {...headOf(top.data), updates, steps, onAbort}
  return {ok: true, loaded: {runbook, text, sha256: sha256Hex(text), path, source, called: all, calls: [...direct.values()]}}
}

function headOf(raw: RawRunbook): Omit<Runbook, 'updates' | 'steps' | 'onAbort'> {
  return {
    id: raw.runbook,
    title: raw.title,
    description: raw.description ?? null,
    owners: raw.owners ?? [],
    severity: raw.severity ?? null,
    inputs: Object.fromEntries(Object.entries(raw.inputs ?? {}).map(([id, input]) => [id, inputOf(input)])),
    outputs: raw.outputs ?? {},
  }
}

function inputOf({required, ...rest}: NonNullable<RawRunbook['inputs']>[string]): InputDefinition {
  return {...defined(rest), required: required ?? rest.default === undefined}
}

function updatesOf(source: Source, raw: RawRunbook['updates'], findings: Finding[]): Updates | null {
  if (!raw) return null
  const everyMs = parseDuration(raw.every)
  const atMostMs = raw.at_most === undefined ? null : parseDuration(raw.at_most)
  if (atMostMs !== null && atMostMs < everyMs)
    findings.push(schemaFinding(source, 'value', ['updates', 'at_most'], `\`at_most\` ${raw.at_most} is less than \`every\` ${raw.every}`))
  if (raw.mode !== 'prompt' && raw.fallback === undefined)
    findings.push(schemaFinding(source, 'value', ['updates', 'mode'], `\`mode: ${raw.mode}\` wants a \`fallback\`: the text to begin with`))
  return {everyMs, atMostMs, mode: raw.mode, fallback: raw.fallback ?? null}
}
