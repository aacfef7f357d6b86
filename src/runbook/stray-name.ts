import type {ASTNode} from '@marcbachmann/cel-js'
import {nearest} from '../lib/nearest.ts'
import {children, dotted} from './fence.ts'
import type {OutputType} from './ports.ts'

/** Declared names, as the CEL package takes them: a type, or fields with theirs. */
export type Schema = {[field: string]: string | Schema}

/** What an expression may see: the steps before `index`, and `result` where it judges a probe. */
interface Spot {
  readonly index: number
  readonly result?: Readonly<Record<string, OutputType>>
}

type Stray = {readonly message: string; readonly offset: number} | null

/** Names the CEL package lets pass or explains badly: a step that comes later, and what stands inside `has()`. */
export function strayName(node: ASTNode, declared: Schema, spot: Spot, order: ReadonlyMap<string, number>): Stray {
  const path = dotted(node)
  if (path && (node.op === 'id' || node.op === '.')) return strayPath(path, node.start, declared, spot, order)
  for (const child of children(node)) {
    const found = strayName(child, declared, spot, order)
    if (found) return found
  }
  return null
}

function strayPath([root = '', id, field]: readonly string[], offset: number, declared: Schema, spot: Spot, order: ReadonlyMap<string, number>): Stray {
  if (root === 'steps' && id !== undefined) {
    const before = [...order].filter(([, index]) => index < spot.index).map(([name]) => name)
    if (!before.includes(id)) {
      const near = nearest(id, before)
      return {message: `no step \`${id}\` comes before this one${near ? `; nearest: ${near}` : ''}`, offset}
    }
    const fields = (declared['steps'] as {[id: string]: Schema})[id] ?? {} // built above: id → schema
    if (field !== undefined && !Object.hasOwn(fields, field))
      return {message: `step \`${id}\` has no output \`${field}\`; it has ${Object.keys(fields).join(', ')}`, offset}
    return null
  }
  if (root === 'result' && spot.result && id !== undefined && !Object.hasOwn(spot.result, id)) {
    return {message: `the probe has no output \`${id}\`; it has ${Object.keys(spot.result).join(', ')}`, offset}
  }
  const schema = Object.hasOwn(declared, root) ? declared[root] : undefined
  if (typeof schema === 'object' && id !== undefined && !Object.hasOwn(schema, id)) {
    const near = nearest(id, Object.keys(schema))
    return {message: `\`${root}\` has no \`${id}\`${near ? `; nearest: ${near}` : ''}`, offset}
  }
  return null
}
