import type {Json} from '../lib/canonical.ts'
import {itemText} from './item-type.ts'
import type {JsonMap} from './ports.ts'
import type {Group, NodeList, Parallel, Runbook, Step} from './runbook.ts'

/** Where in a run a list of steps is being carried out: which iteration, which called runbook. */
export interface Frame {
  /** Whose names the expressions in the list see. */
  readonly runbook: Runbook
  readonly inputs: JsonMap
  readonly list: NodeList
  /** Before every id in the list: empty, or `patch[production]/`. */
  readonly prefix: string
  /** Prefixes of the iterations around it, innermost first; the last is that of the runbook. */
  readonly bodies: readonly string[]
  readonly item?: Json
  readonly index?: number
}

/** A step at its place in the run: `patch[production]/push`. */
export type Live<S extends Step = Step> = S & {
  readonly instance: string
  readonly frame: Frame
  /** No `--yes` answers for it. */
  readonly mustAsk?: boolean
}

export function topFrame(runbook: Runbook, inputs: JsonMap): Frame {
  return {runbook, inputs, list: runbook.steps, prefix: '', bodies: ['']}
}

export function insideGroup(frame: Frame, group: Group | Parallel): Frame {
  return {...frame, list: group.steps, prefix: group.hasId ? `${frame.prefix}${group.id}/` : frame.prefix}
}

export function insideLoop(frame: Frame, group: Group, item: Json, index: number): Frame {
  const prefix = `${frame.prefix}${group.id}[${itemText(item)}]/`
  return {...frame, list: group.steps, prefix, bodies: [prefix, ...frame.bodies], item, index}
}

/** A called runbook sees its own inputs and steps, and nothing of its caller. */
export function insideCall(called: Runbook, instance: string, inputs: JsonMap): Frame {
  const prefix = `${instance}/`
  return {runbook: called, inputs, list: called.steps, prefix, bodies: [prefix]}
}

export function live<S extends Step>(frame: Frame, step: S): Live<S> {
  return {...step, instance: frame.prefix + step.id, frame}
}
