import {Fault} from '../lib/fault.ts'
import type {RunState} from './fold.ts'
import {UNDO} from './identity.ts'
import {liveAt} from './place.ts'
import type {ActionTable} from './ports.ts'
import type {Runbook} from './runbook.ts'

/**
 * A run may take a new text if everything it began is in there as what it was: the record must keep its meaning.
 * @throws Fault guard.refused, naming the first step that is not
 */
export function checkAmendment(state: RunState, runbook: Runbook, actions: ActionTable): void {
  const refused = (instance: string, why: string) =>
    new Fault('guard.refused', `the run cannot take this text: ${instance} ${why}`, {hints: ['scram resume    # goes on with the text it was started with']})
  if (runbook.id !== state.runbook) throw refused(`runbook: ${runbook.id}`, `is not ${state.runbook}`)
  for (const [instance, {attempt, kind, uses, sent}] of Object.entries(state.steps)) {
    if (attempt === 0 || sent === null || instance.endsWith(UNDO)) continue
    const step = liveAt({runbook, ledger: {state: () => state}}, instance)
    if (!step) throw refused(instance, 'was begun and is not in it')
    if (step.kind !== kind) throw refused(instance, `was begun as \`${kind}\` and is \`${step.kind}\` there`)
    if (step.kind === 'uses' && actions.get(step.uses)?.id !== uses) throw refused(instance, `was begun as ${uses} and is ${step.uses} there`)
  }
}
