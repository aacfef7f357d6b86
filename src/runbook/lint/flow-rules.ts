import {textOf} from '../../lib/text-of.ts'
import type {Finding} from '../finding.ts'
import {itemText} from '../item-type.ts'
import type {Group, Node} from '../runbook.ts'
import {valueAt} from '../schema-findings.ts'
import {isTemplated} from '../template.ts'
import {type Checked, finding} from './checked.ts'
import {everyNode, isStep, type Seen} from './walk.ts'

/** Loops, parallels, jumps, approvals: what the shape of the tree must hold to. */
export function flowRules(checked: Checked): readonly Finding[] {
  return [...[...everyNode(checked.runbook)].flatMap(seen => [...nodeRules(checked, seen)]), ...fallback(checked)]
}

function* nodeRules(checked: Checked, seen: Seen): Generator<Finding> {
  const {node, owners} = seen
  if (node.kind === 'group') yield* items(checked, node)
  if (owners.at(-1)?.kind === 'parallel') yield* inParallel(checked, node)
  if (!isStep(node)) return
  yield* jump(checked, seen)
  if (node.approve && node.approve.timeoutMs > LONGEST_APPROVAL_MS) {
    const at = [...node.path, 'approve', 'timeout']
    const message = `${textOf(valueAt(checked.source.value, at))} outlasts an outage, 10m to 30m is usual`
    yield finding(checked, 'W', 'approve-timeout', checked.source.at(at), message)
  }
}

const LONGEST_APPROVAL_MS = 3_600_000
const ITEM = /^[A-Za-z0-9._:@-]{1,64}$/

/** An item is a part of the instance's name: `patch[canary]/push`. Rendered ones are looked at when they are known. */
function* items(checked: Checked, {path, forEach}: Group): Generator<Finding> {
  if (!forEach || 'cel' in forEach) return
  const wrong = (index: number, message: string) => finding(checked, 'E', 'loop-key', checked.source.at([...path, 'for_each', index]), message)
  const seen = new Set<string>()
  const [first] = forEach.items
  if (first === undefined) yield finding(checked, 'E', 'loop-key', checked.source.at([...path, 'for_each']), '`for_each` names no items')
  for (const [index, item] of forEach.items.entries()) {
    const name = itemText(item)
    if (typeof item === 'string' && isTemplated(item)) continue
    if (typeof item !== typeof first) yield wrong(index, `items are of one type: ${name} is a ${typeof item}, the first a ${typeof first}`)
    else if (!ITEM.test(name)) yield wrong(index, 'items name instances: plain (A-Z a-z 0-9 . _ : @ -), 1 to 64 characters')
    else if (seen.has(name)) yield wrong(index, `items name instances: ${name} is there twice`)
    seen.add(name)
  }
}

function* inParallel(checked: Checked, node: Node): Generator<Finding> {
  if (!isStep(node)) return
  const {source, actions} = checked
  const message = 'questions and withdrawals happen one at a time; move this out of `parallel`'
  const wrong = (key: string) => finding(checked, 'E', 'ask-in-parallel', source.keyAt([...node.path, key]), message)
  if (node.confirm !== null) yield wrong('confirm')
  if (node.approve) yield wrong('approve')
  if (node.kind === 'uses' && actions.get(node.uses)?.id === 'rod/withdraw') yield wrong('uses')
}

/** Forwards only, in the same list: so every run ends. */
function* jump(checked: Checked, {node, list, owners}: Seen): Generator<Finding> {
  if (!isStep(node) || typeof node.onFailure !== 'object' || !('goto' in node.onFailure)) return
  const target = node.onFailure.goto
  const isLater = list.slice(list.indexOf(node) + 1).some(({id}) => id === target)
  if (isLater && owners.at(-1)?.kind !== 'parallel') return
  yield finding(checked, 'E', 'goto-target', checked.source.at([...node.path, 'on_failure', 'goto']), '`goto` must name a later step of the same list')
}

function* fallback(checked: Checked): Generator<Finding> {
  const at = checked.runbook.updates?.fallback?.indexOf('${{') ?? -1
  if (at < 0) return
  const message = 'the fallback is posted unattended, so no values in it'
  yield finding(checked, 'E', 'fallback-text', checked.source.inside(['updates', 'fallback'], at), message)
}
