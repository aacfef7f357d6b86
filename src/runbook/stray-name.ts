import type {ASTNode} from '@marcbachmann/cel-js'
import {nearest} from '../lib/nearest.ts'
import {children, dotted} from './fence.ts'
import type {Before} from './seen-names.ts'

/** Declared names, as the CEL package takes them: a type, or fields with theirs. */
export type Schema = {readonly [field: string]: string | Schema}

/** What an expression may see, for words better than the CEL package has. */
export interface Sight {
  readonly declared: Schema
  /** Steps that come before it. */
  readonly before: Before
  /** Fields of `steps.ID`. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, string>>>>
  hidden(id: string): string | null
  /** Fields of `result`, where it judges a probe. */
  readonly result: readonly string[] | null
}

export type Stray = {readonly code: 'expression' | 'not-visible'; readonly message: string; readonly offset: number} | null

/** Names the CEL package lets pass or explains badly: a step that comes later, and what stands inside `has()`. */
export function strayName(node: ASTNode, sight: Sight): Stray {
  const path = dotted(node)
  if (path && (node.op === 'id' || node.op === '.')) return strayPath(path, node.start, sight)
  for (const child of children(node)) {
    const found = strayName(child, sight)
    if (found) return found
  }
  return null
}

function strayPath([root = '', id, field]: readonly string[], offset: number, sight: Sight): Stray {
  if (root === 'steps' && id !== undefined) return strayStep(id, field, offset, sight)
  const stray = (message: string): Stray => ({code: 'expression', message, offset})
  if (root === 'result' && sight.result && id !== undefined && !sight.result.includes(id)) {
    return stray(`the probe has no output \`${id}\`; it has ${sight.result.join(', ')}`)
  }
  if ((root === 'item' || root === 'index') && !Object.hasOwn(sight.declared, root)) return stray(`\`${root}\` exists inside a loop (\`for_each\`) only`)
  const schema = Object.hasOwn(sight.declared, root) ? sight.declared[root] : undefined
  if (typeof schema !== 'object' || id === undefined || Object.hasOwn(schema, id)) return null
  const near = nearest(id, Object.keys(schema))
  return stray(`\`${root}\` has no \`${id}\`${near ? `; nearest: ${near}` : ''}`)
}

function strayStep(id: string, field: string | undefined, offset: number, {before, fields, hidden}: Sight): Stray {
  if (!before.has(id)) {
    const why = hidden(id)
    if (why !== null) return {code: 'not-visible', message: why, offset}
    const near = nearest(id, before.ids())
    return {code: 'expression', message: `no step \`${id}\` comes before this one${near ? `; nearest: ${near}` : ''}`, offset}
  }
  const known = fields[id] ?? {}
  if (field === undefined || Object.hasOwn(known, field)) return null
  return {code: 'expression', message: `step \`${id}\` has no output \`${field}\`; it has ${Object.keys(known).join(', ')}`, offset}
}
