import {textOf} from '../../lib/text-of.ts'
import type {Finding} from '../finding.ts'
import type {Node, NodeList, UsesStep} from '../runbook.ts'
import {isTemplated} from '../template.ts'
import {type Checked, finding} from './checked.ts'
import {below, everyNode, isStep} from './walk.ts'

/** Rods that a run could leave behind without anybody being reminded: straight on, and over each `goto`. */
export function leftInRules(checked: Checked): readonly Finding[] {
  return [...everyNode(checked.runbook)].flatMap(({node}) => (node.kind === 'uses' && isRow(checked, node, 'rod/insert') ? [...leftIn(checked, node)] : []))
}

function* leftIn(checked: Checked, insert: UsesStep): Generator<Finding> {
  if (Object.hasOwn(insert.with, 'expires')) return
  const rod = textOf(insert.with['rod'])
  const order = flat(checked.runbook.steps)
  const at = order.indexOf(insert)
  const found = (message: string) => finding(checked, 'W', 'rod-left-in', checked.source.at([...insert.path, 'uses']), message)
  const isOut = (nodes: NodeList) => nodes.some(node => withdraws(checked, node, rod))
  if (!isOut(order.slice(at + 1))) {
    yield found(`${rod} stays inserted: no withdrawal follows and no \`expires\` is given`)
    return
  }
  // What a command of an undo does to a rod nobody knows, and a `goto` undoes nothing by itself.
  if (insert.undo && withdraws(checked, insert.undo, rod)) return
  for (const {node, list} of below(checked.runbook.steps, [])) {
    const place = order.indexOf(node)
    const target = place > at && isStep(node) ? jumpOf(node) : null
    const to = list.slice(list.indexOf(node) + 1).find(({id}) => id === target)
    if (target === null || !to || isOut(order.slice(at + 1, place)) || isOut(order.slice(order.indexOf(to)))) continue
    yield found(`${rod} can stay inserted on the path over \`goto: ${target}\`: no withdrawal, expiry or undo there`)
    return
  }
}

/** In the order of a run; what a call does counts where it stands. */
function flat(list: NodeList): NodeList {
  return [...below(list, [])].flatMap(({node}) => (node.kind === 'call' ? [node, ...flat(node.called.steps)] : [node]))
}

function jumpOf({onFailure}: Extract<Node, {onFailure: unknown}>): string | null {
  return typeof onFailure === 'object' && 'goto' in onFailure ? onFailure.goto : null
}

function withdraws(checked: Checked, node: Node, rod: string): boolean {
  if (node.kind !== 'uses' || !isRow(checked, node, 'rod/withdraw')) return false
  const named = textOf(node.with['rod'])
  return named === rod || isTemplated(named)
}

function isRow({actions}: Checked, {uses}: UsesStep, id: string): boolean {
  return (actions.get(uses)?.id ?? uses) === id
}
