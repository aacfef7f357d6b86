import type {Group, Node, NodeList, Parallel, Runbook} from './runbook.ts'

/** What a name after `steps.` stands for, seen from one list of steps. */
export interface Visible {
  readonly node: Node
  /** Place in the file, counted over all nodes: an expression sees what comes before it. */
  readonly order: number
  /** Loop bodies between the list and the node: 0 is the same iteration. */
  readonly loopsOut: number
  /** Parts of its identity below that loop body (or the runbook): ids of the groups around it. */
  readonly groups: readonly string[]
}

/**
 * The names that an expression in `list` may use: of its own list first, then of the lists around it, then of whatever
 * else runs once in these (plain groups, parallels). Inside a loop that is another's business: of a loop only its own
 * name is seen from outside. Two that could be meant and are equally near are neither.
 */
export function visibleFrom(runbook: Runbook, list: NodeList): ReadonlyMap<string, Visible> {
  const known = seen.get(list) ?? namesFrom(runbook, list)
  seen.set(list, known)
  return known
}

const seen = new WeakMap<NodeList, ReadonlyMap<string, Visible>>()

function namesFrom(runbook: Runbook, list: NodeList): ReadonlyMap<string, Visible> {
  const trail = ownersOf(runbook.steps, list, []) ?? []
  const orders = ordersIn(runbook)
  const found = new Map<string, Visible>()
  let loopsOut = 0
  for (const body of bodiesOf(runbook.steps, trail)) {
    for (const each of near(body, orders, loopsOut)) if (!found.has(each.node.id)) found.set(each.node.id, each)
    loopsOut++
  }
  return found
}

type Owner = Group | Parallel

/** From the innermost loop body outwards: the lists on the way, innermost first. */
function bodiesOf(top: NodeList, trail: readonly Owner[]): readonly (readonly {readonly list: NodeList; readonly groups: readonly string[]}[])[] {
  const bodies: {list: NodeList; groups: readonly string[]}[][] = [[{list: top, groups: []}]]
  let groups: readonly string[] = []
  for (const owner of trail) {
    if (owner.kind === 'group' && owner.forEach) {
      groups = []
      bodies.unshift([{list: owner.steps, groups}])
    } else {
      groups = owner.hasId ? [...groups, owner.id] : groups
      bodies[0]?.unshift({list: owner.steps, groups})
    }
  }
  return bodies
}

/** One body: nearest lists first; then what lies in plain groups below the outermost list, where only one is meant. */
function near(body: ReturnType<typeof bodiesOf>[number], orders: ReadonlyMap<Node, number>, loopsOut: number): readonly Visible[] {
  const made = (node: Node, groups: readonly string[]): Visible => ({node, groups, loopsOut, order: orders.get(node) ?? 0})
  const direct = body.flatMap(({list, groups}) => list.map(node => made(node, groups)))
  const outermost = body.at(-1)
  const below = outermost ? [...hoisted(outermost.list, outermost.groups, made)] : []
  const counts = new Map<string, number>()
  for (const {node} of below) counts.set(node.id, (counts.get(node.id) ?? 0) + 1)
  return [...direct, ...below.filter(({node}) => counts.get(node.id) === 1)]
}

function* hoisted(list: NodeList, groups: readonly string[], made: (node: Node, groups: readonly string[]) => Visible): Generator<Visible> {
  for (const node of list) {
    const isPlain = (node.kind === 'group' && !node.forEach) || node.kind === 'parallel'
    if (!isPlain) continue
    const inside = node.hasId ? [...groups, node.id] : groups
    for (const step of node.steps) yield made(step, inside)
    yield* hoisted(node.steps, inside, made)
  }
}

/** Groups around a list, outermost first; null: the list is not of this runbook. */
export function ownersOf(list: NodeList, wanted: NodeList, trail: readonly Owner[]): readonly Owner[] | null {
  if (list === wanted) return trail
  for (const node of list) {
    if (node.kind !== 'group' && node.kind !== 'parallel') continue
    const found = ownersOf(node.steps, wanted, [...trail, node])
    if (found) return found
  }
  return null
}

/** Every node's place in the file; counted once, because each list of steps asks. */
export function ordersIn({steps}: Runbook): ReadonlyMap<Node, number> {
  const known = counted.get(steps) ?? ordersOf(steps)
  counted.set(steps, known)
  return known
}

const counted = new WeakMap<NodeList, ReadonlyMap<Node, number>>()

function ordersOf(list: NodeList): ReadonlyMap<Node, number> {
  const orders = new Map<Node, number>()
  const walk = (nodes: NodeList): void => {
    for (const node of nodes) {
      orders.set(node, orders.size)
      if (node.kind === 'group' || node.kind === 'parallel') walk(node.steps)
    }
  }
  walk(list)
  return orders
}
