import type {Board} from '../incident/board-state.ts'
import {describeEvent} from '../incident/describe.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {Desk} from './desk.ts'
import {propose} from './record-intention.ts'
import {verifyRod} from './verify-rod.ts'

/**
 * Rods that two journals moved without knowing of each other, noticed after an import: no clock tells which move was
 * later, so that is recorded (`rod.drifted`, the rod is taken to be in), and then the probe is asked and decides. What
 * cannot be asked from here is left to a person, who is told.
 */
export async function settleRivals(desk: Desk, {rods}: Board, signal: AbortSignal): Promise<void> {
  const rivals = Object.values(rods).filter(rod => rod.rivals.length > 0)
  await Promise.all(
    rivals.map(async ({rod, incident}) => {
      const {events} = await propose(desk, incident, {intend: 'note-rivals', rod})
      for (const event of events) desk.narrate(`! ${describeEvent(event)}`)
      try {
        const {outcome} = await verifyRod(desk, rod, signal)
        desk.narrate(`  asked: ${describeEvent(outcome)}`)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        desk.narrate(`  taken to be in, and could not be asked from here: ${error.message}; scram rod verify ${shellQuote(rod)}`)
      }
    }),
  )
}
