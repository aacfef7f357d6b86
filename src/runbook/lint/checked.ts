import type {Json} from '../../lib/canonical.ts'
import type {Place, YamlPath} from '../../lib/yaml-source.ts'
import type {Expressions} from '../expressions.ts'
import type {Finding, LintCode} from '../finding.ts'
import type {Loaded} from '../load.ts'
import type {ActionTable} from '../ports.ts'
import type {Step} from '../runbook.ts'

export interface LintContext {
  readonly actions: ActionTable
  /** Null: no workspace, any name is taken. */
  readonly names: {
    readonly rods: readonly string[]
    readonly components: readonly string[]
    /** Absent: any bank is taken. */
    readonly banks?: readonly string[]
    /** Rods whose withdrawal has a guard of its own. */
    readonly guarded: readonly string[]
    /** Rods whose section does not check, with what is wrong. */
    readonly broken: Readonly<Record<string, string>>
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

/** The texts of a step that may hold `${{ }}`. */
export function templatesOf(step: Step): readonly Text[] {
  const {path} = step
  const named = [
    ...(step.isAnonymous ? [] : [{path: [...path, 'name'], text: step.name}]),
    ...(typeof step.confirm === 'string' ? [{path: [...path, 'confirm'], text: step.confirm}] : []),
  ]
  switch (step.kind) {
    case 'uses':
      return [...named, ...textsIn([...path, 'with'], step.with)]
    case 'run':
      return [...named, ...(step.script === null ? textsIn([...path, 'run'], step.argv).slice(1) : []), ...textsIn([...path, 'env'], step.env)]
    case 'manual':
      return [...named, {path: [...path, 'manual'], text: step.text}]
    case 'wait':
      return named
    case 'wait_until':
      return [...named, ...textsIn([...path, 'probe', 'with'], step.probe.with)]
    default:
      return step satisfies never
  }
}
