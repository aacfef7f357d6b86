import type {Json} from '../../lib/canonical.ts'
import type {Place, YamlPath} from '../../lib/yaml-source.ts'
import type {Expressions} from '../expressions.ts'
import type {Finding, LintCode} from '../finding.ts'
import type {Loaded} from '../load.ts'
import type {ActionTable} from '../ports.ts'
import type {Node, RunStep, Step, UsesStep} from '../runbook.ts'
import {valueAt} from '../schema-findings.ts'

export interface LintContext {
  readonly actions: ActionTable
  /** Null: no workspace, any name is taken. */
  readonly names: {
    readonly rods: readonly string[]
    readonly components: readonly string[]
    /** Rods whose withdrawal has a guard of its own. */
    readonly guarded: readonly string[]
    /** Rods whose section does not check, with what is wrong. */
    readonly broken: Readonly<Record<string, string>>
    readonly banks: readonly string[]
    /** `sev1` → what an update promises there when nobody says, in ms. */
    readonly cadenceMs: Readonly<Record<string, number>>
  } | null
}

export interface Checked extends Loaded, LintContext {
  readonly expressions: Expressions
}

export type Rule = (checked: Checked) => readonly Finding[] | Promise<readonly Finding[]>

export function finding({path}: Checked, level: Finding['level'], code: LintCode, place: Place, message: string): Finding {
  return {level, code, message, file: path, ...place}
}

export interface Text {
  readonly path: YamlPath
  readonly text: string
}

/** Every text of a value, with its place. */
export function textsIn(path: YamlPath, value: Json): readonly Text[] {
  if (typeof value === 'string') return [{path, text: value}]
  if (typeof value !== 'object' || value === null) return []
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(value) ? value.map((item: Json, i) => [i, item] as const) : Object.entries(value)
  return entries.flatMap(([key, item]) => textsIn([...path, key], item))
}

/** The texts of a node that may hold `${{ }}`, each where it stands; those of its undo and verify are not among them. */
export function templatesOf({source}: Checked, node: Node): readonly Text[] {
  const {path} = node
  // A name nobody wrote is made of the step's own words, which are looked at where they stand.
  const isWritten = valueAt(source.value, [...path, 'name']) !== undefined
  const named = isWritten ? [{path: [...path, 'name'], text: node.name}] : []
  switch (node.kind) {
    case 'group':
      return [...named, ...(node.forEach && 'items' in node.forEach ? textsIn([...path, 'for_each'], node.forEach.items) : [])]
    case 'parallel':
      return named
    case 'call':
      return [...named, ...textsIn([...path, 'with'], node.with)]
    default:
      return [...named, ...stepTexts(node)]
  }
}

function stepTexts(step: Step): readonly Text[] {
  const {path} = step
  const confirm = typeof step.confirm === 'string' ? [{path: [...path, 'confirm'], text: step.confirm}] : []
  switch (step.kind) {
    case 'uses':
    case 'run':
      return [...confirm, ...effectTexts(step)]
    case 'manual':
      return [...confirm, {path: [...path, 'manual'], text: step.text}]
    case 'wait':
      return confirm
    case 'wait_until':
      return [...confirm, ...textsIn([...path, 'probe', 'with'], step.probe.with)]
    default:
      return step satisfies never
  }
}

/** What is sent: of a step or of its undo. */
export function effectTexts(step: UsesStep | RunStep): readonly Text[] {
  const {path, idempotencyKey} = step
  const key = idempotencyKey === null ? [] : [{path: [...path, 'idempotency_key'], text: idempotencyKey}]
  if (step.kind === 'uses') return [...textsIn([...path, 'with'], step.with), ...key]
  return [...(step.script === null ? textsIn([...path, 'run'], step.argv).slice(1) : []), ...textsIn([...path, 'env'], step.env), ...key]
}

export function verifyTexts({path, verify}: UsesStep | RunStep): readonly Text[] {
  return verify ? textsIn([...path, 'verify', 'with'], verify.with) : []
}
