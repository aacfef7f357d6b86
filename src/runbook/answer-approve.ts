import type {Draft} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {waitForApproval} from './answers.ts'
import {isEnough, othersOf} from './approve-step.ts'
import type {RunState} from './fold.ts'
import {isPartOf} from './identity.ts'
import {liveAt} from './place.ts'
import type {Runbook} from './runbook.ts'

export interface ApproveOptions {
  /** Any unique part of an instance; absent: the one step that waits for an approval. */
  readonly step?: string | undefined
  readonly by: string
  /** Roles `by` holds in the incident now. */
  readonly roles: readonly string[]
  readonly why?: string | undefined
}

/**
 * Another person's yes. The role is the one held at this moment; on one machine all of this is a record, not proof.
 * @throws Fault guard.refused (own step, no such role, nothing waits, approved already) · usage.ambiguous
 */
export function answerApprove(state: RunState, runbook: Runbook, {step, by, roles, why}: ApproveOptions): readonly Draft[] {
  const instance = meant(state, step)
  const {approve} = liveAt({runbook, ledger: {state: () => state}}, instance) ?? {approve: null}
  if (!approve) throw new Fault('guard.refused', `${instance} wants no approval`, {hints: ['scram status']})
  if (by === state.driver) {
    throw new Fault('guard.refused', `${by} drives this run: an approval is another person's`, {
      hints: [`SCRAM_ACTOR=NAME scram approve ${shellQuote(instance)}    # whoever else is there`],
    })
  }
  const role = approve.from.find(each => roles.includes(each)) ?? null
  if (approve.from.length > 0 && role === null) {
    throw new Fault('guard.refused', `${instance} wants an approval from ${approve.from.join(' or ')}; ${by} holds ${roles.join(', ') || 'no role'}`, {
      hints: approve.from.map(each => `scram assign ${each} --to ${shellQuote(by)}`),
    })
  }
  const given = state.approvals[instance] ?? []
  if (isEnough(given, approve, state.driver))
    throw new Fault('guard.refused', `${instance} has its approval: ${othersOf(given, state.driver).join(', ')}`, {hints: ['scram resume']})
  if (given.some(each => each.by === by)) throw new Fault('guard.refused', `${by} has approved ${instance} already`)
  return [{kind: 'decision.recorded', data: {run: state.run, step: instance, of: 'approve', value: {role}, by, ...(why !== undefined && {why})}}]
}

function meant(state: RunState, part: string | undefined): string {
  if (state.ended) throw new Fault('guard.refused', `run ${state.run} has ended: ${state.ended.outcome}`)
  const all = waitForApproval(state)
  const named = part === undefined ? all : all.filter(instance => isPartOf(part, instance))
  const [only, second] = named.includes(part ?? '') ? [part] : named
  if (only === undefined)
    throw new Fault(
      'guard.refused',
      part === undefined ? 'no step waits for an approval' : `${part} does not wait for an approval${all.length === 0 ? '' : `; what does: ${all.join(', ')}`}`,
      {hints: ['scram status']},
    )
  if (second !== undefined)
    throw new Fault('usage.ambiguous', `several steps wait for an approval: ${named.join(', ')}`, {
      hints: named.map(each => `scram approve ${shellQuote(each)}`),
    })
  return only
}
