import type {Mark, Marks} from './graph.ts'
import type {Node} from './runbook.ts'

/** Instance without rounds and attempts: `patch[canary]/push#2` → `patch/push`. */
function plain(instance: string): string {
  return instance.replace(/\[[^\]]*\]/g, '').replace(/#\d+$/, '')
}

/** Where a node's instances are, without rounds; an owner without an id adds nothing. */
export function placeOf(above: string, node: Node): string {
  const hasOwn = (node.kind !== 'group' && node.kind !== 'parallel') || node.hasId
  return !hasOwn ? above : above === '' ? node.id : `${above}/${node.id}`
}

/** How often each mark stands at a place: a loop has many rounds there. */
export function stateAt(marks: Marks, path: string): Readonly<Partial<Record<Mark, number>>> {
  const state: Partial<Record<Mark, number>> = {}
  for (const [instance, mark] of marks) if (path !== '' && plain(instance) === path) state[mark] = (state[mark] ?? 0) + 1
  return state
}

/** The one mark that colours a place: the one a person must look at first. */
export function worstAt(marks: Marks, path: string): Mark | null {
  const state = stateAt(marks, path)
  return (['unknown', 'failed', 'parked', 'now', 'done', 'skipped'] as const).find(mark => state[mark] !== undefined) ?? null
}
