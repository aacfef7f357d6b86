import type {Source, YamlPath} from '../lib/yaml-source.ts'
import type {Finding} from './finding.ts'
import {callOf, groupOf, parallelOf, stepOf, undoOf} from './plan.ts'
import type {Call, Node, NodeList, Parallel, Runbook, Step, UsesStep} from './runbook.ts'
import type {RawDefaults} from './schema.ts'
import {schemaFinding, schemaFindings, withoutExtras} from './schema-findings.ts'
import {KINDS, type KindKey, type Raw, type RawNode, type RawUndo, STEP_KEYS, STEP_SCHEMAS, UNDO_KEYS, UNDO_SCHEMAS} from './step-schema.ts'

const DEEPEST_GROUP = 5

/** What reading a list of steps needs, and where it puts what it finds. */
export interface Reading {
  readonly source: Source
  readonly defaults: RawDefaults
  readonly findings: Finding[]
  /** The runbook a `call` names, itself checked; null: a finding about it was made. */
  call(runbook: string, path: YamlPath): Runbook | null
}

/** Every step that reads, in order; one that does not is a finding and is left out. */
export function readSteps(reading: Reading, list: readonly unknown[], path: YamlPath, depth = 0): NodeList {
  return list.flatMap((value, index) => readNode(reading, value, [...path, index], depth) ?? [])
}

/** Looks and records, never acts: one `uses` a step. What its effect is, lint knows. */
export function readAbortSteps(reading: Reading, list: readonly unknown[]): readonly UsesStep[] {
  return readSteps(reading, list, ['on_abort']).flatMap(node => {
    if (node.kind === 'uses') return [node]
    const message = `\`on_abort\` may look and record, not act: \`uses\` only, not \`${keyOf(node)}\``
    reading.findings.push({...schemaFinding(reading.source, 'key', [...node.path, keyOf(node)], message), code: 'abort-effect'})
    return []
  })
}

function readNode(reading: Reading, given: unknown, path: YamlPath, depth: number): Node | null {
  const {source, findings} = reading
  const value = withoutExtras(given)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(reading, path, 'a step is a map')
  const kinds = KINDS.filter(kind => Object.hasOwn(value, kind))
  const [kind] = kinds
  if (kinds.length !== 1 || kind === undefined) {
    const has = kinds.length === 0 ? 'none of them' : kinds.join(' and ')
    findings.push({...schemaFinding(source, 'value', path, `a step has exactly one of ${KINDS.join(', ')}; this has ${has}`), code: 'step-kind'})
    return null
  }
  const checked = STEP_SCHEMAS[kind].safeParse(value)
  if (!checked.success) {
    const what = kind === 'steps' ? 'a group' : kind === 'parallel' ? '`parallel`' : kind === 'call' ? '`call`' : 'a step'
    findings.push(...schemaFindings(source, path, what, STEP_KEYS[kind], checked.error.issues))
    return null
  }
  const raw = {kind, ...checked.data} as RawNode // the schema of `kind` checked it
  switch (raw.kind) {
    case 'steps':
      return readGroup(reading, raw, path, depth + 1)
    case 'parallel':
      return readParallel(reading, raw, path, depth + 1)
    case 'call':
      return readCall(reading, raw, path)
    default:
      return readStep(reading, raw, path)
  }
}

function readStep(reading: Reading, raw: Exclude<RawNode, {kind: 'steps' | 'parallel' | 'call'}>, path: YamlPath): Step | null {
  const written = 'undo' in raw ? raw.undo : undefined
  const undo = written === undefined ? null : readUndo(reading, written, [...path, 'undo'])
  if (raw.kind === 'run' && raw.shell !== undefined && typeof raw.run !== 'string') {
    return refuse(reading, [...path, 'shell'], '`shell` is for a script; a list is argv, and no shell reads it')
  }
  return stepOf(raw, path, reading.defaults, undo)
}

function readUndo(reading: Reading, given: unknown, path: YamlPath): Step['undo'] {
  const {source, findings} = reading
  const value = withoutExtras(given)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(reading, path, '`undo` wants one `uses` or `run`')
  const kinds = (['uses', 'run'] as const).filter(kind => Object.hasOwn(value, kind))
  const [kind] = kinds
  if (kinds.length !== 1 || kind === undefined) return refuse(reading, path, '`undo` wants one `uses` or `run`')
  const checked = UNDO_SCHEMAS[kind].safeParse(value)
  if (checked.success) return undoOf({kind, ...checked.data} as RawUndo, path, reading.defaults) // the schema of `kind` checked it
  findings.push(...schemaFindings(source, path, 'an undo', UNDO_KEYS[kind], checked.error.issues))
  return null
}

function readGroup(reading: Reading, raw: Raw<'steps'>, path: YamlPath, depth: number): Node | null {
  if (depth > DEEPEST_GROUP) return refuse(reading, path, `groups are at most ${DEEPEST_GROUP} deep`)
  if (raw.id === undefined && raw.for_each !== undefined) {
    refuse(reading, [...path, 'for_each'], 'a loop wants an `id`: each round is recorded under it', 'key')
  }
  if (Array.isArray(raw.for_each) && raw.for_each.length > 100) refuse(reading, [...path, 'for_each'], '`for_each` has at most 100 items')
  wantsId(reading, raw, path)
  return groupOf(raw, path, readSteps(reading, raw.steps, [...path, 'steps'], depth))
}

function readParallel(reading: Reading, raw: Raw<'parallel'>, path: YamlPath, depth: number): Node | null {
  if (depth > DEEPEST_GROUP) return refuse(reading, path, `groups are at most ${DEEPEST_GROUP} deep`)
  wantsId(reading, raw, path)
  const steps = readSteps(reading, raw.parallel, [...path, 'parallel'], depth)
  return parallelOf(
    raw,
    path,
    steps.filter(node => mayBeParallel(reading, node)),
  )
}

function mayBeParallel(reading: Reading, node: Node): node is Parallel['steps'][number] {
  if (node.kind === 'uses' || node.kind === 'run' || node.kind === 'wait' || node.kind === 'wait_until') return true
  const key = keyOf(node)
  if (node.kind === 'manual') {
    const message = 'questions and withdrawals happen one at a time; move this out of `parallel`'
    reading.findings.push({...schemaFinding(reading.source, 'key', [...node.path, key], message), code: 'ask-in-parallel'})
  } else refuse(reading, [...node.path, key], `\`parallel\` takes uses, run, wait and wait_until, not \`${key}\``, 'key')
  return false
}

function readCall(reading: Reading, raw: Raw<'call'>, path: YamlPath): Call | null {
  const called = reading.call(raw.call, [...path, 'call'])
  return called && callOf(raw, path, called)
}

/** Its `if` is a recorded decision, and that wants a name. */
function wantsId(reading: Reading, raw: Raw<'steps' | 'parallel'>, path: YamlPath): void {
  if (raw.if === undefined || raw.id !== undefined) return
  const what = raw.kind === 'steps' ? 'a group' : '`parallel`'
  refuse(reading, [...path, 'if'], `${what} with \`if\` wants an \`id\`: its result is recorded under it`, 'key')
}

function keyOf({kind}: Node): KindKey {
  return kind === 'group' ? 'steps' : kind
}

function refuse({source, findings}: Reading, path: YamlPath, message: string, at: 'key' | 'value' = 'value'): null {
  findings.push(schemaFinding(source, at, path, message))
  return null
}
