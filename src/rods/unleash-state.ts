import {z} from 'zod'
import type {Json} from '../lib/canonical.ts'

/** What Unleash says about a flag in one environment, as far as a rod cares. */

const strategy = z.object({
  // Part of an address later: nothing that is not an id gets in.
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  name: z.string(),
  disabled: z.boolean().nullish(),
  constraints: z.array(z.unknown()).nullish(),
  segments: z.array(z.unknown()).nullish(),
  parameters: z.object({rollout: z.union([z.string(), z.number()]).optional()}).nullish(),
})
const environment = z.object({enabled: z.boolean(), strategies: z.array(strategy).max(1000)})
const feature = z.object({archived: z.boolean().nullish()})

type Strategy = z.output<typeof strategy>
export type FlagState = z.output<typeof environment>

/** Null: this is not what Unleash answers. */
export function flagState(document: Json): FlagState | null {
  return environment.safeParse(document).data ?? null
}

/** Of the flag itself, over all environments. */
export function isArchived(document: Json): boolean | null {
  const told = feature.safeParse(document).data
  return told ? told.archived === true : null
}

export const enabledStrategies = ({strategies}: FlagState): readonly Strategy[] => strategies.filter(({disabled}) => disabled !== true)

/** The one strategy whose rollout decides for everybody, or null: with a second one, a constraint or a segment none does. */
export function onlyRollout(state: FlagState): {readonly id: string; readonly rollout: number | null} | null {
  const [one, ...others] = enabledStrategies(state)
  if (!one || others.length > 0 || one.name !== 'flexibleRollout' || (one.constraints ?? []).length > 0 || (one.segments ?? []).length > 0) return null
  return {id: one.id, rollout: wholeShare(String(one.parameters?.rollout ?? ''))}
}

/** The server takes "150" and keeps it. */
function wholeShare(text: string): number | null {
  return /^(?:0|[1-9]\d?|100)$/.test(text) ? Number(text) : null
}

/** On with every strategy disabled is on for nobody, whatever `enabled` says: null. */
export function isOn(state: FlagState): boolean | null {
  if (!state.enabled) return false
  return state.strategies.length > 0 && enabledStrategies(state).length === 0 ? null : true
}

/** The share of users who get the flag, 0 to 100; null where no single rollout decides. */
export function sharedWith(state: FlagState): number | null {
  return state.enabled ? (onlyRollout(state)?.rollout ?? null) : 0
}

/** For evidence: one line, nothing of the other side's texts. */
export function described(state: FlagState): string {
  const only = onlyRollout(state)
  const rollout = only ? `, rollout ${only.rollout ?? 'is no share'}` : ''
  return `enabled is ${state.enabled}, ${enabledStrategies(state).length} of ${state.strategies.length} strategies enabled${rollout}`
}
