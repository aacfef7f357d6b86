import {Fault} from '../lib/fault.ts'
import type {ActionTable} from '../runbook/ports.ts'
import type {NodeList, Runbook, UsesStep} from '../runbook/runbook.ts'

/**
 * Where no incident is open, a runbook must open one before it can write into it or move a rod for it. Said before anything
 * is recorded; one that only looks, runs commands and asks people needs none.
 * @throws Fault incident.not-found
 */
export function refuseWithoutIncident(runbook: Runbook, actions: ActionTable): void {
  const steps = [...usesIn(runbook.steps)].map(step => ({step, row: actions.get(step.uses)}))
  if (steps.some(({row}) => row?.id === 'incident/open')) return
  const first = steps.find(({row}) => row && (row.effect === 'record' || row.id === 'trip' || /^rod\/(?:insert|withdraw|extend)$/.test(row.id)))
  if (!first) return
  throw new Fault('incident.not-found', `no incident is open, and ${runbook.id} opens none: \`${first.step.id}\` (${first.step.uses}) has nowhere to go`, {
    hints: ['scram open TITLE', `scram run ${runbook.id}`],
  })
}

function* usesIn(list: NodeList): Generator<UsesStep> {
  for (const node of list) {
    if (node.kind === 'uses') yield node
    else if (node.kind === 'group' || node.kind === 'parallel') yield* usesIn(node.steps)
    else if (node.kind === 'call') yield* usesIn(node.called.steps)
  }
}
