import type {Json} from '../lib/canonical.ts'
import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import {expressionsFor, sourcesIn} from './drive.ts'
import {itemText} from './item-type.ts'
import type {ActionTable} from './ports.ts'
import type {Node, NodeList, Runbook} from './runbook.ts'
import {visibleFrom} from './visible.ts'

interface Spotted {
  readonly node: Node
  readonly list: NodeList
  /** Instance without the items of loops: `patch/push`. */
  readonly path: string
}

/** Steps that a refusal lists. */
const MOST_NAMED = 20

/**
 * Where `--from` begins: an instance (`patch[production]/push`), or any part that names one node only. What comes before
 * is left out, so nothing after it may need an output of that.
 * @throws Fault usage.invalid: no such step · several · a later expression needs what is left out
 */
export function startFrom(runbook: Runbook, actions: ActionTable, text: string): string {
  const all = spotted(runbook.steps, '')
  const wanted = text.replace(/\[[^\]]*\]/g, '')
  const exact = all.filter(({path}) => path === wanted)
  const named = exact.length > 0 ? exact : all.filter(({node, path}) => node.id === wanted || path.endsWith(`/${wanted}`))
  const [start, second] = named
  if (second) throw new Fault('usage.invalid', `--from ${text}: several steps are named so: ${named.map(({path}) => path).join(', ')}`)
  if (!start) {
    const near = nearest(wanted, all.map(({path}) => path)) // biome-ignore format: one look
    const steps = all.slice(0, MOST_NAMED).map(({path}) => path).join(', ') // biome-ignore format: one look
    throw new Fault('usage.invalid', `--from ${text}: ${runbook.id} has no such step; it has ${steps}${all.length > MOST_NAMED ? ', …' : ''}`, {
      hints: near ? [`--from ${near}`] : [`scram runbook graph ${runbook.id}`],
    })
  }
  const from = start.path.slice(0, -wanted.length) + text
  refuseNoRound(all, from)
  refuseUnmet(runbook, actions, all, start)
  return from
}

/** `patch[canary]` is a round of a loop; of one that is computed only the run can say which it has. */
function refuseNoRound(all: readonly Spotted[], from: string): void {
  const parts = from.split('/')
  for (const [i, part] of parts.entries()) {
    const cut = part.indexOf('[')
    if (cut < 0) continue
    const path = [...parts.slice(0, i), part].join('/').replace(/\[[^\]]*\]/g, '')
    const node = all.find(spot => spot.path === path)?.node
    if (node?.kind !== 'group' || !node.forEach) throw new Fault('usage.invalid', `--from ${from}: ${path} is no loop`)
    if ('cel' in node.forEach || sourcesIn(node.forEach.items).length > 0) continue
    const items = node.forEach.items.map(itemText)
    if (!items.includes(part.slice(cut + 1, -1))) throw new Fault('usage.invalid', `--from ${from}: ${path} goes over ${items.join(', ')}`)
  }
}

function refuseUnmet(runbook: Runbook, actions: ActionTable, all: readonly Spotted[], start: Spotted): void {
  const isAround = ({path}: Spotted) => start.path.startsWith(`${path}/`)
  const left = all.slice(0, all.indexOf(start)).filter(spot => !isAround(spot))
  const leftOut = new Set(left.map(({node}) => node))
  const expressions = expressionsFor(actions)(runbook)
  // The groups around the start begin, too: with their own `if`, and over what they go.
  for (const {node, list, path} of [...all.filter(isAround), ...all.slice(all.indexOf(start))]) {
    const visible = visibleFrom(runbook, list)
    for (const source of sourcesOf(node)) {
      const {paths, asked} = expressions.mentions(source)
      for (const read of paths.filter(each => !asked.includes(each))) {
        const [root, id = '', field] = read.split('.')
        if (root !== 'steps' || field === undefined) continue
        const needed = visible.get(id)?.node
        if (!needed || field === 'outcome' || !leftOut.has(needed)) continue
        throw new Fault('usage.invalid', `--from ${start.path} leaves out ${id}, and ${path} needs steps.${id}.${field}`, {
          hints: [`--from ${id}`, `in the runbook: has(steps.${id}.${field}) && …`],
        })
      }
    }
  }
}

function spotted(list: NodeList, prefix: string): readonly Spotted[] {
  return list.flatMap(node => {
    if (node.kind !== 'group' && node.kind !== 'parallel') return [{node, list, path: prefix + node.id}]
    const hasId = node.hasId || (node.kind === 'group' && node.forEach !== null)
    const inside = spotted(node.steps, hasId ? `${prefix}${node.id}/` : prefix)
    return hasId ? [{node, list, path: prefix + node.id}, ...inside] : inside
  })
}

/** Every expression of a node: its own keys and those in its templates. Constant texts have none. */
function sourcesOf(node: Node): readonly string[] {
  const own = [
    node.if,
    node.kind === 'wait_until' ? node.until : null,
    node.kind === 'group' && node.forEach && 'cel' in node.forEach ? node.forEach.cel : null,
  ]
  const {steps: _, called: __, ...rest} = {steps: null, called: null, ...node}
  return [...own.filter(source => source !== null), ...sourcesIn(JSON.parse(JSON.stringify(rest)) as Json)]
}
