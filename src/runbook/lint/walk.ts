import type {YamlPath} from '../../lib/yaml-source.ts'
import type {JsonMap} from '../ports.ts'
import type {Group, Node, NodeList, Parallel, Runbook, RunStep, Step, UsesStep} from '../runbook.ts'

/** A node with the list it stands in and the groups around it, outermost first. */
export interface Seen<N extends Node = Node> {
  readonly node: N
  readonly list: NodeList
  readonly owners: readonly (Group | Parallel)[]
}

/** Every node in the order of the file, groups before what is in them; `on_abort` and called runbooks are no part of it. */
export function* everyNode({steps}: Runbook): Generator<Seen> {
  yield* below(steps, [])
}

export function* below(list: NodeList, owners: readonly (Group | Parallel)[]): Generator<Seen> {
  for (const node of list) {
    yield {node, list, owners}
    if (node.kind === 'group' || node.kind === 'parallel') yield* below(node.steps, [...owners, node])
  }
}

export function isStep(node: Node): node is Step {
  return node.kind !== 'group' && node.kind !== 'parallel' && node.kind !== 'call'
}

/** A `uses` or `run` that is carried out: a step, its undo, or one of `on_abort`. */
export interface Effect {
  readonly step: UsesStep | RunStep
  readonly of: 'step' | 'undo' | 'abort'
}

export function* everyEffect(runbook: Runbook): Generator<Effect> {
  for (const {node} of everyNode(runbook)) {
    if (node.kind === 'uses' || node.kind === 'run') yield {step: node, of: 'step'}
    if (isStep(node) && node.undo) yield {step: node.undo, of: 'undo'}
  }
  for (const step of runbook.onAbort) yield {step, of: 'abort'}
}

/** An action with what it is given; `path` is the map that holds `uses` and `with`. A probe may only look. */
export interface Use {
  readonly uses: string
  readonly with: JsonMap
  readonly path: YamlPath
  readonly of: Effect['of'] | 'probe'
}

export function* everyUse(runbook: Runbook): Generator<Use> {
  for (const {step, of} of everyEffect(runbook)) {
    if (step.kind === 'uses') yield {uses: step.uses, with: step.with, path: step.path, of}
    if (step.verify) yield {...step.verify, path: [...step.path, 'verify'], of: 'probe'}
  }
  for (const {node} of everyNode(runbook)) {
    if (node.kind === 'wait_until') yield {...node.probe, path: [...node.path, 'probe'], of: 'probe'}
  }
}
