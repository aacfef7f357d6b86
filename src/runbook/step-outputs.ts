import type {ActionTable, OutputType} from './ports.ts'
import type {Step} from './runbook.ts'

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
