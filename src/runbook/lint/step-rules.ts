import type {Finding} from '../finding.ts'
import type {Node} from '../runbook.ts'
import {type Checked, finding} from './checked.ts'
import {type Effect, everyEffect, everyNode, isStep} from './walk.ts'

/** Identity, and what may be repeated: the rules that need nothing but the steps themselves. */
export function stepRules(checked: Checked): readonly Finding[] {
  const {runbook} = checked
  return [
    ...duplicates(checked),
    ...[...everyNode(runbook)].flatMap(({node}) => [...identity(checked, node)]),
    ...runbook.onAbort.flatMap(step => [...identity(checked, step)]),
    ...[...everyEffect(runbook)].flatMap(effect => [...repeating(checked, effect)]),
  ]
}

/** Instances are named by the ids of groups and of the step: one within the same groups is one thing only. */
function* duplicates(checked: Checked): Generator<Finding> {
  const first = new Map<string, Node>()
  const nodes = [...everyNode(checked.runbook)].map(({node, owners}) => ({node, scope: owners.flatMap(({hasId, id}) => (hasId ? [id] : [])).join('/')}))
  for (const {node, scope} of [...nodes, ...checked.runbook.onAbort.map(node => ({node, scope: 'on_abort/'}))]) {
    if (node.id === '') continue
    const name = `${scope}/${node.id}`
    const earlier = first.get(name)
    if (!earlier) {
      first.set(name, node)
      continue
    }
    const {line} = checked.source.at(earlier.path)
    yield finding(checked, 'E', 'duplicate-id', placeOfId(checked, node), `\`${node.id}\` is also the id at line ${line}; give this one its own`)
  }
}

function placeOfId({source}: Checked, {path, isAnonymous, isNamedOnly}: Node) {
  return source.at(isAnonymous ? path : [...path, isNamedOnly ? 'name' : 'id'])
}

function* identity(checked: Checked, node: Node): Generator<Finding> {
  const only = (isStep(node) && (node.kind === 'wait' || node.kind === 'wait_until')) || node.kind === 'group' || node.kind === 'parallel'
  const isLook = node.kind === 'uses' && checked.actions.get(node.uses)?.effect === 'none'
  if (only || isLook) return
  const place = checked.source.at(node.path)
  if (node.isAnonymous) yield finding(checked, 'E', 'schema', place, 'a step that does something wants an `id` (or a `name`)')
  else if (node.isNamedOnly) yield finding(checked, 'W', 'id-missing', place, `identity hangs on the name; write \`id: ${node.id}\``)
}

function* repeating(checked: Checked, {step, of}: Effect): Generator<Finding> {
  const {source, actions} = checked
  const row = step.kind === 'uses' ? actions.get(step.uses) : undefined
  const isUnsafe = step.kind === 'run' ? step.effect === 'unsafe' : row?.effect === 'unsafe'
  if (step.ownRetry && isUnsafe) {
    const message = 'this step may not be repeated unasked; declare `effect: idempotent` or drop `retry`'
    yield finding(checked, 'E', 'retry-unsafe', source.keyAt([...step.path, 'retry']), message)
  }
  if (step.resume === 'verify' && !step.verify && row?.resume !== 'verify') {
    const message = '`resume: verify` needs a `verify` here or an action that has one'
    yield finding(checked, 'E', 'resume-verify', source.at([...step.path, 'resume']), message)
  }
  // An undo is looked at by whoever asked for it.
  if (of === 'step' && step.kind === 'run' && isUnsafe && !step.verify && step.resume === null) {
    const message = 'nothing checks that this worked, so after a crash scram can only ask; add a `verify`, declare `effect: idempotent`, or say `resume: ask`'
    yield finding(checked, 'W', 'no-verify', source.keyAt([...step.path, 'run']), message)
  }
}
