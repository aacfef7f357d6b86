import {setTimeout as sleep} from 'node:timers/promises'
import {holdDrillPlace} from '../../src/drill/only-one.ts'

/** Longer than any test holds its drill: whoever waits for its turn gives this to its hook, with its own time on top. */
export const TURN_MS = 400_000

/** One drill at a time on this machine, and jest runs files beside each other. Answers with how to give the turn back. */
export async function drillTurn(): Promise<() => void> {
  for (;;) {
    try {
      return await holdDrillPlace('scram-test-drill-turn')
    } catch {
      await sleep(500)
    }
  }
}
