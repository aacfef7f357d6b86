import type {ActionTable} from './ports.ts'
import type {Group, Node, NodeList, Runbook} from './runbook.ts'
import {fieldsOf} from './step-outputs.ts'
import {ordersIn, ownersOf, type Visible, visibleFrom} from './visible.ts'

/** Asked one by one; all of them are gathered only for words about one that is not there. */
export interface Before {
  has(id: string): boolean
  ids(): readonly string[]
}

/** The names after `steps.` that one list of steps may use, with their fields, and what else there is but not to be seen. */
export interface SeenNames {
  readonly fields: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Ids that come before `node` (null: all); a member of a parallel sees neither its siblings nor what encloses it. */
  before(node: Node | null, self: boolean): Before
  /** Why an id that exists somewhere is not seen from here; null: there is none. */
  hidden(id: string): string | null
  /** Loops whose body the list is, or lies in: innermost first. */
  readonly loops: readonly Group[]
}

export function seenNames(runbook: Runbook, actions: ActionTable, list: NodeList): SeenNames {
  const visible = visibleFrom(runbook, list)
  const orders = ordersIn(runbook)
  const owners = ownersOf(runbook.steps, list, []) ?? []
  const named = [...visible].filter(([id]) => id !== '')
  const enclosing: ReadonlySet<Node> = new Set(owners)
  return {
    fields: Object.fromEntries(named.map(([id, {node}]) => [id, fieldsOf(node, actions)])),
    before(node, self) {
      const beside = owners.at(-1)
      const from = node !== null && beside?.kind === 'parallel' ? beside : node
      const limit = from === null ? Number.POSITIVE_INFINITY : (orders.get(from) ?? Number.POSITIVE_INFINITY)
      const isBefore = ({node: other, order}: Visible) => (!enclosing.has(other) || node === null) && order < limit
      const itself = self && node !== null ? [node.id] : []
      return {
        has(id) {
          const found = id === '' ? undefined : visible.get(id)
          return itself.includes(id) || (found !== undefined && isBefore(found))
        },
        ids: () => [...new Set([...named.flatMap(([id, each]) => (isBefore(each) ? [id] : [])), ...itself])],
      }
    },
    hidden: id => (visible.has(id) ? null : whyHidden(runbook.steps, id)),
    loops: owners.filter((owner): owner is Group => owner.kind === 'group' && owner.forEach !== null).toReversed(),
  }
}

function whyHidden(list: NodeList, id: string): string | null {
  const loops = loopsWith(list, id, null)
  const [loop] = loops
  if (loops.length === 0) return null
  if (loop === undefined || loop === null) return `several steps are called \`${id}\`, none nearer than another; give the one you mean its own id`
  return `\`${id}\` runs inside the loop \`${loop.id}\`; from here only outcome, count, failed of \`${loop.id}\` exist`
}

/** For each node of that id: the innermost loop around it. */
function loopsWith(list: NodeList, id: string, loop: Group | null): readonly (Group | null)[] {
  return list.flatMap(node => {
    const here = node.id === id ? [loop] : []
    if (node.kind !== 'group' && node.kind !== 'parallel') return here
    return [...here, ...loopsWith(node.steps, id, node.kind === 'group' && node.forEach ? node : loop)]
  })
}
