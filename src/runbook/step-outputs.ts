import type {ActionTable, OutputType} from './ports.ts'
import type {Node, Step} from './runbook.ts'

/** What `steps.ID` has besides `outcome`, by the step's kind. Unknown actions have nothing; lint names them. */
export function outputsOf(step: Step, actions: ActionTable): Readonly<Record<string, OutputType>> {
  switch (step.kind) {
    case 'uses':
      return actions.get(step.uses)?.outputs ?? {}
    case 'wait_until':
      return actions.get(step.probe.uses)?.outputs ?? {}
    case 'run':
      return step.outputs === 'text' ? {text: 'string'} : (step.outputs ?? {})
    case 'manual':
      return step.outputs
    case 'wait':
      return {}
    default:
      step satisfies never
      return {}
  }
}

const OUTPUT: Readonly<Record<OutputType, string>> = {string: 'string', int: 'int', double: 'double', bool: 'bool', list: 'list<dyn>'}

export function celTypes(outputs: Readonly<Record<string, OutputType>>): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).map(([name, type]) => [name, OUTPUT[type]]))
}

/** Fields of `steps.ID` as CEL types: a step, or what is seen of a group, a parallel and a call from outside. */
export function fieldsOf(node: Node, actions: ActionTable): Record<string, string> {
  switch (node.kind) {
    case 'group':
      return {outcome: 'string', count: 'int', failed: 'int'}
    case 'parallel':
      return {outcome: 'string'}
    case 'call':
      return {...Object.fromEntries(Object.keys(node.called.outputs).map(name => [name, 'dyn'])), outcome: 'string'}
    default:
      return {...celTypes(outputsOf(node, actions)), outcome: 'string'}
  }
}
