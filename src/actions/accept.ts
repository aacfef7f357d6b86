import type {Draft} from '../incident/events.ts'
import type {Decision} from '../incident/intentions.ts'
import {Fault} from '../lib/fault.ts'

/** `decide` answers with a value; this is the one place where its refusal becomes a Fault. */
export function accept(decision: Decision): readonly Draft[] {
  if (decision.refused) throw new Fault(decision.code, decision.message, {hints: decision.hints})
  return decision.events
}
