import {sha256Hex} from '../lib/sha256.ts'
import {parseSource, type Source, type YamlPath} from '../lib/yaml-source.ts'
import {byPlace, type Finding} from './finding.ts'
import {type Placed, planOf} from './plan.ts'
import type {Condition, Runbook} from './runbook.ts'
import {groupSchema, type RawStep, runbookSchema, STEP_KEYS, STEP_SCHEMAS, type StepKindKey} from './schema.ts'
import {schemaFinding, schemaFindings} from './schema-findings.ts'

/** A runbook that may be run, with the text it came from. `path` is what findings and the record call the file. */
export interface Loaded {
  readonly runbook: Runbook
  readonly text: string
  readonly sha256: string
  readonly path: string
  readonly source: Source
}

export type Loading = {readonly ok: true; readonly loaded: Loaded} | {readonly ok: false; readonly findings: readonly Finding[]}

const KINDS = ['uses', 'run', 'manual', 'wait', 'wait_until', 'steps', 'parallel', 'call'] as const
const DEEPEST_GROUP = 5

/** Reads, bounds and checks the text against the schema; names and expressions are lint's to judge. Pure. */
export function loadRunbook(path: string, text: string): Loading {
  const parsed = parseSource(path, text)
  if (!parsed.ok) return {ok: false, findings: [{level: 'E', code: 'yaml', message: parsed.message, file: path, ...parsed.place}]}
  const {source} = parsed
  const findings: Finding[] = []
  const top = runbookSchema.safeParse(withoutExtras(source.value))
  if (!top.success) findings.push(...schemaFindings(source, [], 'a runbook', Object.keys(runbookSchema.shape), top.error.issues))
  const listed = (source.value as {steps?: unknown} | null)?.steps
  const placed = Array.isArray(listed) ? placeAll(source, listed, {path: ['steps'], groups: [], conditions: []}, findings) : []
  if (!top.success || findings.length > 0) return {ok: false, findings: findings.toSorted(byPlace)}
  return {ok: true, loaded: {runbook: planOf(top.data, placed), text, sha256: sha256Hex(text), path, source}}
}

interface Spot {
  readonly path: YamlPath
  readonly groups: readonly string[]
  readonly conditions: readonly Condition[]
}

function placeAll(source: Source, list: readonly unknown[], spot: Spot, findings: Finding[]): readonly Placed[] {
  return list.flatMap((value, index) => place(source, value, {...spot, path: [...spot.path, index]}, findings))
}

function place(source: Source, given: unknown, spot: Spot, findings: Finding[]): readonly Placed[] {
  const value = withoutExtras(given)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    findings.push(schemaFinding(source, 'value', spot.path, 'a step is a map'))
    return []
  }
  const kinds = KINDS.filter(kind => Object.hasOwn(value, kind))
  const [kind] = kinds
  if (kinds.length !== 1 || kind === undefined) {
    const has = kinds.length === 0 ? 'none of them' : kinds.join(' and ')
    findings.push({
      ...schemaFinding(source, 'value', spot.path, `a step has exactly one of ${KINDS.join(', ')}; this has ${has}`),
      code: 'step-kind',
    })
    return []
  }
  if (kind === 'parallel' || kind === 'call') {
    findings.push({
      ...schemaFinding(source, 'key', [...spot.path, kind], `\`${kind}\` is not read by this version of scram; write the steps one after another`),
    })
    return []
  }
  return kind === 'steps' ? placeGroup(source, value, spot, findings) : placeStep(source, kind, value, spot, findings)
}

function placeStep(source: Source, kind: StepKindKey, value: object, {path, groups, conditions}: Spot, findings: Finding[]): readonly Placed[] {
  const checked = STEP_SCHEMAS[kind].safeParse(value)
  if (!checked.success) {
    findings.push(...schemaFindings(source, path, 'a step', STEP_KEYS[kind], checked.error.issues))
    return []
  }
  const raw = {kind, ...checked.data} as RawStep // the schema of `kind` checked it
  return [{raw, path, groups, conditions}]
}

function placeGroup(source: Source, value: object, spot: Spot, findings: Finding[]): readonly Placed[] {
  const checked = groupSchema.safeParse(value)
  if (!checked.success) {
    findings.push(...schemaFindings(source, spot.path, 'a group', STEP_KEYS.steps, checked.error.issues))
    return []
  }
  const {id, if: condition, steps} = checked.data
  const groups = id === undefined ? spot.groups : [...spot.groups, id]
  const path = [...spot.path, 'steps']
  // Two levels of the path a group: its key and its place in the list.
  if (path.length / 2 > DEEPEST_GROUP + 1) {
    findings.push(schemaFinding(source, 'value', spot.path, `groups are at most ${DEEPEST_GROUP} deep`))
    return []
  }
  const at = groups.join('/')
  if (condition !== undefined && id === undefined) {
    findings.push(schemaFinding(source, 'key', [...spot.path, 'if'], 'a group with `if` wants an `id`: its result is recorded under it'))
  }
  const conditions = condition === undefined ? spot.conditions : [...spot.conditions, {at, source: condition, path: [...spot.path, 'if']}]
  return placeAll(source, steps, {path, groups, conditions}, findings)
}

/** `x-…` is free everywhere a map of ours may stand. */
function withoutExtras(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')))
}
