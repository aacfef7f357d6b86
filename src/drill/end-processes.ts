import type {Clock} from '../lib/clock.ts'
import {PARAMETERS} from './parameters.ts'
import {isAlive, type ProcessIdentity, signalProcess} from './process-identity.ts'

const LOOK_EVERY_MS = 20

/**
 * Ends processes, one after the other: SIGTERM, one second, SIGKILL, one second. Each by pid together with its start
 * time, never by name. Those that have ended already are fine, so twice is once.
 * @throws Error (a bug) when one outlives SIGKILL: nothing of a drill may be left behind unnoticed
 */
export async function endProcesses(identities: readonly ProcessIdentity[], clock: Pick<Clock, 'sleep' | 'ticks'>): Promise<void> {
  for (const identity of identities) {
    signalProcess(identity, 'SIGTERM')
    if (await hasEnded(identity, clock)) continue
    signalProcess(identity, 'SIGKILL')
    if (!(await hasEnded(identity, clock))) throw new Error(`process ${identity.pid} of the drill does not end`)
  }
}

async function hasEnded(identity: ProcessIdentity, clock: Pick<Clock, 'sleep' | 'ticks'>): Promise<boolean> {
  const until = clock.ticks() + PARAMETERS.stopMs
  while (isAlive(identity)) {
    if (clock.ticks() >= until) return false
    await clock.sleep(LOOK_EVERY_MS)
  }
  return true
}
