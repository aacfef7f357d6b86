import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {Desk} from './desk.ts'
import {insertRod} from './insert-rod.ts'
import {verifyRod} from './verify-rod.ts'
import type {WithdrawnRod, WithdrawRod, WithdrawTask} from './withdraw-rod.ts'

/**
 * `withdraw.via`: the other rod goes fully in before this one comes out. Reading it back suffices, for this one masks it.
 * @throws Fault guard.refused: it is not in, so nothing of this rod moves
 */
export async function takeOver(desk: Desk, other: string, {rod, input}: WithdrawTask, signal: AbortSignal): Promise<void> {
  const {fullyIn} = await (await desk.rods()).get(other)
  const state = (await (await desk.journal()).fold(boardProjection)).rods[other]
  if (state?.status === 'inserted' && state.verified === fullyIn) return
  desk.narrate(`${rod.id}: ${other} takes over`)
  const {outcome} = await insertRod(
    desk,
    {rod: other, why: `takes over from ${rod.id}${input.why ? `: ${input.why}` : ''}`, overrides: ['cooldown'], onFact: input.onFact},
    signal,
  )
  const {kind, data} = outcome
  const readsIn = data.targets.length > 0 && data.targets.every(({readBack}) => readBack?.position === fullyIn)
  if (kind === 'rod.inserted' || (kind === 'rod.unverified' && readsIn)) return
  throw new Fault('guard.refused', `${rod.id} comes out by way of ${other}, and ${other} did not go in: ${data.reason ?? kind}. ${rod.id} was not moved`, {
    hints: [`scram rod verify ${shellQuote(other)}`, `scram out ${shellQuote(rod.id)}`],
  })
}

/** The other rod goes out by its own steps; then nothing stands before this one's probe, and it is asked once more. */
export async function settleHandOver(
  desk: Desk,
  other: string,
  handed: WithdrawnRod,
  {why, onFact, onProgress}: WithdrawRod,
  withdraw: (desk: Desk, input: WithdrawRod, signal: AbortSignal) => Promise<WithdrawnRod>,
  signal: AbortSignal,
): Promise<WithdrawnRod> {
  const {rod} = handed
  const out = await withdraw(
    desk,
    {rod: other, why: `took over from ${rod.id}${why ? `: ${why}` : ''}`, overrides: ['cooldown'], isHandOver: true, onFact, onProgress},
    signal,
  )
  const stepBacks = handed.stepBacks + out.stepBacks
  if (out.held || out.outcome.kind !== 'rod.withdrawn') return {...out, stepBacks}
  if (handed.outcome.kind === 'rod.withdrawn') return {...handed, stepBacks}
  return {...(await verifyRod(desk, rod.id, signal)), held: null, stepBacks}
}
