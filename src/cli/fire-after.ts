import {fireDue} from '../actions/fire-due.ts'
import {describeEvent} from '../incident/describe.ts'
import {isAbort} from '../lib/fault.ts'
import type {OpenDesk} from './desk.ts'
import {narrate} from './stdout.ts'

/** A person waits for the prompt: what is left is due for the next command, or for `watch`. */
const MOST = 5
const LONGEST_MS = 3000

/** Does what is due behind a command that has its result. Whatever happens here, that command was done. */
export async function fireAfterCommand(desk: OpenDesk): Promise<void> {
  try {
    const {events, problems} = await fireDue(desk, {fillsSilence: false, most: MOST}, AbortSignal.timeout(LONGEST_MS))
    // Reminders of the board follow below: said once is enough.
    for (const event of events) if (event.kind !== 'timer.fired' || event.data.outcome === 'held') narrate(`! due now: ${describeEvent(event)}`)
    for (const problem of problems) narrate(`! ${problem}`)
  } catch (error) {
    if (!isAbort(error) && (error as Error).name !== 'TimeoutError')
      narrate(`! what is due could not be done: ${error instanceof Error ? error.message : String(error)}`)
  }
}
