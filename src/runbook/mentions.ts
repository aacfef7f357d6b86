import type {ASTNode} from '@marcbachmann/cel-js'
import {children, dotted} from './fence.ts'

export interface Mentions {
  readonly paths: readonly string[]
  /** Those inside `has()`, which answers false, and never fails, for what is not there. */
  readonly asked: readonly string[]
}

/** Top-level names. */
export function* mentioned(node: ASTNode): Generator<string> {
  if (node.op === 'id') yield node.args
  for (const child of children(node)) yield* mentioned(child)
}

/** What is looked at, as `steps.probe.ok`. */
export function lookedAt(node: ASTNode): Mentions {
  const path = dotted(node)
  if (path) return {paths: [path.join('.')], asked: []}
  const inside = children(node).map(lookedAt)
  const paths = inside.flatMap(each => each.paths)
  return {paths, asked: node.op === 'call' && node.args[0] === 'has' ? paths : inside.flatMap(each => each.asked)}
}
