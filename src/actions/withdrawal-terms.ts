import {maybeIn, type RodState} from '../incident/board-state.ts'
import type {RodTerms} from '../incident/intentions.ts'
import type {Rod} from '../rods/rod.ts'

/** Of the first move of a withdrawal: the rod's rules, and that nobody moved it since the lease was taken. */
export function firstTerms(
  rod: Rod,
  {take, expired}: {readonly take?: boolean | undefined; readonly expired?: boolean | undefined},
  began: RodState | undefined,
): RodTerms {
  return {rules: rod.rules, take: take === true, expired: expired === true, ...(began?.intent && {after: began.intent})}
}

/** Past the time at which its target lets go by itself: to be asked about, not moved. While a move is open, that one tells. */
export function shouldHaveLetGo(state: RodState, now: number): boolean {
  const isOpen = state.status === 'inserting' || state.status === 'withdrawing'
  return state.isNativeTtl && !isOpen && maybeIn(state) && state.expiresAt !== null && Date.parse(state.expiresAt) <= now
}

/** Past its expiry and in. One that was held, drifted or is unknown waits for a person: asking by the clock would be a loop. */
export function isDueForRelease(state: RodState | undefined, now: number): boolean {
  return state?.status === 'inserted' && state.expiresAt !== null && Date.parse(state.expiresAt) <= now
}
