import type {ASTNode} from '@marcbachmann/cel-js'
import {children, dotted} from './fence.ts'

/** `steps.ID.FIELD`, where an absent value would be an error: not what stands inside `has()`. */
export interface StepRead {
  readonly id: string
  readonly field: string
}

export function stepReads(node: ASTNode): readonly StepRead[] {
  if (node.op === 'call' && node.args[0] === 'has') return []
  const path = dotted(node)
  if (path) {
    const [root, id, field] = path
    return root === 'steps' && id !== undefined && field !== undefined ? [{id, field}] : []
  }
  return children(node).flatMap(stepReads)
}
